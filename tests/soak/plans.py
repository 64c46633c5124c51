"""What a soak may consist of: which jobs, which workers, and what happens to them how often."""

from typing import NamedTuple


class Plan(NamedTuple):
    per_second: dict[str, float]  # the kinds of jobs, by the names that Mix has for them
    slots: int  # of each worker
    between_faults: tuple[float, float]  # seconds
    faults: frozenset[str] | None = None  # of Faults, by name; None are all of them
    # Jobs of no length that come at once, right before a fault, and fill the workers' hands.
    burst: int = 0
    # Seconds that a job may take from its enqueueing to its end; None where long ones are meant to.
    longest: float | None = None


KILL_WORKER = "kill -9 of a worker"
PLANS = {
    "everything": Plan(
        per_second={
            "short": 4.0,
            "progress": 0.5,
            "long": 0.5,
            "atomic": 1.0,
            "failing": 0.5,
            "unique_key": 1.0,
            "after": 0.5,
        },
        slots=3,
        between_faults=(2.0, 4.0),
    ),
    "short": Plan(
        per_second={"short": 20.0},
        slots=2,
        between_faults=(20.0, 20.0),
        faults=frozenset({KILL_WORKER}),
        burst=5_000,
        longest=20.0,
    ),
}
