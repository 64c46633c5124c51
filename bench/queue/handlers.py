"""What the jobs of the benchmark do: nothing, rest for a millisecond, or say when they began."""

import time

from pydantic import BaseModel

from bench.queue.errand import stamp
from jobs.running import RunningJob


class Number(BaseModel):
    i: int


class Text(BaseModel):
    text: str


class Moment(BaseModel):
    at: float


def noop(job: RunningJob) -> dict[str, bool]:
    return {"ok": True}


def pause(job: RunningJob) -> None:
    time.sleep(0.001)


def stamp_it(job: RunningJob) -> None:
    stamp(job.data.at)
