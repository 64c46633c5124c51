"""What the supervisor and a child say to each other.

An order is a packet of its own, so that those not started can be taken back one by one. What the
child says is a JSON object a line; after a tab comes the result, which only the database reads.
"""

import json
import socket
from collections.abc import Iterator
from typing import Any

from jobs.outcome import Failure
from jobs.worker.attempt import Returned
from jobs.worker.held import Held

# Larger data is not sent: the child reads the row. An empty socket takes a packet of this size at
# once, so that the supervisor never waits for a child.
MOST_DATA = 50_000
LARGEST_PACKET = 1 << 18

Frame = dict[str, Any]


def encode(frame: Frame) -> bytes:
    return json.dumps(frame).encode() + b"\n"


class Lines:
    """Frames out of a stream, as they become complete."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream, self.rest = stream, b""
        self.ended = self.dry = False

    def read(self) -> list[Frame]:
        """The frames that one read completes.

        `ended` says that there will be no more, `dry` that there is nothing to read just now.
        """
        try:
            received = self.stream.recv(1 << 20)
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

    def drain(self) -> list[Frame]:
        """All frames that are there."""
        frames: list[Frame] = []
        self.dry = False
        while not self.ended and not self.dry:
            frames += self.read()
        return frames

    def __iter__(self) -> Iterator[Frame]:
        while not self.ended:
            yield from self.read()


def decoded(line: bytes) -> Frame:
    said, tab, result = line.partition(b"\t")
    frame: Frame = json.loads(said)
    return frame | {"result": result.decode()} if tab else frame


def order(held: Held, number: int) -> bytes:
    """Run this job; `number` counts the orders of one child."""
    facts = [number, held.id, held.lease, held.worker, held.type, held.attempts]
    head = json.dumps([*facts, held.user_id, held.entity_id]).encode()
    data = held.data.encode()
    return head + b"\n" + (data if len(data) <= MOST_DATA else b"")


def ordered(packet: bytes) -> tuple[int, Held]:
    """Without its data, if they are large."""
    head, _, data = packet.partition(b"\n")
    number, id, lease, worker, type, attempts, user_id, entity_id = json.loads(head)
    held = Held(id, lease, worker, type, attempts, data=data.decode())
    held.user_id, held.entity_id = user_id, entity_id
    return number, held


def number_of(packet: bytes) -> int:
    return int(packet[1 : packet.index(b",")])


def ended(number: int, how: Returned | Failure, **facts: Any) -> bytes:
    """How a job ended, as a line."""
    if isinstance(how, Returned):
        said = {"what": "returned", "number": number, "written": how.written} | facts
        line = json.dumps(said).encode()
        return line + (b"\t" + how.result.encode() if how.result is not None else b"") + b"\n"
    return encode(
        {"number": number}
        | how.as_json()
        | facts
        | {"what": "failed", "repeatable": how.repeatable}
    )


def failure(frame: Frame) -> Failure:
    return Failure(frame["kind"], frame["message"], frame["traceback"], frame["repeatable"])
