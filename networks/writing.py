"""How the tables of the networks are written: by one at a time, with numbers used once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from networks.models import Revision
from networks.models.placed import Placed

# Any number that nothing else in the database takes as an advisory lock.
WRITERS = 5_203_118
# Never back: the number of what was deleted may still be known elsewhere.
MOVE_ON = """
SELECT setval(numbers::regclass, greatest(%s, pg_sequence_last_value(numbers::regclass)))
FROM pg_get_serial_sequence(%s, 'id_fcu') AS numbers
"""


@contextmanager
def one_writer() -> Iterator[None]:
    """A transaction that waits for the others that load or apply, for whoever changes networks.

    What follows from several tables, such as has_pdp, can thus not be computed from half of them,
    and who compares addresses with the networks learns that they are others now.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
        Revision.raise_it()
        yield


def move_numbers_beyond(model: type[Placed], number: int) -> None:
    """Let the numbers that the database gives begin after this one."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ON, [number, model._meta.db_table])
