"""`manage.py airtable_check`: what it finds of the tables and their columns."""

import pytest

from airtable_sync.checking_tables import check_tables, try_tables
from airtable_sync.client import Airtable
from airtable_sync.conf import conf
from airtable_sync.finding import Finding
from airtable_sync.tables import TABLES
from services.clock import VirtualClock
from standins.airtable import AirtableStandin

pytestmark = pytest.mark.django_db

HEAT, COLD, FUTURE = (table.title for table in TABLES.all())


@pytest.fixture
def airtable(standin: AirtableStandin, clock: VirtualClock) -> Airtable:
    return Airtable(conf(), clock=clock)


def to_mend(airtable: Airtable) -> list[tuple[str, str]]:
    found = check_tables(airtable.schema())
    return [(finding.what, finding.mend) for finding in found if not finding.is_right]


def test_a_table_that_was_renamed(airtable: Airtable, standin: AirtableStandin) -> None:
    standin.table(COLD).name = "FCU - Reseaux froid"

    assert to_mend(airtable) == [
        (
            f"The base has no table {COLD!r}.",
            f"Perhaps it is 'FCU - Reseaux froid' now: rename it to {COLD!r}.",
        )
    ]


def test_a_table_that_is_there_is_not_taken_for_another(
    airtable: Airtable, standin: AirtableStandin
) -> None:
    standin.table(COLD).name = "Archive"

    assert to_mend(airtable) == [
        (f"The base has no table {COLD!r}.", f"Give {COLD!r} back its name, or add it.")
    ]


def test_a_column_that_was_renamed(airtable: Airtable, standin: AirtableStandin) -> None:
    standin.table(HEAT).rename_field("contenu CO2", "Contenu CO2")

    assert to_mend(airtable) == [
        (
            f"{HEAT} has no column 'contenu CO2'.",
            "Perhaps it is 'Contenu CO2' now: rename it to 'contenu CO2'.",
        )
    ]


def test_a_column_that_is_there_is_not_taken_for_another(
    airtable: Airtable, standin: AirtableStandin
) -> None:
    standin.table(HEAT).remove_field("PM_L")

    assert to_mend(airtable) == [
        (f"{HEAT} has no column 'PM_L'.", "Give 'PM_L' back its name, or add it.")
    ]


def test_the_number_is_a_column_too(airtable: Airtable, standin: AirtableStandin) -> None:
    standin.table(FUTURE).remove_field("id_fcu")

    assert to_mend(airtable) == [
        (f"{FUTURE} has no column 'id_fcu'.", "Give 'id_fcu' back its name, or add it.")
    ]


@pytest.mark.parametrize(
    ("name", "type", "takes"),
    [
        ("nb_pdl", "singleLineText", "currency or number or percent"),
        ("has_trace", "number", "checkbox"),
        ("date_actualisation_trace", "dateTime", "date"),
        ("id_fcu", "currency", "number"),
        ("fichiers", "url", "multipleAttachments"),
    ],
)
def test_a_column_of_another_type(
    name: str, type: str, takes: str, airtable: Airtable, standin: AirtableStandin
) -> None:
    standin.table(COLD).field(name).type = type

    assert to_mend(airtable) == [
        (
            f"{COLD}: {name!r} is of the type {type}.",
            f"Change its type to {takes}; Airtable converts what is in it.",
        )
    ]


@pytest.mark.parametrize("name", ["has_trace", "reseaux classes"])
def test_a_column_that_cannot_be_written(
    name: str, airtable: Airtable, standin: AirtableStandin
) -> None:
    standin.table(COLD).field(name).type = "formula"

    assert to_mend(airtable) == [
        (
            f"{COLD}: {name!r} is of the type formula, which cannot be written.",
            f"Rename it, and add a column {name!r} of the type checkbox.",
        )
    ]


def test_without_the_schema_columns_are_asked_for(
    airtable: Airtable, standin: AirtableStandin
) -> None:
    standin.scopes = set(standin.scopes) - {"schema.bases:read"}
    standin.table(COLD).rename_field("region", "Région")
    standin.table(COLD).remove_field("Rend%")

    assert list(try_tables(airtable)) == [
        Finding(f"{HEAT}: 77 of its columns are there, of some type."),
        Finding(f"{COLD} has no column 'region'.", "Give 'region' back its name, or add it."),
        Finding(f"{COLD} has no column 'Rend%'.", "Give 'Rend%' back its name, or add it."),
        Finding(f"{COLD}: 28 of its columns are there, of some type."),
        Finding(f"{FUTURE}: 11 of its columns are there, of some type."),
    ]


def test_without_the_schema_a_table_that_is_not_shown(
    airtable: Airtable, standin: AirtableStandin
) -> None:
    standin.table(COLD).name = "Archive"

    assert list(try_tables(airtable))[1] == Finding(
        f"Airtable does not show the table {COLD!r} (status 403).",
        "Give it this name if it has another, or let the key read it.",
    )
