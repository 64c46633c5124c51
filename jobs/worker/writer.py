"""Writes how claims ended that did not finish, in parts that fit the time of a statement."""

import time
from collections.abc import Iterable

from django.db import DatabaseError, DataError, IntegrityError
from psycopg.errors import LockNotAvailable, QueryCanceled

from jobs.conf import conf
from jobs.models import Job
from jobs.models.ending import Ending
from jobs.models.queryset import BATCH
from jobs.worker.line import bounded_statement, bounded_transaction
from jobs.worker.portion import Portion, halves, pieces


class Writer:
    """One statement that takes too long, or of which one row is refused, is sent again in smaller
    parts, down to a single row, each with a commit of its own: nothing keeps all else from being
    written. What there is no time for is left to the next call.
    """

    def __init__(self) -> None:
        # Jobs that have ended, while others may wait for them.
        self.unsettled: set[str] = set()
        self.endings, self.settling = Portion(BATCH), Portion(BATCH)

    def end(self, endings: Iterable[Ending]) -> tuple[set[str], set[str]]:
        """Return the ids of the jobs that are written, and of those that were refused."""
        until, left = time_limit(), list(pieces(endings, Ending.weight, self.endings.rows))
        written: set[str] = set()
        refused: set[str] = set()
        while left and time.monotonic() < until:
            piece = left.pop(0)
            try:
                with bounded_statement():
                    ended = Job.objects.end_some(piece)
            except DatabaseError as error:
                raise_unless_for_some(error, self.endings, len(piece))
                left[:0] = halves(piece)
                refused |= {ending.id for ending in piece if len(piece) == 1}
                continue
            self.endings.was_in_time()
            self.unsettled.update(ended.awaited)
            written |= ended.ways.keys()
            refused |= {ending.id for ending in piece} - {*ended.ways, *ended.met}
            # One transaction each, so that what there is no time for is left to the next call.
            for id in ended.met:
                if time.monotonic() < until:
                    (written if self._gave_way(id, piece) else refused).add(id)
        return written, refused

    def _gave_way(self, id: str, piece: list[Ending]) -> bool:
        """Hand what waits for this job over to its twin, and end it, in one transaction."""
        try:
            with bounded_transaction():
                return bool(Job.objects.end(ending for ending in piece if ending.id == id))
        except DatabaseError as error:
            raise_unless_for_some(error, self.endings, 1)
            return False

    def settle(self) -> int:
        """Settle what waits for what has ended, as far as there is time; return how many."""
        until, count = time_limit(), 0
        while self.unsettled and time.monotonic() < until:
            try:
                with bounded_statement():
                    settled, self.unsettled = Job.objects.settle_some(
                        self.unsettled, batch=self.settling.rows
                    )
            except DatabaseError as error:
                if not has_too_many(error, self.settling, self.settling.rows):
                    raise
                continue
            self.settling.was_in_time()
            count += settled
        return count


def time_limit() -> float:
    """When, by time.monotonic(), no further statement is to begin: the loop has more to do."""
    return time.monotonic() + conf().statement.total_seconds() / 2


def raise_unless_for_some(error: DatabaseError, portion: Portion, rows: int) -> None:
    """Raise the error again if fewer rows would meet the same."""
    # A lock: a job waits for one that is being enqueued under its unique_key just now.
    is_of_a_row = isinstance(error, DataError | IntegrityError)
    is_of_one = is_of_a_row or isinstance(error.__cause__, LockNotAvailable)
    if not is_of_one and not has_too_many(error, portion, rows):
        raise error


def has_too_many(error: DatabaseError, portion: Portion, rows: int) -> bool:
    """Whether the statement was ended for its time, and fewer rows may keep within it."""
    return isinstance(error.__cause__, QueryCanceled) and portion.took_too_long(rows)
