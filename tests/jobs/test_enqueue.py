from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from jobs.errors import InvalidPayload, NotStorable, TooLarge, UnknownJobType
from jobs.models import Job
from jobs.registry import job_types
from tests.jobs.conftest import Paint
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)


def test_a_new_job_waits_with_its_type_and_data():
    job = Job.objects.enqueue("paint", {"colour": "blue", "coats": 2})

    job.refresh_from_db()
    assert (job.type, job.status, job.data) == ("paint", "pending", {"colour": "blue", "coats": 2})


def test_a_new_job_has_run_never_and_may_run_now():
    job = Job.objects.enqueue("paint", {})

    job.refresh_from_db()
    assert (job.lease, job.attempts, job.crashes, job.priority, job.due) == (0, 0, 0, 0, True)
    assert (job.worker_id, job.started_at, job.finished_at) == (None, None, None)
    assert (job.result, job.error, job.errors, job.progress) == (None, None, [], None)


def test_the_returned_job_is_the_row():
    job = Job.objects.enqueue("paint", {}, priority=7)

    assert Job.objects.get() == job
    assert row(job) == {name: getattr(job, name) for name in row(job)}


def test_an_entity_may_be_given_as_text():
    entity = UUID(int=1)

    assert Job.objects.enqueue("paint", {}, entity_id=str(entity)).entity_id == entity


def test_an_id_tells_when_it_was_made():
    first, second = Job.objects.enqueue("paint", {}), Job.objects.enqueue("paint", {})

    assert first.pk.version == 7
    assert first.pk < second.pk


def test_a_job_remembers_who_asked_for_it_and_about_what():
    user = get_user_model().objects.create_user("anne")
    entity = UUID(int=1)

    job = Job.objects.enqueue("paint", {}, user=user, entity_id=entity)

    assert (job.user, job.entity_id) == (user, entity)


def test_a_job_outlives_its_user():
    user = get_user_model().objects.create_user("anne")
    job = Job.objects.enqueue("paint", {}, user=user)

    user.delete()

    job.refresh_from_db()
    assert job.user is None


def test_defaults_of_the_payload_are_stored():
    job = Job.objects.enqueue("paint", {"coats": 3})

    assert job.data == {"colour": "red", "coats": 3}


def test_a_payload_may_be_given_as_its_model():
    job = Job.objects.enqueue("paint", Paint(colour="green"))

    assert job.data == {"colour": "green", "coats": 1}


def test_the_most_attempts_are_those_of_the_type(register):
    register("stubborn", max_attempts=5)

    assert Job.objects.enqueue("stubborn", {}).max_attempts == 5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"size": 1}, "paint: size: unknown field; this type takes colour, coats."),
        (
            {"coats": "many"},
            "paint: coats: Input should be a valid integer, unable to parse string as an integer,"
            " given 'many'.",
        ),
        ({"colour": None}, "paint: colour: Input should be a valid string, given None."),
        (
            {"colour": 1, "size": 2},
            "paint: colour: Input should be a valid string, given 1;"
            " size: unknown field; this type takes colour, coats.",
        ),
    ],
)
def test_data_that_does_not_fit_is_refused_with_the_name_of_the_field(data, message):
    with pytest.raises(InvalidPayload) as refusal:
        Job.objects.enqueue("paint", data)

    assert str(refusal.value) == message
    assert not Job.objects.exists()


def test_a_missing_field_is_named(register):
    class Address(Paint):
        street: str

    register("visit", payload=Address)

    with pytest.raises(InvalidPayload) as refusal:
        Job.objects.enqueue("visit", {})

    assert str(refusal.value) == "visit: street: missing."
    assert refusal.value.fields == {"street": "missing"}


def test_a_type_without_payload_takes_no_field(register):
    register("ring")

    with pytest.raises(InvalidPayload) as refusal:
        Job.objects.enqueue("ring", {"loud": True})

    assert str(refusal.value) == "ring: loud: unknown field; this type takes no field at all."


def test_data_that_is_no_mapping_is_refused():
    with pytest.raises(InvalidPayload) as refusal:
        Job.objects.enqueue("paint", [1])

    assert str(refusal.value) == (
        "paint: data: Input should be a valid dictionary or instance of Paint, given [1]."
    )


def test_an_unknown_type_is_refused_with_the_known_ones():
    with pytest.raises(UnknownJobType) as refusal:
        Job.objects.enqueue("dance", {})

    known = ", ".join(job_types.names())
    assert str(refusal.value) == f"No handler for job type 'dance'. Registered: {known}."


def test_data_over_the_limit_is_refused():
    size = 1_000_000 + len('{"colour": "", "coats": 1}')

    with pytest.raises(TooLarge) as refusal:
        Job.objects.enqueue("paint", {"colour": "x" * 1_000_000})

    assert str(refusal.value) == (
        f"paint: data is {size:,} bytes of JSON; the limit is 1,000,000."
        " Keep large content in a table of its own and pass its id."
    )


def test_data_with_a_nul_is_refused():
    with pytest.raises(NotStorable) as refusal:
        Job.objects.enqueue("paint", {"colour": "a\x00b"})

    assert str(refusal.value) == (
        "paint: data cannot be stored as JSON: it contains a NUL character."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"priority": 101}, "paint: priority is 101; give -100 to 100."),
        ({"priority": -101}, "paint: priority is -101; give -100 to 100."),
        (
            {"unique_key": "k" * 201},
            f"paint: unique_key is '{'k' * 49}; give at most 200 characters, none of them NUL.",
        ),
        (
            {"unique_key": "a\x00b"},
            "paint: unique_key is 'a\\x00b'; give at most 200 characters, none of them NUL.",
        ),
        (
            {"run_at": datetime(2030, 1, 1)},
            "paint: run_at is 2030-01-01 00:00:00; give it a time zone.",
        ),
    ],
)
def test_an_option_out_of_range_is_refused(options, message):
    with pytest.raises(ValueError) as refusal:
        Job.objects.enqueue("paint", {}, **options)

    assert str(refusal.value) == message


@pytest.mark.parametrize("priority", [-100, 100])
def test_the_ends_of_the_priorities_are_allowed(priority):
    assert Job.objects.enqueue("paint", {}, priority=priority).priority == priority


def test_the_longest_key_is_allowed():
    assert Job.objects.enqueue("paint", {}, unique_key="k" * 200).unique_key == "k" * 200


def test_a_job_for_later_is_not_due():
    hour = timezone.now() + AN_HOUR

    job = Job.objects.enqueue("paint", {}, run_at=hour)

    assert (job.run_at, job.due, job.status) == (hour, False, "pending")


def test_a_job_for_an_hour_gone_by_is_due():
    assert Job.objects.enqueue("paint", {}, run_at=datetime(2020, 1, 1, tzinfo=UTC)).due
