"""What each option of `register` takes, checked before a worker could stumble over it."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils.functional import Promise
from pydantic import BaseModel

from jobs.backoff import Backoff
from jobs.content import printable
from jobs.errors import InvalidOption

LONGEST_NAME = 100
LONGEST_TIMEOUT = timedelta(days=7)


class Option(NamedTuple):
    takes: str
    fits: Callable[[Any], bool]


def check_options(name: Any, options: Mapping[str, Any]) -> None:
    """Raise InvalidOption for the first that is not what it takes."""
    for option, given in options.items():
        takes, fits = OPTIONS[option]
        if not fits(given):
            raise InvalidOption(name, option, given, takes)


def as_tuple(given: Any) -> Any:
    """One exception, or any iterable of them, as a tuple; anything else as it is."""
    if isinstance(given, type):
        return (given,)
    several = isinstance(given, Iterable) and not isinstance(given, str)
    return tuple(given) if several else given


def is_text(given: Any, longest: int) -> bool:
    """Whether a column of so many characters can hold it."""
    return isinstance(given, str) and len(given) <= longest and printable(given) == given


def is_handler(given: Any) -> bool:
    if not callable(given) or returns_later(given) or returns_later(given.__call__):
        return False
    try:
        signature = inspect.signature(given)
    except (TypeError, ValueError):  # some builtins have none
        return True
    try:
        signature.bind("the job")
    except TypeError:
        return False
    return True


def returns_later(given: Any) -> bool:
    """Whether to call it is not yet to run it."""
    kinds = inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction
    return any(is_one(given) for is_one in kinds)


def is_model(given: Any) -> bool:
    return isinstance(given, type) and issubclass(given, BaseModel) and given is not BaseModel


def is_timeout(given: Any) -> bool:
    return isinstance(given, timedelta) and timedelta(0) < given <= LONGEST_TIMEOUT


def are_exceptions(given: Any) -> bool:
    return isinstance(given, tuple) and all(
        isinstance(one, type) and issubclass(one, BaseException) for one in given
    )


OPTIONS = {
    "name": Option(
        f"a text of 1 to {LONGEST_NAME} characters, none of them NUL",
        lambda given: given != "" and is_text(given, LONGEST_NAME),
    ),
    "handler": Option("a function of one argument, the job; not async, no generator", is_handler),
    "payload": Option("a subclass of pydantic.BaseModel", is_model),
    "result": Option(
        "a subclass of pydantic.BaseModel, or None", lambda given: given is None or is_model(given)
    ),
    "label": Option("a text", lambda given: isinstance(given, str | Promise)),
    "timeout": Option("a timedelta of more than 0 and at most 7 days", is_timeout),
    # A bool is an int.
    "max_attempts": Option(
        "an int of 1 to 100", lambda given: type(given) is int and 1 <= given <= 100
    ),
    "retry_on": Option("an exception class, or several", are_exceptions),
    # Not a subclass: the worker itself asks it, and is to run nobody's code.
    "backoff": Option("a jobs.registry.Backoff", lambda given: type(given) is Backoff),
    "atomic": Option("True or False", lambda given: isinstance(given, bool)),
}
