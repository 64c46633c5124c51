"""What `manage.py check` says of the settings and of what is declared."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.checks import run_checks

from airtable_sync.table import Column, TableSync, ours, theirs
from airtable_sync.tables import TABLES
from airtable_sync.values import FLAG, TEXT

COLD = TABLES["reseaux-de-froid"]


def found() -> list[tuple[str, str, str | None]]:
    """Of this app: id, message, hint."""
    messages = run_checks()
    return [(m.id, m.msg, m.hint) for m in messages if (m.id or "").startswith("airtable_sync.")]


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the cold networks have this column only."""

    def declare(column: Column) -> None:
        table: TableSync = replace(COLD, columns=(column,))
        monkeypatch.setitem(TABLES._tables, COLD.name, table)

    return declare


@pytest.mark.parametrize(("key", "base"), [("", ""), ("patMadeUp", "appMadeUp")])
def test_all_is_well_with_both_settings_or_with_neither(key: str, base: str, settings: Any) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": key, "base": base}

    assert found() == []


@pytest.mark.parametrize(
    ("key", "base", "missing"),
    [("patMadeUp", "", "AIRTABLE_BASE"), ("", "appMadeUp", "AIRTABLE_API_KEY")],
)
def test_one_setting_without_the_other_is_warned_of(
    key: str, base: str, missing: str, settings: Any
) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"api_key": key, "base": base}

    assert found() == [
        (
            "airtable_sync.W001",
            f"{missing} is not set, so nothing is synced with Airtable.",
            "Set AIRTABLE_API_KEY and AIRTABLE_BASE, or neither.",
        )
    ]


@pytest.mark.parametrize(
    "column",
    [
        ours("trace", "missing", FLAG),
        theirs("trace", "missing", TEXT),
        theirs("trace", "has_trace", FLAG),  # comes with the rows, and cannot be written
    ],
)
def test_a_column_without_a_field_is_an_error(column: Column, declare: Any) -> None:
    declare(column)

    assert found() == [
        (
            "airtable_sync.E001",
            f"The column 'trace' of reseaux-de-froid goes with the field {column.field!r}, which "
            "ColdNetwork does not have.",
            "Correct it where the table is declared, in airtable_sync/tables/.",
        )
    ]


def test_what_is_only_read_may_come_with_the_rows(declare: Any) -> None:
    declare(ours("trace", "has_trace", FLAG))

    assert found() == []
