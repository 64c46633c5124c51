"""A worker's own statements, and its children's, are outside of any transaction of its caller."""

from django.core.management.base import CommandError
from django.db import connections

from jobs.wake import database


def refuse_open_transaction(command: str) -> None:
    if connections[database()].in_atomic_block:
        raise CommandError(
            f"{command} cannot run inside a transaction: its processes would not see what is not "
            "committed. In a test use TransactionTestCase or pytest.mark.django_db("
            f'transaction=True); there call_command("{command}", ...) works, and exits.'
        )
