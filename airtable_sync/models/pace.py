"""When a base may be asked next, for all workers together."""

from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Now

# One statement, so that one worker alone has the moment: the others wait for the row, and then
# find that it has gone. The clock is the database's, unless a moment is given.
TAKE = """
INSERT INTO airtable_paces AS pace (base, next_at)
VALUES (%(base)s, coalesce(%(at)s, statement_timestamp()) + make_interval(secs => %(gap)s))
ON CONFLICT (base) DO UPDATE SET next_at = excluded.next_at
WHERE pace.next_at <= coalesce(%(at)s, statement_timestamp())
"""


class BasePace(models.Model):
    """One base. `at` is the moment it is now; None: the database knows."""

    base = models.TextField(primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        db_table = "airtable_paces"

    def __str__(self) -> str:
        return self.base

    @classmethod
    def take(cls, base: str, gap: float, *, at: datetime | None = None) -> bool:
        """Whether the moment had come, and was still there. The next comes `gap` seconds later.

        None is promised before it has come. So nobody holds one while others are told to hold
        off, and a worker that dies while it waits keeps nobody waiting.
        """
        # In a transaction of the caller the row would stay locked for all others.
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(TAKE, {"base": base, "gap": gap, "at": at})
            return bool(cursor.rowcount)

    @classmethod
    def seconds_left(cls, base: str, *, at: datetime | None = None) -> float:
        """Until the next moment comes, or less than 0 since it came."""
        left = cls.objects.annotate(left=F("next_at") - now(at)).values_list("left", flat=True)
        return float(left.get(base=base).total_seconds())

    @classmethod
    def hold_off(cls, base: str, seconds: float, *, at: datetime | None = None) -> None:
        """No moment comes for so long."""
        until = now(at) + timedelta(seconds=seconds)
        cls.objects.filter(base=base).update(next_at=Greatest("next_at", until))


def now(at: datetime | None) -> Now | Value:
    return Now() if at is None else Value(at)
