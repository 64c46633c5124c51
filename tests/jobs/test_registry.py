from datetime import timedelta

import pytest

from jobs.errors import AlreadyRegistered, InvalidPayload, UnknownJobType
from jobs.registry import Backoff, JobType, JobTypes
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


def test_types_are_listed_by_name(types):
    types.register("song", sing)
    types.register("bell", ring)

    assert types.names() == ["bell", "song"]
    assert [job_type.name for job_type in types] == ["bell", "song"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timeout": timedelta(0)}, "bell: timeout is 0:00:00; give 0 to 7 days."),
        ({"timeout": timedelta(days=8)}, "bell: timeout is 8 days, 0:00:00; give 0 to 7 days."),
        ({"max_attempts": 0}, "bell: max_attempts is 0; give 1 to 100."),
        ({"max_attempts": 101}, "bell: max_attempts is 101; give 1 to 100."),
    ],
)
def test_an_option_out_of_range_is_refused_at_the_start(types, options, message):
    with pytest.raises(ValueError) as refusal:
        types.register("bell", ring, **options)

    assert str(refusal.value) == message
    assert "bell" not in types


def test_an_unknown_option_is_refused_at_the_start(types):
    with pytest.raises(TypeError, match="retries"):
        types.register("bell", ring, retries=3)


def test_a_payload_is_validated_into_its_model():
    paint = JobType(name="paint", handler=ring, payload=Paint)

    assert paint.validate({"coats": 2}) == Paint(coats=2)


def test_a_payload_refuses_unknown_fields_even_if_its_model_would_not():
    paint = JobType(name="paint", handler=ring, payload=Paint)

    with pytest.raises(InvalidPayload) as refusal:
        paint.validate({"size": 1})

    assert refusal.value.fields == {"size": "unknown field; this type takes colour, coats"}


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (100_000, 3600)],
)
def test_the_back_off_doubles_up_to_an_hour(failures, wait):
    assert Backoff().after(failures, chance=0.5) == timedelta(seconds=wait)


@pytest.mark.parametrize(("chance", "wait"), [(0, 8), (0.5, 10), (1, 12)])
def test_chance_moves_the_back_off_by_a_fifth_either_way(chance, wait):
    assert Backoff().after(1, chance=chance) == timedelta(seconds=wait)
