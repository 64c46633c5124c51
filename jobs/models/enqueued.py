"""What enqueue_many gives back: many jobs, of which few are ever looked at."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, SupportsIndex, overload
from uuid import UUID

from jobs.models.new_job import Row

if TYPE_CHECKING:
    from jobs.models import Job

# What the table gives a new job by itself, but for the moment.
DEFAULTS = {
    "status": "pending",
    "result": None,
    "worker_id": None,
    "lease": 0,
    "started_at": None,
    "finished_at": None,
    "attempts": 0,
    "crashes": 0,
    "progress": None,
    "cancel_requested_at": None,
    "error": None,
}


class Enqueued(Sequence["Job"]):
    """A list of jobs, each made from its row when it is first asked for."""

    def __init__(self, jobs: "Iterable[Job | Row]", model: "type[Job]", using: str) -> None:
        self._jobs = list(jobs)
        self._model, self._using = model, using

    @overload
    def __getitem__(self, index: SupportsIndex) -> "Job": ...

    @overload
    def __getitem__(self, index: slice) -> "list[Job]": ...

    def __getitem__(self, index: SupportsIndex | slice) -> "Job | list[Job]":
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        job = self._jobs[index]
        if isinstance(job, Row):
            job = self._jobs[index] = made(job, self._model, self._using)
        return job

    def __len__(self) -> int:
        return len(self._jobs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list | Enqueued) and list(self) == list(other)

    def __add__(self, other: "Iterable[Job]") -> "list[Job]":
        return [*self, *other]

    def __radd__(self, other: "Iterable[Job]") -> "list[Job]":
        return [*other, *self]

    def __repr__(self) -> str:
        return repr(list(self))


def made(row: Row, model: "type[Job]", using: str, at: datetime | None = None) -> "Job":
    """The job of a row that was inserted at this moment.

    Where the moment is not known, Django reads it from the table when it is asked for.
    """
    known = DEFAULTS | row._asdict() | {"id": UUID(row.id), "data": json.loads(row.data)}
    known["errors"] = []
    if at is not None:
        known |= {"created_at": at, "updated_at": at, "run_at": row.run_at or at}
    elif row.run_at is None:
        del known["run_at"]
    names = [field.attname for field in model._meta.concrete_fields if field.attname in known]
    return model.from_db(using, names, [known[name] for name in names])
