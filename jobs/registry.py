"""The types of job, filled by each app in AppConfig.ready()."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from pydantic import BaseModel, ValidationError

from jobs.backoff import Backoff
from jobs.content import TO_BE_READ, stored
from jobs.errors import (
    AlreadyRegistered,
    InvalidPayload,
    UnknownJobType,
    UnknownOption,
    UnusableModel,
)
from jobs.options import as_tuple, check_options
from jobs.payload import differences, is_whole, losses, moments_of, read_names, unfit

if TYPE_CHECKING:
    from jobs.running import RunningJob

__all__ = ["Backoff", "Handler", "JobType", "JobTypes", "NoPayload", "job_types"]

Handler = Callable[["RunningJob"], Mapping[str, Any] | BaseModel | None]


class NoPayload(BaseModel):
    """No data, for types that need none."""


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
        check_options(
            self.name, {option.name: getattr(self, option.name) for option in fields(self)}
        )
        if reasons := [*losses(self.payload), *unfit(self.result)]:
            raise UnusableModel(self.name, reasons)

    def validate(self, data: Mapping[str, Any] | str) -> BaseModel:
        """The payload, or its JSON, as its model; or InvalidPayload naming each wrong field."""
        try:
            return self._validator(data)(data, extra="forbid")
        except ValidationError as error:
            raise self._invalid(data, error) from None

    def stored(self, data: Mapping[str, Any] | BaseModel) -> str:
        """The payload as JSON that is read back as it was given.

        Otherwise InvalidPayload, NotStorable or TooLarge.
        """
        if isinstance(data, self.payload):
            given, certain = data, False  # it may have been changed since it was validated
        else:
            given = self.validate(as_mapping(data) if isinstance(data, BaseModel) else data)
            certain = self._returns(given)
        text = stored(f"{self.name}: data", given, TO_BE_READ)
        if not certain:
            self._compare(given, text)
        return text

    def _validator(self, data: Mapping[str, Any] | str) -> Callable[..., BaseModel]:
        # What model_validate and model_validate_json call, in half the time.
        validator = self.payload.__pydantic_validator__
        return validator.validate_json if isinstance(data, str) else validator.validate_python

    @cached_property
    def _returns(self) -> Callable[[BaseModel], bool]:
        """Tells without a look at what is stored whether it will be read back as it was given."""
        if (moments := moments_of(self.payload)) is None:
            return lambda given: False
        if not moments:
            return lambda given: True
        return lambda given: all(map(is_whole, map(given.__dict__.get, moments)))

    def _invalid(self, data: Mapping[str, Any] | str, error: ValidationError) -> InvalidPayload:
        with suppress(Exception):  # of code of the model, too
            self._validator(data)(data, extra="ignore")
            return InvalidPayload.of(self.name, error, read_names(self.payload), only_unknown=True)
        return InvalidPayload.of(self.name, error, read_names(self.payload))

    def _compare(self, given: BaseModel, text: str) -> None:
        try:
            back = self.validate(text)
        except InvalidPayload as error:
            reasons = {name: f"{reason}, as stored" for name, reason in error.fields.items()}
            raise InvalidPayload(self.name, reasons) from None
        # Of the models themselves, it takes much longer.
        if back.__dict__ != given.__dict__ and (reasons := differences(given, back)):
            raise InvalidPayload(self.name, reasons)


def as_mapping(data: BaseModel) -> Mapping[str, Any]:
    """A model of another class, by its aliases."""
    return data.model_dump(by_alias=True, round_trip=True, warnings=False)


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
