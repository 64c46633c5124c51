"""The hint that there is work: a NOTIFY after the commit, one per transaction.

Correctness never rests on it; a worker that hears nothing looks at the table every few seconds.
"""

from collections.abc import Callable
from contextlib import suppress

from django.db import Error, connections, router, transaction

from jobs.conf import conf

CHANNEL = "jobs"
HINT = f"SELECT pg_notify('{CHANNEL}', 'work')"


def wake(what: str = "work") -> None:
    """Tell the workers, once the current transaction is committed, that there is this to do."""
    if not conf().notify:
        return
    using = database()
    call = CALLS[what]
    # Once is enough, however many jobs this transaction enqueues.
    if not any(entry[1] is call for entry in connections[using].run_on_commit):
        after_commit(call, using)


def after_commit(act: Callable[[], object], using: str) -> None:
    """Do this once the current transaction is committed, or at once where Django cannot tell when.

    It cannot where autocommit is off: only its own transactions have an end that it sees. Then the
    act is part of the caller's transaction, as a NOTIFY may be: PostgreSQL keeps it until then.
    """
    connection = connections[using]
    # Django turns autocommit off within its own transactions, too, and on again after them.
    if connection.get_autocommit() or (connection.in_atomic_block and connection.commit_on_exit):
        transaction.on_commit(act, using=using)
    else:
        act()


def database() -> str:
    from jobs.models import Job

    return router.db_for_write(Job)


def notify_work() -> None:
    notify("work")


def notify_cancel() -> None:
    notify("cancel")


def notify(payload: str) -> None:
    # The caller's transaction is committed; a hint that is lost must not look as if it were not.
    with suppress(Error), connections[database()].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


CALLS = {"work": notify_work, "cancel": notify_cancel}
