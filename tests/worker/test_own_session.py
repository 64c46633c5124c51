"""What a worker sets on its line for good, where the line is its own."""

from weakref import WeakSet

import pytest
from django.db import connection, transaction

from jobs.worker.line import bounded_statement, bounded_transaction, has_own_session, opened

pytestmark = pytest.mark.django_db
SETTINGS = """
SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),
       current_setting('plan_cache_mode'), current_setting('jit')
"""


def settings_now() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        return cursor.fetchone()


def test_a_line_to_the_server_itself_is_its_own():
    assert has_own_session()


def test_looking_sets_nothing():
    before = settings_now()

    has_own_session()

    assert settings_now() == before


def test_a_statement_of_a_worker_has_its_limits(monkeypatch):
    monkeypatch.setattr("jobs.worker.line.limited", WeakSet())

    # Rolled back at the end, and with it what was set.
    with transaction.atomic(), bounded_statement():
        assert settings_now() == ("3s", "150ms", "force_generic_plan", "off")


@pytest.mark.parametrize("own", [True, False], ids=["its own", "a pooler's"])
@pytest.mark.parametrize("bounded", [bounded_statement, bounded_transaction])
def test_no_plan_of_a_worker_is_compiled(monkeypatch, own, bounded):
    """It takes a hundred times as long as the statement."""
    monkeypatch.setattr("jobs.worker.line.has_own_session", lambda: own)

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = on")
        with bounded(), connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            assert cursor.fetchone() == ("off",)


def test_behind_a_pooler_a_statement_has_them_for_its_transaction_only(monkeypatch):
    monkeypatch.setattr("jobs.worker.line.has_own_session", lambda: False)

    with bounded_statement():
        assert settings_now() == ("3s", "150ms", "auto", "off")


@pytest.mark.django_db(transaction=True)
def test_what_opens_a_connection_of_the_worker_opens_no_other(monkeypatch):
    """A child is forked with Django's connections, and opens its own."""
    worker = {"application_name": "a worker"}
    monkeypatch.setattr("jobs.worker.line.located", lambda params: params | worker)
    connection.close()

    opened()

    assert connection.connection.info.get_parameters()["application_name"] == "a worker"
    assert connection.get_connection_params().get("application_name") != "a worker"
    connection.close()
