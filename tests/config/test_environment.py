"""Every wrong value of the environment stops the start, by name, and tells no secret."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment, read_environment

SERVER = "postgres://anne:swordfish@db.example/jobs"


@pytest.fixture
def environment(monkeypatch):
    """The environment with nothing but these of our variables."""
    for name in Environment.model_fields:
        monkeypatch.delenv(name, raising=False)
    return lambda **values: [monkeypatch.setenv(*pair) for pair in values.items()]


def test_without_any_variable_it_works_on_a_laptop(environment):
    environment()

    found = read_environment()

    assert (found.DATABASE_URL, found.DEBUG, found.LOG_LEVEL) == ("", False, "INFO")
    assert found.ALLOWED_HOSTS == ["localhost", "127.0.0.1", "[::1]"]


def test_an_empty_variable_is_as_good_as_none(environment):
    environment(JOBS_HEARTBEAT_SECONDS="", DEBUG="", DATABASE_URL="")

    assert read_environment().JOBS_HEARTBEAT_SECONDS == 4


def test_values_are_typed(environment):
    environment(
        DATABASE_URL=SERVER,
        SECRET_KEY="long and random",
        ALLOWED_HOSTS="a.example, b.example",
        JOBS_ALIVE_FOR_SECONDS="1.5",
        JOBS_NOTIFY="off",
    )

    found = read_environment()

    assert (found.DATABASE_URL, found.SECRET_KEY) == (SERVER, "long and random")
    assert found.ALLOWED_HOSTS == ["a.example", "b.example"]
    assert (found.JOBS_ALIVE_FOR_SECONDS, found.JOBS_NOTIFY) == (1.5, False)


def test_airtable_is_asked_for_nothing_unless_it_is_configured(environment):
    environment()

    found = read_environment()

    assert (found.AIRTABLE_API_KEY, found.AIRTABLE_BASE) == ("", "")
    assert (found.AIRTABLE_URL, found.AIRTABLE_FUSE_PERCENT) == ("https://api.airtable.com", 20)


def test_airtable_is_taken_as_it_is_configured(environment):
    environment(
        AIRTABLE_API_KEY="patOne.two",
        AIRTABLE_BASE="appOne",
        AIRTABLE_URL="http://127.0.0.1:8080/",
        AIRTABLE_FUSE_PERCENT="0",
    )

    found = read_environment()

    assert (found.AIRTABLE_API_KEY, found.AIRTABLE_BASE) == ("patOne.two", "appOne")
    assert (found.AIRTABLE_URL, found.AIRTABLE_FUSE_PERCENT) == ("http://127.0.0.1:8080", 0)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_names_of_postgresql_are_known(environment, scheme):
    environment(DATABASE_URL=f"{scheme}://db.example/jobs", SECRET_KEY="long and random")

    assert f"{scheme}://db.example/jobs" == read_environment().DATABASE_URL


NOT_A_NUMBER = "Input should be a valid number, unable to parse string as a number"
NOT_A_BOOLEAN = "Input should be a valid boolean, unable to interpret input"
NOT_POSTGRESQL = "it must begin with postgres:// or postgresql://"
NO_BLANKS = "it may have no blanks and only ASCII characters"
BARE = "it must be a scheme and a host only, such as https://api.airtable.com"
NO_BASE = "it must be the id of a base, which begins with app"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("JOBS_HEARTBEAT_SECONDS", "abc", f"='abc' is not usable: {NOT_A_NUMBER}."),
        ("JOBS_ALIVE_FOR_SECONDS", "abc", f"='abc' is not usable: {NOT_A_NUMBER}."),
        ("JOBS_KILL_AFTER_SECONDS", "abc", f"='abc' is not usable: {NOT_A_NUMBER}."),
        (
            "JOBS_HEARTBEAT_SECONDS",
            "0",
            "='0' is not usable: Input should be greater than 0.",
        ),
        (
            "JOBS_ALIVE_FOR_SECONDS",
            "-1",
            "='-1' is not usable: Input should be greater than 0.",
        ),
        ("JOBS_NOTIFY", "maybe", f"='maybe' is not usable: {NOT_A_BOOLEAN}."),
        ("DEBUG", "maybe", f"='maybe' is not usable: {NOT_A_BOOLEAN}."),
        (
            "LOG_LEVEL",
            "loud",
            "='loud' is not usable: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'.",
        ),
        (
            "DATABASE_URL",
            "mysql://anne:swordfish@db.example/jobs",
            f" is not usable: {NOT_POSTGRESQL}.",
        ),
        ("DATABASE_URL", "anne:swordfish@db.example", f" is not usable: {NOT_POSTGRESQL}."),
        ("DATABASE_URL", "postgres://anne:swordfish@[db/x", f" is not usable: {NOT_POSTGRESQL}."),
        ("DATABASE_URL", "postgres://db.example:many/x", f" is not usable: {NOT_POSTGRESQL}."),
        (
            "DATABASE_LISTEN_URL",
            "redis://anne:swordfish@db.example",
            f" is not usable: {NOT_POSTGRESQL}.",
        ),
        # Neither a key nor an address is repeated.
        ("AIRTABLE_API_KEY", "pat one.two", f" is not usable: {NO_BLANKS}."),
        ("AIRTABLE_API_KEY", "patone.two\n", f" is not usable: {NO_BLANKS}."),
        ("AIRTABLE_API_KEY", "pat“one.two”", f" is not usable: {NO_BLANKS}."),
        ("AIRTABLE_BASE", "tblSomething", f"='tblSomething' is not usable: {NO_BASE}."),
        ("AIRTABLE_BASE", "app/tbl", f"='app/tbl' is not usable: {NO_BASE}."),
        (
            "AIRTABLE_URL",
            "anne:swordfish@airtable.example",
            f" is not usable: {BARE}.",
        ),
        ("AIRTABLE_URL", "https://anne:swordfish@airtable.example", f" is not usable: {BARE}."),
        ("AIRTABLE_URL", "https://api.airtable.com/v0", f" is not usable: {BARE}."),
        ("AIRTABLE_URL", "https://api.airtable.com?x=1", f" is not usable: {BARE}."),
        ("AIRTABLE_URL", "http://", f" is not usable: {BARE}."),
        (
            "AIRTABLE_URL",
            "http://api.airtable.com",
            " is not usable: it must begin with https://, or the key would be sent in clear.",
        ),
        (
            "AIRTABLE_REQUESTS_PER_SECOND",
            "5",
            "='5' is not usable: Input should be less than or equal to 4.5.",
        ),
        (
            "AIRTABLE_TIMEOUT_SECONDS",
            "0",
            "='0' is not usable: Input should be greater than 0.",
        ),
        (
            "AIRTABLE_PATIENCE_SECONDS",
            "-1",
            "='-1' is not usable: Input should be greater than or equal to 0.",
        ),
        (
            "AIRTABLE_FUSE_PERCENT",
            "101",
            "='101' is not usable: Input should be less than or equal to 100.",
        ),
        (
            "AIRTABLE_FUSE_PERCENT",
            "20 %",
            f"='20 %' is not usable: {NOT_A_NUMBER}.",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_name(environment, name, value, message):
    environment(**{name: value})

    with pytest.raises(ImproperlyConfigured) as refusal:
        read_environment()

    assert str(refusal.value) == name + message


def test_all_wrong_values_are_named_at_once(environment):
    environment(DEBUG="maybe", JOBS_NOTIFY="perhaps")

    with pytest.raises(ImproperlyConfigured) as refusal:
        read_environment()

    assert str(refusal.value) == (
        f"DEBUG='maybe' is not usable: {NOT_A_BOOLEAN}."
        f" JOBS_NOTIFY='perhaps' is not usable: {NOT_A_BOOLEAN}."
    )


def test_a_real_database_wants_a_real_secret(environment):
    environment(DATABASE_URL=SERVER)

    with pytest.raises(ImproperlyConfigured) as refusal:
        read_environment()

    assert str(refusal.value) == (
        "SECRET_KEY must be set when DATABASE_URL is; or set DEBUG=1 if this is a laptop after all."
    )


def test_a_laptop_may_have_a_database_without_a_secret(environment):
    environment(DATABASE_URL=SERVER, DEBUG="1")

    assert read_environment().DEBUG


def test_a_refusal_leads_back_to_nothing_that_tells_the_secret(environment):
    environment(
        DATABASE_URL=SERVER.replace("postgres", "mysql"),
        SECRET_KEY="swordfish",
        AIRTABLE_API_KEY="pat swordfish",
    )

    with pytest.raises(ImproperlyConfigured) as refusal:
        read_environment()

    assert "swordfish" not in str(refusal.value)
    assert refusal.value.__suppress_context__
