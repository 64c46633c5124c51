"""How claims end whose jobs did not finish, many in one statement: put back, or in error."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from jobs import sql
from jobs.models.schema import MOST_CRASHES
from jobs.outcome import CANCELLED, Failure

ERRORS_KEPT = 10
# What sql.END knows; it says what each of them means.
How = Literal["release", "wait", "lost", "crash", "again", "fail"]
STATEMENT = sql.END.format(most_crashes=MOST_CRASHES, kept=ERRORS_KEPT - 2)


class Ending(NamedTuple):
    """What is to become of one claim. The job is named by its id and by the claim of it."""

    id: str
    lease: int
    worker: int
    how: How
    failure: Failure | None = None
    # Seconds until it is due again, for `wait` and `again`.
    wait: float = 0

    @property
    def entry(self) -> str | None:
        """What is kept of it in the job's `errors`, as JSON."""
        return None if self.failure is None else json.dumps(self.failure.as_entry())

    def weight(self) -> int:
        """How many bytes the failure has, nearly: what a statement has to carry."""
        if (failure := self.failure) is None:
            return 0
        return len(failure.message) + len(failure.traceback) + sum(map(len, failure.log))


class Ended(NamedTuple):
    """What the database says about some endings. Of those it does not name nothing was written."""

    # By the id of the job: whether it went back, was superseded, was cancelled or failed.
    ways: dict[str, str]
    # Those in error that other jobs wait for.
    awaited: list[str]
    # Whether any of those that went back may be claimed now.
    frees: bool
    # Those that have a waiting twin, and that others wait for: nothing was written of them, either.
    met: list[str]

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]]) -> "Ended":
        """Read the answer out of the rows that sql.END returns."""
        rows = list(rows)
        written = [row for row in rows if row[1] != "met"]
        return cls(
            {id: way for id, way, *_ in written},
            [id for id, _, awaited, _ in written if awaited],
            any(frees for *_, frees in written),
            [id for id, way, *_ in rows if way == "met"],
        )


def parameters(endings: Iterable[Ending]) -> Mapping[str, Any]:
    """The parameters of STATEMENT, as lists."""
    endings = list(endings)
    return {
        "ids": [ending.id for ending in endings],
        "leases": [ending.lease for ending in endings],
        "workers": [ending.worker for ending in endings],
        "hows": [ending.how for ending in endings],
        "entries": [ending.entry for ending in endings],
        "waits": [ending.wait for ending in endings],
        "cancelled": json.dumps(CANCELLED.as_json()),
    }
