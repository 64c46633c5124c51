"""The types of job, filled by each app in AppConfig.ready()."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError

from jobs.errors import AlreadyRegistered, InvalidPayload, UnknownJobType

if TYPE_CHECKING:
    from jobs.running import RunningJob

Handler = Callable[["RunningJob"], Mapping[str, Any] | BaseModel | None]


class NoPayload(BaseModel):
    """For types that need no data."""


@dataclass(frozen=True)
class Backoff:
    """How long a failed job waits: `first`, doubled at each failure, at most `most`, ± `jitter`."""

    first: timedelta = timedelta(seconds=10)
    most: timedelta = timedelta(hours=1)
    jitter: float = 0.2

    def after(self, failures: int, *, chance: float) -> timedelta:
        """The wait after so many failures; `chance` in 0…1 places it within the jitter."""
        # 2**30 times any first is beyond any most, and a larger power would overflow.
        wait = min(self.first * (1 << min(failures - 1, 30)), self.most)
        return wait * (1 + self.jitter * (2 * chance - 1))


@dataclass(frozen=True, kw_only=True)
class JobType:
    """One kind of work: who does it, what it takes and gives, how long and how often it may try."""

    name: str
    handler: Handler
    payload: type[BaseModel] = NoPayload
    result: type[BaseModel] | None = None
    label: "str | Promise" = ""
    timeout: timedelta = timedelta(minutes=5)
    max_attempts: int = 1
    # Exceptions worth another attempt; a timeout counts as jobs.stops.TimedOut.
    retry_on: tuple[type[BaseException], ...] = (BaseException,)
    backoff: Backoff = field(default_factory=Backoff)
    atomic: bool = False

    def __post_init__(self) -> None:
        if not timedelta(0) < self.timeout <= timedelta(days=7):
            raise ValueError(f"{self.name}: timeout is {self.timeout}; give 0 to 7 days.")
        if not 1 <= self.max_attempts <= 100:
            raise ValueError(f"{self.name}: max_attempts is {self.max_attempts}; give 1 to 100.")

    def validate(self, data: Mapping[str, Any] | str) -> BaseModel:
        """The payload, or its JSON, as its model; or InvalidPayload naming each wrong field."""
        # As model_validate and model_validate_json do, in half the time.
        validator: Any = self.payload.__pydantic_validator__
        check = validator.validate_json if isinstance(data, str) else validator.validate_python
        try:
            return check(data, extra="forbid")  # type: ignore[no-any-return]
        except ValidationError as error:
            raise InvalidPayload.of(self.name, error, self.payload.model_fields) from None


class JobTypes:
    """The registry: a mapping from name to JobType that refuses a name twice."""

    def __init__(self) -> None:
        self._types: dict[str, JobType] = {}

    def register(self, name: str, handler: Handler, **options: Any) -> JobType:
        """Let `handler` run the jobs of this type; options are the fields of JobType."""
        if other := self._types.get(name):
            raise AlreadyRegistered(name, handler, other.handler)
        self._types[name] = job_type = JobType(name=name, handler=handler, **options)
        return job_type

    def __getitem__(self, name: str) -> JobType:
        try:
            return self._types[name]
        except KeyError:
            raise UnknownJobType(name, self._types) from None

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def __iter__(self) -> Iterator[JobType]:
        return iter(sorted(self._types.values(), key=lambda job_type: job_type.name))

    def label(self, name: str) -> str:
        """What people call this type; its name if it has no label, or no handler any more."""
        return str((name in self and self[name].label) or name)

    def names(self) -> list[str]:
        return sorted(self._types)


job_types = JobTypes()
