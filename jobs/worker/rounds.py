"""What every worker says to the database again and again, idle or busy, one statement each."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from jobs import sql
from jobs.conf import conf
from jobs.models import queryset
from jobs.worker.turn import Choice, array, executed

BEFORE_ALL = UUID(int=0)


class Beaten(NamedTuple):
    """The answer to a heartbeat that came in time."""

    # Whether a worker has died, or a job was left unsettled.
    others_need_it: bool
    # Where the part ended that was looked at of what waits; None if it was the last one.
    swept: UUID | None
    # The leases of held jobs that were not known, by id.
    unknown: dict[str, int]
    # The held jobs that are to be cancelled.
    cancelled: set[str]


class Polled(NamedTuple):
    """What there is to do at this hour, and when the next one comes."""

    made: int  # jobs whose hour has come, which may be claimed from now on
    wait: float | None  # seconds; None if no job is for later
    claimable: bool  # whether any could be claimed even before


def beat(worker: int, *, known: Iterable[str] = (), past: UUID | None = None) -> Beaten | None:
    """Prolong the lease; None if it has lapsed, for then the jobs are somebody else's.

    `known` are the jobs the worker knows that it holds, `past` is where its last look ended.
    """
    known = set(known)
    parameters = {
        "worker": worker,
        "lease": conf().lease,
        "known": array(known),
        "past": past or BEFORE_ALL,
        "part": queryset.SWEPT,
    }
    rows = executed(sql.BEAT, parameters)
    if not rows:
        return None
    others_need_it, swept, *_ = rows[0]
    held = [(id, lease, cancelled) for _, _, id, lease, cancelled in rows if id is not None]
    return Beaten(
        others_need_it,
        swept,
        {id: lease for id, lease, _ in held if id not in known},
        {id for id, _, cancelled in held if cancelled},
    )


def poll(choice: Choice) -> Polled:
    """Let what is due be claimed, and tell whether there is anything to claim."""
    parameters = {"choice": choice.parameter, "batch": queryset.BATCH}
    [row] = executed(sql.POLL.format(claimable=choice.condition), parameters)
    return Polled(*row)
