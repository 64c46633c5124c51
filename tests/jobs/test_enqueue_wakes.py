from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from uuid_utils.compat import uuid7

from jobs.models import Job
from jobs.models.manager import NewJob
from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db(transaction=True)
AN_HOUR = timedelta(hours=1)


def test_without_a_transaction_one_round_trip_adds_the_job_and_wakes(heard):
    with CaptureQueriesContext(connection) as statements:
        job = Job.objects.enqueue("paint", {}, priority=7)

    assert len(statements) == 1
    assert heard() == ["work"]
    assert row(job) == {name: getattr(job, name) for name in row(job)}


def test_where_only_one_statement_may_be_sent_at_once_the_hint_is_another(heard, server_binding):
    with CaptureQueriesContext(connection) as statements:
        job = Job.objects.enqueue("paint", {})

    assert len(statements) == 2
    assert heard() == ["work"]
    assert Job.objects.get() == job


def test_a_job_is_there_though_the_hint_sent_with_it_fails(deaf_database):
    job = Job.objects.enqueue("paint", {})

    assert row(job) == {name: getattr(job, name) for name in row(job)}


def test_a_job_of_a_user_who_is_gone_is_not_added():
    nobody = get_user_model()(pk=uuid7())

    with pytest.raises(IntegrityError):
        Job.objects.enqueue("paint", {}, user=nobody)

    assert not Job.objects.exists()


def test_a_statement_that_fails_leaves_the_connection_usable(session):
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
    session.execute("LOCK TABLE jobs")

    with pytest.raises(OperationalError, match="lock timeout"):
        Job.objects.enqueue("paint", {})

    session.commit()
    assert Job.objects.enqueue("paint", {}) == Job.objects.get()
    connection.close()


def test_an_enqueue_rolled_back_leaves_nothing_and_wakes_nobody(heard):
    with transaction.atomic():
        Job.objects.enqueue("paint", {})
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert heard() == []


def test_nobody_is_woken_before_the_commit(heard):
    with transaction.atomic():
        Job.objects.enqueue("paint", {})

        assert heard() == []
    assert heard() == ["work"]


def test_one_transaction_wakes_once(heard):
    with transaction.atomic():
        for _ in range(3):
            Job.objects.enqueue("paint", {})

    assert heard() == ["work"]


def test_a_job_for_later_wakes_nobody(heard):
    Job.objects.enqueue("paint", {}, run_at=timezone.now() + AN_HOUR)

    assert heard() == []


def test_one_brought_forward_wakes(heard):
    Job.objects.enqueue("paint", unique_key="wall", run_at=timezone.now() + AN_HOUR)

    Job.objects.enqueue("paint", unique_key="wall")

    assert heard() == ["work"]


def test_nobody_is_woken_when_notifications_are_off(heard, settings):
    settings.JOBS = settings.JOBS | {"notify": False}

    Job.objects.enqueue("paint", {})

    assert heard() == []


def test_a_hint_that_cannot_be_sent_does_not_hide_that_the_job_is_there(session):
    with transaction.atomic():
        transaction.on_commit(lambda: session.execute(END_SESSION, my_session()))
        job = Job.objects.enqueue("paint", {})
    connection.close()

    assert Job.objects.filter(pk=job.pk).exists()


@pytest.mark.usefixtures("no_autocommit")
def test_with_autocommit_off_a_job_is_there_and_wakes_once_it_is_committed(heard):
    (job,) = Job.objects.enqueue_many([NewJob(type="paint")])
    again = Job.objects.enqueue("paint")

    assert heard() == []
    transaction.commit()
    assert heard() == ["work"]
    assert list(Job.objects.order_by("id")) == [job, again]


@pytest.mark.usefixtures("no_autocommit")
def test_with_autocommit_off_a_block_of_its_own_changes_nothing(heard):
    with transaction.atomic():
        Job.objects.enqueue("paint")

    assert heard() == []
    transaction.commit()
    assert heard() == ["work"]


@pytest.mark.usefixtures("no_autocommit")
def test_with_autocommit_off_a_job_rolled_back_wakes_nobody(heard):
    Job.objects.enqueue("paint")

    transaction.rollback()

    assert not Job.objects.exists()
    assert heard() == []


def test_with_autocommit_off_a_job_may_wait_for_one_that_has_finished(finished, no_autocommit):
    child = Job.objects.enqueue("paint", after=finished)

    assert row(child)["blocked_by"] is None


@pytest.fixture(params=["by the project", "by hand"])
def no_autocommit(request):
    connection.close()
    connection.settings_dict["AUTOCOMMIT"] = request.param != "by the project"
    connection.ensure_connection()
    if request.param == "by hand":
        transaction.set_autocommit(False)
    yield
    transaction.rollback()
    connection.close()
    connection.settings_dict["AUTOCOMMIT"] = True


@pytest.fixture
def server_binding():
    """Django's option by which psycopg sends one statement at a time."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = options | {"server_side_binding": True}
    yield
    connection.close()
    connection.settings_dict["OPTIONS"] = options


@pytest.fixture
def deaf_database():
    """As a database whose queue of notifications is full."""
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        cursor.execute("SET search_path = public, pg_catalog")
        yield
        cursor.execute("SET search_path = DEFAULT")
        cursor.execute("DROP FUNCTION public.pg_notify(text, text)")


FULL = """
CREATE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE 'too many notifications in the NOTIFY queue' USING ERRCODE = '54000';
END
$$
"""
END_SESSION = "SELECT pg_terminate_backend(%s, 5000)"


def my_session() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
