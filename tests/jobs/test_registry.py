from datetime import timedelta

import pytest

from jobs.errors import AlreadyRegistered, InvalidPayload, UnknownJobType
from jobs.registry import JobType, JobTypes
from tests.jobs.conftest import Paint


def ring(job):
    """A handler."""


def sing(job):
    """Another."""


@pytest.fixture
def types():
    return JobTypes()


def test_a_registered_type_is_found_by_its_name(types):
    bell = types.register("bell", ring)

    assert types["bell"] is bell
    assert "bell" in types
    assert bell.handler is ring


def test_a_type_has_safe_defaults(types):
    bell = types.register("bell", ring)

    assert (bell.timeout, bell.max_attempts, bell.atomic) == (timedelta(minutes=5), 1, False)
    assert (bell.retry_on, bell.result) == ((BaseException,), None)


def test_a_name_is_registered_once(types):
    types.register("bell", ring)

    with pytest.raises(AlreadyRegistered) as refusal:
        types.register("bell", sing)

    assert str(refusal.value) == (
        "Job type 'bell' is handled by tests.jobs.test_registry.ring already;"
        " tests.jobs.test_registry.sing needs another name."
    )
    assert types["bell"].handler is ring


def test_an_unknown_name_is_answered_with_the_known_ones(types):
    types.register("song", sing)
    types.register("bell", ring)

    with pytest.raises(UnknownJobType) as refusal:
        types["gong"]

    assert str(refusal.value) == "No handler for job type 'gong'. Registered: bell, song."


def test_an_empty_registry_says_so(types):
    with pytest.raises(UnknownJobType) as refusal:
        types["gong"]

    assert str(refusal.value) == "No handler for job type 'gong'. Registered: none."


@pytest.mark.parametrize("name", [None, 3, ["bell"]])
def test_what_is_no_name_is_answered_as_an_unknown_one(types, name):
    with pytest.raises(UnknownJobType) as refusal:
        types[name]

    assert str(refusal.value) == f"No handler for job type {name!r}. Registered: none."


def test_types_are_listed_by_name(types):
    types.register("song", sing)
    types.register("bell", ring)

    assert types.names() == ["bell", "song"]
    assert [job_type.name for job_type in types] == ["bell", "song"]


def test_a_payload_is_validated_into_its_model():
    paint = JobType(name="paint", handler=ring, payload=Paint)

    assert paint.validate({"coats": 2}) == Paint(coats=2)


def test_a_payload_refuses_unknown_fields_even_if_its_model_would_not():
    paint = JobType(name="paint", handler=ring, payload=Paint)

    with pytest.raises(InvalidPayload) as refusal:
        paint.validate({"size": 1})

    assert refusal.value.fields == {"size": "unknown field; this type takes colour, coats"}
