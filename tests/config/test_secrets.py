"""What a page or a command of Django's shows of the settings."""

import io
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory
from django.views.debug import technical_500_response

from config.environment import SECRETS, Environment

SECRET = "swordfish-9-times"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    """With a secret in every variable that may hold one."""
    for name in ("SECRET_KEY", "AIRTABLE_API_KEY", "EMAIL_HOST_PASSWORD"):
        monkeypatch.setenv(name, SECRET)
    for name in ("DATABASE_URL", "DATABASE_LISTEN_URL"):
        monkeypatch.setenv(name, f"postgres://anne:{SECRET}@localhost/jobs")
    return Environment()


def test_the_environment_shows_no_secret_when_it_is_printed(environment):
    assert SECRET not in repr(environment)


def test_every_secret_of_the_environment_is_hidden():
    shown = {name for name, field in Environment.model_fields.items() if field.repr}
    addresses = {"GEOCODER_URL", "SITE_URL", "AIRTABLE_URL"}

    assert {name for name in shown if any(word in name for word in SECRETS)} == addresses


def test_no_setting_holds_the_environment():
    assert not any(isinstance(getattr(settings, name, None), Environment) for name in dir(settings))


def test_the_page_of_an_error_shows_no_key(settings):
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": SECRET}
    settings.DEBUG = True
    try:
        raise RuntimeError
    except RuntimeError:
        page = technical_500_response(RequestFactory().get("/"), *sys.exc_info())

    assert SECRET not in page.content.decode()


def test_the_list_of_settings_has_no_environment():
    said = io.StringIO()

    call_command("diffsettings", stdout=said)

    assert "Environment(" not in said.getvalue()
