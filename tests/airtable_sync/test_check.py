"""`manage.py airtable_check`: what it finds of the settings, the key and the base."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command

from airtable_sync import checking
from airtable_sync.checking import findings
from airtable_sync.client import Airtable
from airtable_sync.finding import Finding
from airtable_sync.tables import TABLES
from services.clock import VirtualClock
from standins.airtable import AirtableStandin

pytestmark = pytest.mark.django_db

HEAT, COLD, FUTURE = (table.title for table in TABLES.all())
TOKENS = "https://airtable.com/create/tokens"
A_TOKEN = (
    f"a personal access token, made at {TOKENS} for the base and with the scopes "
    "data.records:read, data.records:write, schema.bases:read."
)
A_BASE = "the id of the base, which begins with app and stands in the address of its page."


@pytest.fixture(autouse=True)
def in_no_time(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "Airtable", partial(Airtable, clock=clock))


def found() -> list[Finding]:
    return list(findings(told=print))


def to_mend() -> list[tuple[str, str]]:
    return [(finding.what, finding.mend) for finding in found() if not finding.is_right]


def test_all_is_right(standin: AirtableStandin) -> None:
    assert found() == [
        Finding("AIRTABLE_API_KEY and AIRTABLE_BASE are set."),
        Finding("Airtable knows the key."),
        Finding(f"The key may write to the base {standin.base}."),
        Finding("FCU - Réseaux de chaleur: all of its 77 columns are right."),
        Finding("FCU - Réseaux de froid: all of its 30 columns are right."),
        Finding("FCU - Futurs réseaux de chaleur: all of its 11 columns are right."),
    ]


def test_three_requests_are_enough(standin: AirtableStandin) -> None:
    found()

    assert (standin.counters.reads, standin.counters.writes) == (3, 0)


def test_settings_that_are_missing_are_named(settings: Any) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": "", "base": ""}

    assert found() == [
        Finding("AIRTABLE_API_KEY is not set.", f"Set it to {A_TOKEN}"),
        Finding("AIRTABLE_BASE is not set.", f"Set it to {A_BASE}"),
    ]


def test_a_setting_that_is_there_is_not_asked_for(settings: Any) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": "patMadeUp", "base": ""}

    assert found() == [
        Finding("AIRTABLE_API_KEY is set."),
        Finding("AIRTABLE_BASE is not set.", f"Set it to {A_BASE}"),
    ]


def test_a_key_that_airtable_does_not_know(standin: AirtableStandin, settings: Any) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": "patRevoked"}

    assert to_mend() == [
        (
            "Airtable does not take the key (status 401, AUTHENTICATION_REQUIRED).",
            f"Set AIRTABLE_API_KEY to {A_TOKEN}",
        )
    ]


def test_a_base_that_the_key_is_not_for(standin: AirtableStandin) -> None:
    standin.grant(None)

    assert to_mend() == [
        (
            f"The key is not for the base {standin.base}.",
            f"Add the base to the key at {TOKENS}, or set AIRTABLE_BASE to {A_BASE}",
        )
    ]


@pytest.mark.parametrize("permission", ["read", "comment"])
def test_a_base_that_may_only_be_read(permission: Any, standin: AirtableStandin) -> None:
    standin.grant(permission)

    assert to_mend() == [
        (
            f"The key may not write to the base {standin.base}: its permission is {permission}.",
            "Let the owner of the base make the user whose key it is an editor.",
        )
    ]


def test_an_editor_may_write(standin: AirtableStandin) -> None:
    standin.grant("edit")

    assert to_mend() == []


@pytest.mark.parametrize(
    ("scope", "consequence"),
    [
        ("data.records:read", "nothing can be compared"),
        ("data.records:write", "nothing can be sent"),
        ("schema.bases:read", "the types of the columns cannot be checked"),
    ],
)
def test_a_scope_that_is_missing(scope: str, consequence: str, standin: AirtableStandin) -> None:
    standin.scopes = set(standin.scopes) - {scope}

    assert to_mend() == [
        (f"The key has not the scope {scope}, so {consequence}.", f"Add it at {TOKENS}.")
    ]


def test_a_scope_is_missed_where_airtable_says_none(
    standin: AirtableStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin.scopes = set(standin.scopes) - {"schema.bases:read"}
    monkeypatch.setattr(Airtable, "whoami", lambda airtable: {"id": "usrMadeUp"})

    ((what, _),) = to_mend()

    assert what.startswith("The key has not the scope schema.bases:read, so the types")


def test_columns_that_are_missing_are_found_without_that_scope_too(
    standin: AirtableStandin,
) -> None:
    standin.scopes = set(standin.scopes) - {"schema.bases:read"}
    standin.table(HEAT).remove_field("PM")

    assert to_mend()[1:] == [(f"{HEAT} has no column 'PM'.", "Give 'PM' back its name, or add it.")]


def test_all_that_is_wrong_is_said_at_once(standin: AirtableStandin) -> None:
    standin.grant("read")
    standin.table(HEAT).remove_field("PM")
    standin.table(HEAT).field("nb_pdl").type = "url"
    standin.table(COLD).name = "Archive"

    assert len(to_mend()) == 4


def test_an_airtable_that_cannot_be_reached(standin: AirtableStandin, settings: Any) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"url": "http://127.0.0.1:9", "patience": timedelta(0)}

    ((what, mend),) = to_mend()

    assert what.startswith("Airtable did not answer within 0 s (1 attempt): it could not be")
    assert mend == (
        "See whether http://127.0.0.1:9 is right (AIRTABLE_URL) and can be reached from here."
    )


def test_the_command_says_what_is_right(standin: AirtableStandin, capsys: Any) -> None:
    call_command("airtable_check")

    assert capsys.readouterr().out.splitlines()[:2] == [
        "right  AIRTABLE_API_KEY and AIRTABLE_BASE are set.",
        "right  Airtable knows the key.",
    ]


def test_the_command_says_what_is_wrong(standin: AirtableStandin, capsys: Any) -> None:
    standin.table(HEAT).remove_field("PM")

    with pytest.raises(SystemExit) as end:
        call_command("airtable_check")

    assert end.value.code == 1
    assert capsys.readouterr().out.splitlines()[3:5] == [
        f"wrong  {HEAT} has no column 'PM'.",
        "       Give 'PM' back its name, or add it.",
    ]


@pytest.mark.parametrize("key", ["patRevoked.5d41402abc4b2a76b9719d911017c592", None])
def test_the_key_is_never_said(
    key: str | None, standin: AirtableStandin, settings: Any, capsys: Any
) -> None:
    secret = key or standin.key
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": secret}
    standin.grant("read")

    with pytest.raises(SystemExit):
        call_command("airtable_check")

    said = capsys.readouterr()
    assert secret not in said.out + said.err
    assert secret.split(".")[1] not in said.out + said.err
