"""What the jobs of the benchmark do: nothing, or say when they began."""

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


def stamp_it(job: RunningJob) -> None:
    stamp(job.data.at)
