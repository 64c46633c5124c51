"""What the supervisor and a child say to each other: one JSON object a line."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from jobs.models import Job
from jobs.outcome import Failure
from jobs.worker.attempt import Returned, held_job

# Larger data is not sent: the child reads the row. An empty socket takes a line of this size at
# once, so that the supervisor never waits for a child.
MOST_DATA = 50_000

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
            return [json.loads(line) for line in lines]
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


def order(job: Job, number: int) -> Frame:
    """Run this job; `number` counts the orders of one child."""
    frame: Frame = {
        "number": number,
        "id": str(job.pk),
        "lease": job.lease,
        "worker": job.worker_id,
        "type": job.type,
        "attempts": job.attempts,
        "user_id": job.user_id and str(job.user_id),
        "entity_id": job.entity_id and str(job.entity_id),
    }
    small = len(json.dumps(job.data)) <= MOST_DATA
    return frame | {"data": job.data} if small else frame


def ordered_job(frame: Frame) -> tuple[int, Job]:
    fields = dict(frame)
    number = fields.pop("number")
    job = held_job(**fields)
    # From text to the types of the columns.
    job.entity_id = job.entity_id and UUID(str(job.entity_id))
    job.user_id = get_user_model()._meta.pk.to_python(job.user_id)
    if "data" not in frame:
        job.data = Job.objects.values_list("data", flat=True).get(pk=job.pk)
    return number, job


def ended(number: int, how: Returned | Failure) -> Frame:
    frame: Frame = {"what": "returned", "number": number}
    if isinstance(how, Returned):
        return frame | {"result": how.result, "written": how.written}
    return frame | how.as_json() | {"what": "failed", "repeatable": how.repeatable}


def failure(frame: Frame) -> Failure:
    return Failure(frame["kind"], frame["message"], frame["traceback"], frame["repeatable"])
