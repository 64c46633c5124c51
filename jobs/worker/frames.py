"""What the supervisor and a child say to each other.

An order is a packet of its own, so that those not started can be taken back one by one. What the
child says is a line: a JSON object, or, of a job that ended well, five fields with tabs between
them, the last of which is its result, which only the database reads.
"""

import json
import marshal
import socket
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from jobs.outcome import Failure, PutBack
from jobs.worker.attempt import Outcome, Returned
from jobs.worker.held import Held

# Larger data is not sent: the child reads the row. An empty socket takes a packet of this size at
# once, so that the supervisor never waits for a child.
MOST_DATA = 50_000
LARGEST_PACKET = 1 << 18
MOST_READ = 1 << 16  # bytes at once; what is longer is put together

Frame = dict[str, Any]


class Ended(NamedTuple):
    """A job has ended well; `written` if its own transaction has said so.

    `worn` says that its process does not take another.
    """

    number: int
    written: bool
    worn: bool
    seconds: float
    result: str | None


def encode(frame: Frame) -> bytes:
    return json.dumps(frame).encode() + b"\n"


class Lines:
    """Frames out of a stream, as they become complete."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream, self.rest = stream, b""
        self.ended = self.dry = False

    def read(self) -> list[Frame | Ended]:
        """The frames that one read completes.

        `ended` says that there will be no more, `dry` that there is nothing to read just now.
        """
        try:
            received = self.stream.recv(MOST_READ)
        except BlockingIOError:
            self.dry = True
            return []
        except ConnectionResetError:
            received = b""
        self.ended, self.dry = not received, False
        *lines, self.rest = (self.rest + received).split(b"\n")
        try:
            return [decoded(line) for line in lines]
        except ValueError:  # something else was written into it: nothing more can be understood
            self.ended, self.rest = True, b""
            return []

    def drain(self) -> list[Frame | Ended]:
        """All frames that are there."""
        frames: list[Frame | Ended] = []
        self.dry = False
        while not self.ended and not self.dry:
            frames += self.read()
        return frames

    def __iter__(self) -> Iterator[Frame | Ended]:
        while not self.ended:
            yield from self.read()


def decoded(line: bytes) -> Frame | Ended:
    if line.startswith(b"{"):
        frame: Frame = json.loads(line)
        return frame
    number, written, worn, seconds, result = line.decode().split("\t")
    return Ended(int(number), written == "1", worn == "1", float(seconds), result or None)


def order(held: Held, number: int, *, most_data: int = MOST_DATA) -> bytes:
    """Run this job; `number` counts the orders of one child."""
    data = (held.data or "").encode()
    # Both ends are one program: what is quickest will do.
    return marshal.dumps(
        (
            number,
            held.id,
            held.lease,
            held.worker,
            held.type,
            held.attempts,
            held.crashes,
            held.is_suspect,
            data if len(data) <= most_data else b"",
            held.user_id,
            held.entity_id,
        )
    )


def ordered(packet: bytes | memoryview) -> tuple[int, Held]:
    """Without its data, if they are large."""
    number, *facts, data, user, entity = loaded(packet)
    id, lease, worker, type, attempts, crashes, is_suspect = facts
    return number, Held(
        id, lease, worker, type, attempts, crashes, is_suspect, data.decode(), user, entity
    )


def number_of(packet: bytes) -> int:
    return int(loaded(packet)[0])


def loaded(packet: bytes | memoryview) -> Any:
    return marshal.loads(packet)  # noqa: S302 - it comes from the supervisor alone


def ended(
    number: int, how: Outcome, *, worn: bool, seconds: float, log: Iterable[str] = ()
) -> bytes:
    """How a job ended, as a line; `log` is what it said last, of interest only if it failed."""
    if isinstance(how, Returned):
        said = f"{number}\t{how.written:d}\t{worn:d}\t{seconds:.6f}\t{how.result or ''}\n"
        return said.encode()
    facts = {"number": number, "worn": worn, "seconds": seconds}
    if isinstance(how, PutBack):
        wait = {"wait": how.wait.total_seconds(), "reason": how.reason}
        return encode({"what": "put_back"} | wait | facts)
    more = {"wait": how.wait and how.wait.total_seconds(), "log": list(log)}
    more |= {"repeatable": how.repeatable, "by_sigterm": how.by_sigterm}
    return encode({"what": "failed"} | how.as_json() | more | facts)


def failure(frame: Frame) -> Failure:
    names = ("kind", "message", "traceback", "repeatable", "by_sigterm")
    wait = None if frame["wait"] is None else timedelta(seconds=frame["wait"])
    return Failure(**{name: frame[name] for name in names}, wait=wait, log=tuple(frame["log"]))


def put_back(frame: Frame) -> PutBack:
    return PutBack(timedelta(seconds=frame["wait"]), frame["reason"])
