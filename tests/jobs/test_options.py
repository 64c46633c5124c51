from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from jobs.backoff import Backoff
from jobs.errors import InvalidOption, UnknownOption
from jobs.options import OPTIONS
from jobs.registry import JobType, JobTypes
from tests.jobs.conftest import Paint

A_DAY = timedelta(days=1)


class Dry(Exception):
    """An exception of the tests."""


class Hasty(Backoff):
    """A back-off with code of its own."""


def ring(job):
    """A handler."""


async def ring_later(job):
    """Not one yet."""


def ring_thrice(job):
    yield from range(3)


class Bell:
    def __call__(self, job: Any) -> None:
        """A handler, too."""


class LaterBell:
    async def __call__(self, job: Any) -> None:
        """Not one yet."""


def refusal(name: Any = "bell", handler: Any = ring, **options: Any) -> str:
    types = JobTypes()
    with pytest.raises(InvalidOption) as refused:
        types.register(name, handler, **options)
    assert types.names() == []
    return str(refused.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timeout": 60}, "timeout is 60; give a timedelta of more than 0 and at most 7 days"),
        (
            {"timeout": timedelta(0)},
            "timeout is 0:00:00; give a timedelta of more than 0 and at most 7 days",
        ),
        (
            {"timeout": 8 * A_DAY},
            "timeout is 8 days, 0:00:00; give a timedelta of more than 0 and at most 7 days",
        ),
        ({"timeout": None}, "timeout is None; give a timedelta of more than 0 and at most 7 days"),
        ({"max_attempts": 0}, "max_attempts is 0; give an int of 1 to 100"),
        ({"max_attempts": 101}, "max_attempts is 101; give an int of 1 to 100"),
        ({"max_attempts": "3"}, "max_attempts is '3'; give an int of 1 to 100"),
        ({"max_attempts": True}, "max_attempts is True; give an int of 1 to 100"),
        ({"max_attempts": 1.5}, "max_attempts is 1.5; give an int of 1 to 100"),
        ({"backoff": A_DAY}, "backoff is 1 day, 0:00:00; give a jobs.registry.Backoff"),
        ({"backoff": Backoff}, f"backoff is {Backoff!r}; give a jobs.registry.Backoff"),
        (
            {"backoff": Hasty(jitter=0)},
            "backoff is Hasty(first=datetime.timedelta(seconds=10),"
            " most=datetime.timedelta(seconds=3600), jitter=0); give a jobs.registry.Backoff",
        ),
        ({"retry_on": "Dry"}, "retry_on is 'Dry'; give an exception class, or several"),
        ({"retry_on": [3]}, "retry_on is (3,); give an exception class, or several"),
        ({"retry_on": int}, "retry_on is (<class 'int'>,); give an exception class, or several"),
        ({"retry_on": None}, "retry_on is None; give an exception class, or several"),
        ({"payload": dict}, "payload is <class 'dict'>; give a subclass of pydantic.BaseModel"),
        ({"payload": None}, "payload is None; give a subclass of pydantic.BaseModel"),
        (
            {"payload": BaseModel},
            f"payload is {BaseModel!r}; give a subclass of pydantic.BaseModel",
        ),
        (
            {"payload": Paint()},
            "payload is Paint(colour='red', coats=1); give a subclass of pydantic.BaseModel",
        ),
        (
            {"result": dict},
            "result is <class 'dict'>; give a subclass of pydantic.BaseModel, or None",
        ),
        ({"label": 3}, "label is 3; give a text"),
        ({"label": None}, "label is None; give a text"),
        ({"atomic": "yes"}, "atomic is 'yes'; give True or False"),
        ({"atomic": 1}, "atomic is 1; give True or False"),
    ],
)
def test_an_option_that_is_not_what_it_takes_is_refused_by_name(options, message):
    assert refusal(**options) == f"bell: {message}."


@pytest.mark.parametrize(
    "handler",
    [
        None,
        "ring",
        ring_later,
        partial(ring_later),
        LaterBell(),
        ring_thrice,
        lambda: None,
        lambda job, more: None,
    ],
)
def test_a_handler_that_could_not_be_called_with_the_job_is_refused(handler):
    takes = "a function of one argument, the job; not async, no generator"

    assert refusal(handler=handler) == f"bell: handler is {handler!r:.100}; give {takes}."


@pytest.mark.parametrize("name", ["", "x" * 101, "a\x00b", None, 3, b"bell", ["bell"]])
def test_a_name_that_no_job_could_have_is_refused(name):
    takes = "a text of 1 to 100 characters, none of them NUL"

    assert refusal(name=name) == f"{name}: name is {name!r:.100}; give {takes}."


def test_an_unknown_option_is_refused_with_the_known_ones():
    with pytest.raises(UnknownOption) as refused:
        JobTypes().register("bell", ring, retries=3, payload=Paint)

    assert str(refused.value) == (
        "bell: unknown option retries; register takes payload, result, label, timeout,"
        " max_attempts, retry_on, backoff, atomic."
    )


@pytest.mark.parametrize("handler", [ring, Bell(), partial(ring), lambda *jobs: None, print])
def test_whatever_can_be_called_with_the_job_is_a_handler(handler):
    assert JobTypes().register("bell", handler).handler is handler


@pytest.mark.parametrize(
    ("retry_on", "kept"),
    [
        (Dry, (Dry,)),
        ([Dry, OSError], (Dry, OSError)),
        ((Dry,), (Dry,)),
        ({Dry}, (Dry,)),
        ((one for one in [Dry]), (Dry,)),
        ([], ()),
    ],
)
def test_exceptions_may_be_given_one_or_several_in_any_way(retry_on, kept):
    assert JobTypes().register("bell", ring, retry_on=retry_on).retry_on == kept


def test_a_label_may_be_translated_later():
    label = gettext_lazy("Bell")

    assert JobTypes().register("bell", ring, label=label).label is label


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.timedeltas(),
    st.datetimes(),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
    st.sampled_from([object(), dict, int, Dry, Dry(), Paint, Paint(), ring, ring_later, Backoff]),
)


@given(option=st.sampled_from([name for name in OPTIONS if name != "handler"]), value=ANYTHING)
def test_whatever_is_given_is_refused_by_name_or_works(option, value):
    bell, refusal = registered({"name": "bell", "max_attempts": 3} | {option: value})

    assert bell or f": {option} is " in refusal
    if bell:
        assert bell.validate({}) == bell.payload()
        assert isinstance(Dry(), bell.retry_on) in (True, False)
        assert timedelta(0) < bell.timeout <= 7 * A_DAY
        assert 1 <= bell.max_attempts <= 100


def registered(options: dict[str, Any]) -> tuple[JobType | None, str]:
    try:
        return JobTypes().register(options.pop("name"), ring, **options), ""
    except InvalidOption as refusal:
        return None, str(refusal)
