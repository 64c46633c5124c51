"""What is told of the key, the base and its fields (point 17)."""

from standins.airtable import BASE
from tests.standins.airtable.world import COLD, NAME


def test_the_key_is_told_its_scopes(standin, ask):
    standin.scopes = {"schema.bases:read", "data.records:read"}

    answer = ask("GET", "meta/whoami").json()

    assert answer == {
        "id": "usrStandin0000001",
        "scopes": ["data.records:read", "schema.bases:read"],
    }


def test_the_base_is_listed_with_the_permission_of_the_key(standin, ask):
    standin.grant("comment")

    assert ask("GET", "meta/bases").json() == {
        "bases": [{"id": BASE, "name": "Stand-in", "permissionLevel": "comment"}]
    }


def test_a_base_that_is_not_granted_is_not_listed(standin, ask):
    standin.grant(None)

    assert ask("GET", "meta/bases").json() == {"bases": []}
    assert ask("GET", "meta/whoami").status_code == 200


def test_the_tables_are_described(ask):
    heat, cold = ask("GET", f"meta/bases/{BASE}/tables").json()["tables"]

    assert (heat["name"], heat["id"][:3]) == (NAME, "tbl")
    assert cold == {
        "id": "tblFroid000000001",
        "name": COLD,
        "primaryFieldId": "fldFroid000000001",
        "fields": [
            {
                "id": "fldFroid000000001",
                "name": "id_fcu",
                "type": "number",
                "options": {"precision": 8},
            },
            {"id": "fldFroid000000002", "name": "nom/réseau", "type": "singleLineText"},
        ],
        "views": [
            {
                "id": cold["views"][0]["id"],
                "name": "Grid view",
                "type": "grid",
                "visibleFieldIds": ["fldFroid000000001", "fldFroid000000002"],
            }
        ],
    }


def test_identifiers_that_are_made_up_look_real_and_stay(ask):
    tables = [ask("GET", f"meta/bases/{BASE}/tables").json()["tables"][0] for _ in range(2)]

    ids = [field["id"] for field in tables[0]["fields"]]
    assert tables[0] == tables[1]
    assert tables[0]["primaryFieldId"] == ids[0]
    assert len(set(ids)) == len(ids) == 14
    assert {(id[:3], len(id), id.isalnum()) for id in ids} == {("fld", 17, True)}


def test_the_options_of_a_select_have_ids(ask):
    fields = ask("GET", f"meta/bases/{BASE}/tables").json()["tables"][0]["fields"]

    choices = fields[10]["options"]["choices"]
    assert [choice["name"] for choice in choices] == ["bois", "gaz"]
    assert [choice["id"][:3] for choice in choices] == ["sel", "sel"]


def test_a_field_that_was_renamed_or_removed_is_described_so(table, ask):
    id = table.field("Gestionnaire").id

    table.rename_field("Gestionnaire", "Exploitant")
    table.remove_field("prix")

    fields = ask("GET", f"meta/bases/{BASE}/tables").json()["tables"][0]["fields"]
    assert {field["id"]: field["name"] for field in fields}[id] == "Exploitant"
    assert "prix" not in [field["name"] for field in fields]
