"""The base as it has to be, as the tests and the demo make it."""

from airtable_sync.schema import expected_schema
from airtable_sync.table import KEY
from airtable_sync.tables import TABLES

SCHEMA = {table["name"]: table["fields"] for table in expected_schema()}
TYPES = {
    title: {field["name"]: field["type"] for field in fields} for title, fields in SCHEMA.items()
}


def test_every_table_is_there() -> None:
    assert list(SCHEMA) == [table.title for table in TABLES.all()]


def test_every_column_is_there_and_can_hold_its_values() -> None:
    for table in TABLES.all():
        types = TYPES[table.title]
        assert set(types) == {KEY, *table.by_name}
        assert all(types[name] in column.value.types for name, column in table.by_name.items())


def test_records_are_shown_by_their_name_and_known_by_their_number() -> None:
    for fields in SCHEMA.values():
        assert fields[:2] == [
            {"name": "nom_reseau", "type": "singleLineText"},
            {"name": "id_fcu", "type": "number", "options": {"precision": 0}},
        ]


def test_each_kind_of_value_has_its_type() -> None:
    types = TYPES["FCU - Réseaux de froid"]

    assert types["communes"] == "singleLineText"
    assert types["nb_pdl"] == "number"
    assert types["has_trace"] == "checkbox"
    assert types["date_actualisation_trace"] == "date"
    assert types["fichiers"] == "multipleAttachments"


def test_figures_keep_their_decimals() -> None:
    fields = {field["name"]: field for field in SCHEMA["FCU - Réseaux de froid"]}

    assert fields["Taux EnR&R"]["options"] == {"precision": 8}
    assert fields["nb_pdl"]["options"] == {"precision": 0}


def test_options_are_those_that_airtable_asks_for() -> None:
    fields = {field["name"]: field for field in SCHEMA["FCU - Réseaux de froid"]}

    assert fields["has_trace"]["options"] == {"icon": "check", "color": "greenBright"}
    assert fields["date_actualisation_trace"]["options"] == {"dateFormat": {"name": "iso"}}
