"""A job as its holder knows it: no more than it needs to run it and to say how it ended."""

import json
from typing import Any
from uuid import UUID

from jobs.models import Job


class Held:
    """One claim. Its data stay as they came, since only the child reads them.

    They are None where they are large: the child asks for them. `is_suspect` says whether it may
    be what took its process, or its host, down.
    """

    __slots__ = (
        "attempts",
        "crashes",
        "data",
        "entity_id",
        "id",
        "is_suspect",
        "lease",
        "type",
        "user_id",
        "worker",
    )

    def __init__(
        self, id: str, lease: int, worker: int, type: str = "", attempts: int = 0, crashes: int = 0,
        is_suspect: bool = False, data: str | None = "{}", user_id: str | None = None,
        entity_id: str | None = None,
    ) -> None:  # fmt: skip
        self.id, self.lease, self.worker, self.type = id, lease, worker, type
        self.attempts, self.crashes = attempts, crashes
        self.is_suspect, self.data = is_suspect, data
        self.user_id, self.entity_id = user_id, entity_id

    def job(self) -> Job:
        """With the verbs, which write under the guard of this claim."""
        return Job(
            id=UUID(self.id),
            type=self.type,
            lease=self.lease,
            worker_id=self.worker,
            attempts=self.attempts,
            status=Job.Status.PROCESSING,
        )

    @property
    def name(self) -> str:
        """What its data call it, for people."""
        data: Any = json.loads(self.data or "{}")
        return str(data.get("name", "")) if isinstance(data, dict) else ""
