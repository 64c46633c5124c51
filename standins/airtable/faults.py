"""What a test wants to go wrong, and for which requests."""

import threading
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from standins.airtable.request import Request

Kind = Literal["status", "rate", "late", "reset", "cut", "malformed", "html", "stale", "echo"]
Only = Literal["read", "write", ""]
Body = Literal["json", "html"]


@dataclass(frozen=True)
class Fault:
    """One way to fail. Nothing is done by `status`, which answers with an error; `rate`, with 429
    and the penalty; `reset`, which drops the connection; `html`, which sends a page and status
    200; `stale`, by which a listing cannot go on; `echo`, whose error repeats the key.

    All is done by `late`, which is silent before it answers; `cut`, which ends the connection
    before or in the answer; `malformed`, which sends half of it as if it were all.
    """

    kind: Kind
    times: int | None = 1  # requests; None: until the faults are set anew
    only: Only = ""
    after: int = 0  # such requests that are let pass first
    # Of `status`.
    status: int = 500
    message: str = "Something is wrong."
    body: Body = "json"
    seconds: float = 0.5  # of `late`
    sent: int = 0  # of `cut`: bytes of the answer's body; 0: not even its head

    def __post_init__(self) -> None:
        for name, kind in (("kind", Kind), ("only", Only), ("body", Body)):
            if (value := getattr(self, name)) not in (known := get_args(kind)):
                raise ValueError(f"{name}: {value!r}; expected one of {', '.join(known)}.")

    def concerns(self, request: Request) -> bool:
        if self.only and self.only != ("read" if request.is_read else "write"):
            return False
        return self.kind != "stale" or request.resumes


class Faults:
    """Those that are still to come; of several that concern a request the first one is taken."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._lock = threading.Lock()

    def set(self, *faults: Fault) -> None:
        """From now on, instead of those that were set before."""
        with self._lock:
            self._waiting = [Waiting(fault, fault.after, fault.times) for fault in faults]

    def take(self, request: Request) -> Fault | None:
        with self._lock:
            concerned = [one for one in self._waiting if one.fault.concerns(request)]
            return next((one.fault for one in concerned if one.comes()), None)


@dataclass
class Waiting:
    fault: Fault
    after: int
    times: int | None

    def comes(self) -> bool:
        """Whether it is the turn of this fault, at one more request that it concerns."""
        if self.after:
            self.after -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


def faults_from(items: list[dict[str, Any]]) -> list[Fault]:
    """Raises ValueError naming what is not known."""
    known = {one.name for one in fields(Fault)}
    for item in items:
        if unknown := sorted(item.keys() - known):
            raise ValueError(f"Unknown: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    return [Fault(**item) for item in items]
