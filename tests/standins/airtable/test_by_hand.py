"""What a test does as somebody in Airtable would: add, change, remove, rename."""

import subprocess
import sys
from pathlib import Path

import pytest

from standins.airtable import BASE, KEY, AirtableStandin
from standins.airtable.errors import ApiError
from tests.standins.airtable.world import COLD, HEAT, NAME, SCHEMA, fields_of

ROOT = Path(__file__).parent.parent.parent.parent


def test_a_record_that_was_added_is_listed(table, ask):
    id = table.add({"id_fcu": 1, "Gestionnaire": "a"})

    assert ask("GET", HEAT).json()["records"] == table.records
    assert [record["id"] for record in table.records] == [id]


@pytest.mark.parametrize("error", [{"error": "#ERROR!"}, {"specialValue": "NaN"}, "junk"])
@pytest.mark.parametrize("name", ["id_fcu", "calcul", "fichiers"])
def test_an_error_may_be_planted(table, ask, name, error):
    table.add({name: error})

    assert fields_of(ask("GET", HEAT)) == [{name: error}]


def test_a_change_leaves_the_other_cells(table):
    id = table.add({"id_fcu": 1, "Gestionnaire": "a"})

    table.change(id, {"id_fcu": None, "prix": 2})

    assert table.records[0]["fields"] == {"Gestionnaire": "a", "prix": 2}


def test_what_was_removed_is_gone(table, ask):
    table.remove(table.add({"id_fcu": 1}))

    assert fields_of(ask("GET", HEAT)) == []


def test_a_renamed_field_keeps_its_cells(table, ask):
    table.add({"Gestionnaire": "a"})

    table.rename_field("Gestionnaire", "Exploitant")

    assert fields_of(ask("GET", HEAT)) == [{"Exploitant": "a"}]


def test_a_removed_field_takes_its_cells_along(table, ask):
    table.add({"id_fcu": 1, "Gestionnaire": "a"})

    table.remove_field("Gestionnaire")

    assert fields_of(ask("GET", HEAT)) == [{"id_fcu": 1}]
    assert ask("GET", HEAT, params={"fields[]": "Gestionnaire"}).status_code == 422


def test_records_are_copies(table):
    table.add({"communes": ["Lille"]})

    table.records[0]["fields"]["communes"].append("Lomme")
    table.records[0]["fields"]["id_fcu"] = 1

    assert table.records[0]["fields"] == {"communes": ["Lille"]}


def test_what_is_planted_is_a_copy_too(table):
    communes = ["Lille"]
    table.add({"communes": communes})

    communes.append("Lomme")

    assert table.records[0]["fields"] == {"communes": ["Lille"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.add({"nom": 1}), "Unknown field name"),
        (lambda table: table.rename_field("nom", "x"), "Unknown field name"),
        (lambda table: table.remove_field("nom"), "Unknown field name"),
        (lambda table: table.change("rec1", {}), "404 NOT_FOUND"),
        (lambda table: table.remove("rec1"), "404 NOT_FOUND"),
    ],
)
def test_what_does_not_exist_is_an_error(table, change, message):
    with pytest.raises(ApiError, match=message):
        change(table)


def test_a_table_that_does_not_exist_is_an_error(standin):
    with pytest.raises(ValueError) as error:
        standin.table("Réseaux")

    assert str(error.value) == f"There is no table 'Réseaux'; there are: {NAME}, {COLD}."


def test_key_and_base_are_constants_that_a_process_can_be_told(standin):
    assert (standin.key, standin.base) == (KEY, BASE)
    assert (KEY[:3], BASE[:3]) == ("pat", "app")


def test_a_schema_serves_several_stand_ins():
    first, second = AirtableStandin(SCHEMA), AirtableStandin(SCHEMA)
    with first, second:
        first.table(NAME).add({"id_fcu": 1})
        first.table(NAME).field("énergie").learn("fioul")

    assert second.table(NAME).records == []
    assert second.table(NAME).field("énergie").choices == ["bois", "gaz"]


def test_it_needs_none_of_the_applications():
    program = "import sys, standins.airtable.__main__; print('django' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
