from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from jobs.errors import (
    InvalidOption,
    InvalidPayload,
    NotStorable,
    TooLarge,
    UnknownJobType,
    UnknownOption,
)
from jobs.models import Job
from jobs.models.manager import NewJob
from jobs.registry import job_types
from tests.jobs.conftest import Paint
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
TRANSACTIONAL = pytest.mark.django_db(transaction=True)
AN_HOUR = timedelta(hours=1)


def test_a_new_job_waits_with_its_type_and_data():
    job = Job.objects.enqueue("paint", {"colour": "blue", "coats": 2})

    job.refresh_from_db()
    assert (job.type, job.status, job.data) == ("paint", "pending", {"colour": "blue", "coats": 2})


@TRANSACTIONAL
def test_a_job_may_be_enqueued_where_one_may_not_wait():
    job = async_to_sync(Job.objects.aenqueue)("paint", {"coats": 2}, priority=7)

    assert Job.objects.get() == job
    assert (job.data["coats"], job.priority) == (2, 7)


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


KEY = "a text of at most 200 characters, none of them NUL"
PRIORITY, RUN_AT = "an int of -100 to 100", "a datetime with a time zone"
SOMEBODY = "a user who is saved, or None"


@pytest.mark.parametrize(
    ("option", "value", "shown", "takes"),
    [
        ("priority", 101, "101", PRIORITY),
        ("priority", -101, "-101", PRIORITY),
        ("priority", "high", "'high'", PRIORITY),
        ("priority", True, "True", PRIORITY),
        ("priority", None, "None", PRIORITY),
        ("unique_key", "k" * 201, f"'{'k' * 99}", KEY),
        ("unique_key", "a\x00b", r"'a\x00b'", KEY),
        ("unique_key", "\ud800", r"'\ud800'", KEY),
        ("unique_key", None, "None", KEY),
        ("unique_key", 3, "3", KEY),
        ("run_at", datetime(2030, 1, 1), "2030-01-01 00:00:00", RUN_AT),
        ("run_at", AN_HOUR, "1:00:00", RUN_AT),
        ("run_at", "tomorrow", "'tomorrow'", RUN_AT),
        ("entity_id", str(UUID(int=1)), f"'{UUID(int=1)}'", "a UUID"),
        ("entity_id", 1, "1", "a UUID"),
        ("user", UUID(int=1), repr(UUID(int=1)), SOMEBODY),
        ("user", "anne", "'anne'", SOMEBODY),
        ("replace", "yes", "'yes'", "True or False"),
        ("replace", True, "True", "a unique_key with it"),
        ("after", UUID(int=1), repr(UUID(int=1)), "a job"),
    ],
)
def test_an_option_that_is_not_what_it_takes_is_refused_by_name(option, value, shown, takes):
    with pytest.raises(InvalidOption) as refusal:
        Job.objects.enqueue("paint", {}, **{option: value})

    assert str(refusal.value) == f"paint: {option} is {shown}; give {takes}."


def test_an_unknown_option_is_refused_with_the_known_ones():
    with pytest.raises(UnknownOption) as refusal:
        Job.objects.enqueue("paint", {}, delay=3)

    assert str(refusal.value) == (
        "paint: unknown option delay; enqueue takes user, entity_id, run_at, priority,"
        " unique_key, replace, after."
    )


def test_who_is_not_signed_in_is_nobody():
    assert Job.objects.enqueue("paint", {}, user=AnonymousUser()).user_id is None


def test_who_asks_may_be_looked_up_late():
    user = get_user_model().objects.create_user("anne")

    assert Job.objects.enqueue("paint", {}, user=SimpleLazyObject(lambda: user)).user_id == user.pk


def test_a_type_that_needs_no_data_is_enqueued_without(register):
    register("ring")

    assert Job.objects.enqueue("ring").data == {}
    assert Job.objects.enqueue("paint").data == {"colour": "red", "coats": 1}
    assert Job.objects.enqueue_many([NewJob(type="ring")])[0].data == {}


def test_a_type_that_needs_data_names_what_is_missing(register):
    class Address(Paint):
        street: str

    register("visit", payload=Address)

    with pytest.raises(InvalidPayload) as refusal:
        Job.objects.enqueue("visit")

    assert str(refusal.value) == "visit: street: missing."


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
