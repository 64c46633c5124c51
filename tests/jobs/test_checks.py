import pytest
from django.core.checks import run_checks
from django.db import connection, connections
from django.db.backends.base import base

LISTENING = {"listen_url": "postgres://direct/jobs"}


def found(**options):
    """What the checks of the jobs say: id, message, hint."""
    messages = run_checks(**options)
    return [(m.id, m.msg, m.hint) for m in messages if (m.id or "").startswith("jobs.")]


@pytest.fixture
def database(monkeypatch):
    """Change an entry of the database's description for one test."""
    return lambda key, value: monkeypatch.setitem(connections["default"].settings_dict, key, value)


def test_all_is_well():
    assert found() == []


@pytest.mark.django_db
def test_all_is_well_with_the_database():
    assert found(databases=["default"]) == []


def test_jobs_are_kept_in_postgresql_only(monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")

    assert found() == [
        (
            "jobs.E001",
            "The jobs are in the database 'default', which is sqlite.",
            "The queue needs PostgreSQL 14 or later: change DATABASES, or a database router.",
        )
    ]


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_too_old_is_named(monkeypatch):
    connection.ensure_connection()
    major, minor = divmod(connection.pg_version, 10_000)
    connection.close()
    monkeypatch.setattr(base, "RAN_DB_VERSION_CHECK", set())
    monkeypatch.setattr(connection.features, "minimum_database_version", (99,))

    assert found(databases=["default"]) == [
        (
            "jobs.E002",
            f"PostgreSQL 99 or later is required (found {major}.{minor}).",
            "Upgrade the server of the database 'default'.",
        )
    ]


@pytest.mark.parametrize(
    ("jobs", "message"),
    [
        ({"hartbeat": 1}, "JOBS.hartbeat: Extra inputs are not permitted, given 1."),
        (
            {"notify": "perhaps"},
            "JOBS.notify: Input should be a valid boolean, unable to interpret input,"
            " given 'perhaps'.",
        ),
        ({"listen_url": 5}, "JOBS.listen_url: Input should be a valid string."),
        (
            {"heartbeat": 10},
            "JOBS: alive_for is 12 s; it must be long enough for a heartbeat (10 s) and two"
            " statements (0 s each), and a fifth more.",
        ),
        (
            {"statement": 4},
            "JOBS: alive_for is 12 s; it must be long enough for a heartbeat (4 s) and two"
            " statements (4 s each), and a fifth more.",
        ),
    ],
)
def test_a_wrong_setting_is_named(settings, jobs, message):
    settings.JOBS = jobs

    assert found() == [
        (
            "jobs.E003",
            message,
            "JOBS takes heartbeat, alive_for, kill_after, child_max_jobs, child_max_memory_mb,"
            " statement, unknown_fields_wait, notify, listen_url; see jobs/conf.py.",
        )
    ]


def test_behind_a_pooler_connections_are_not_kept(settings, database):
    settings.JOBS = LISTENING
    database("DISABLE_SERVER_SIDE_CURSORS", True)
    database("CONN_MAX_AGE", 60)

    assert found() == [
        (
            "jobs.W001",
            "The database goes through a pooler, and CONN_MAX_AGE is 60.",
            "Set CONN_MAX_AGE to 0 in DATABASES, or unset DATABASE_LISTEN_URL if there is no"
            " pooler.",
        )
    ]


def test_behind_a_pooler_cursors_are_not_kept(settings, database):
    settings.JOBS = LISTENING
    database("DISABLE_SERVER_SIDE_CURSORS", False)

    assert found() == [
        (
            "jobs.W001",
            "The database goes through a pooler, and DISABLE_SERVER_SIDE_CURSORS is False.",
            "Set DISABLE_SERVER_SIDE_CURSORS to True in DATABASES, or unset DATABASE_LISTEN_URL if"
            " there is no pooler.",
        )
    ]


@pytest.mark.django_db
def test_behind_a_pooler_the_role_ends_what_the_dead_have_asked(settings, database):
    settings.JOBS = LISTENING
    database("DISABLE_SERVER_SIDE_CURSORS", True)

    assert found(databases=["default"]) == [
        (
            "jobs.W002",
            "A statement of a job that was killed would go on, and commit.",
            "Behind a pooler the role has to end it: ALTER ROLE … SET"
            " client_connection_check_interval = '500ms'.",
        )
    ]


@pytest.mark.django_db
def test_a_role_that_ends_them_is_fine(settings, database):
    settings.JOBS = LISTENING
    database("DISABLE_SERVER_SIDE_CURSORS", True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_connection_check_interval = '500ms'")

    assert found(databases=["default"]) == []
