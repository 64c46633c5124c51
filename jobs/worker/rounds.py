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

    # Seconds until the next of the others is believed dead, unless it beats before; None without
    # others.
    next_death: float | None

    @property
    def others_died(self) -> bool:
        return self.next_death is not None and self.next_death <= 0


class Looked(NamedTuple):
    """What a look at the jobs has found."""

    # Whether a job was left behind by a worker, or left unsettled.
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


def beat(worker: int, *, running: Iterable[str] = ()) -> Beaten | None:
    """Prolong the worker's life, and say what it runs; None if its time was over before."""
    parameters = {"worker": worker, "alive_for": conf().alive_for, "running": array(running)}
    rows = executed(sql.BEAT, parameters)
    return Beaten(*rows[0]) if rows else None


def look(worker: int, *, known: Iterable[str] = (), past: UUID | None = None) -> Looked:
    """Look at what is held and what waits.

    `known` are the jobs the worker knows that it holds, `past` is where its last look ended.
    """
    known = set(known)
    parameters = {
        "worker": worker,
        "known": array(known),
        "past": past or BEFORE_ALL,
        "part": queryset.SWEPT,
    }
    rows = executed(sql.LOOK, parameters)
    others_need_it, swept, *_ = rows[0]
    held = [(id, lease, cancelled) for _, _, id, lease, cancelled in rows if id is not None]
    return Looked(
        others_need_it,
        swept,
        {id: lease for id, lease, _ in held if id not in known},
        {id for id, _, cancelled in held if cancelled},
    )


def poll(choice: Choice) -> Polled:
    """Let what is due be claimed, and tell whether there is anything to claim."""
    claimable, parameters = choice.claimable()
    parameters |= {"batch": queryset.BATCH}
    [row] = executed(sql.POLL.format(claimable=claimable), parameters)
    return Polled(*row)
