"""The types of job, filled by each app in AppConfig.ready()."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError

from jobs.backoff import Backoff
from jobs.errors import AlreadyRegistered, InvalidPayload, UnknownJobType, UnknownOption
from jobs.options import as_tuple, check

if TYPE_CHECKING:
    from jobs.running import RunningJob

__all__ = ["Backoff", "Handler", "JobType", "JobTypes", "NoPayload", "job_types"]

Handler = Callable[["RunningJob"], Mapping[str, Any] | BaseModel | None]


class NoPayload(BaseModel):
    """For types that need no data."""


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
        object.__setattr__(self, "retry_on", as_tuple(self.retry_on))
        check(self.name, {option.name: getattr(self, option.name) for option in fields(self)})

    def validate(self, data: Mapping[str, Any] | str) -> BaseModel:
        """The payload, or its JSON, as its model; or InvalidPayload naming each wrong field."""
        # As model_validate and model_validate_json do, in half the time.
        validator: Any = self.payload.__pydantic_validator__
        check = validator.validate_json if isinstance(data, str) else validator.validate_python
        try:
            return check(data, extra="forbid")  # type: ignore[no-any-return]
        except ValidationError as error:
            raise InvalidPayload.of(self.name, error, self.payload.model_fields) from None


OPTIONS = [option.name for option in fields(JobType) if option.name not in ("name", "handler")]


class JobTypes:
    """The registry: a mapping from name to JobType that refuses a name twice."""

    def __init__(self) -> None:
        self._types: dict[str, JobType] = {}

    def register(self, name: str, handler: Handler, **options: Any) -> JobType:
        """Let `handler` run the jobs of this type; options are the fields of JobType."""
        if unknown := options.keys() - OPTIONS:
            raise UnknownOption("register", name, unknown, OPTIONS)
        job_type = JobType(name=name, handler=handler, **options)
        if other := self._types.get(name):
            raise AlreadyRegistered(name, handler, other.handler)
        self._types[name] = job_type
        return job_type

    def __getitem__(self, name: str) -> JobType:
        try:
            return self._types[name]
        except (KeyError, TypeError):  # the second, if it is no text at all
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
