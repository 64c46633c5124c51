"""Files: written by their address or id, read with addresses that expire (point 18)."""

import pytest

from tests.standins.airtable.world import HEAT, fields_of

PLAN = {"url": "https://example.org/docs/plan%20g%C3%A9n%C3%A9ral.pdf"}


@pytest.fixture
def written(ask):
    """The files of a record that was made with them."""

    def written(*files):
        answer = ask("POST", HEAT, json={"fields": {"fichiers": files}})
        assert answer.status_code == 200, answer.text
        return answer.json()["fields"].get("fichiers")

    return written


def without_url(file):
    return {name: value for name, value in file.items() if name != "url"}


def test_a_file_is_read_with_what_the_service_knows_of_it(written):
    (file,) = written(PLAN)

    assert list(file) == ["id", "url", "filename", "size", "type"]
    assert file["id"].startswith("att")
    assert file["filename"] == "plan général.pdf"
    assert (file["size"], file["type"]) == (1_000, "application/pdf")


def test_a_file_may_be_given_a_name(written):
    (file,) = written(PLAN | {"filename": "carte.png"})

    assert (file["filename"], file["type"]) == ("carte.png", "image/png")


def test_its_address_is_another_one_at_each_read(table, written, ask):
    first = written(PLAN)[0]
    second = fields_of(ask("GET", HEAT))[0]["fichiers"][0]
    third = table.records[0]["fields"]["fichiers"][0]

    assert len({file["url"] for file in (PLAN, first, second, third)}) == 4
    assert without_url(first) == without_url(second) == without_url(third)


def test_a_file_that_is_there_is_kept_by_its_id(table, written, ask):
    kept, dropped = written(PLAN, PLAN)
    record = f"{HEAT}/{table.records[0]['id']}"

    answer = ask("PATCH", record, json={"fields": {"fichiers": [{"id": kept["id"]}, PLAN]}})

    first, second = answer.json()["fields"]["fichiers"]
    assert without_url(first) == without_url(kept)
    assert second["id"] not in (kept["id"], dropped["id"])


def test_what_was_read_may_be_written_back(table, written, ask):
    files = written(PLAN)
    record = f"{HEAT}/{table.records[0]['id']}"

    answer = ask("PATCH", record, json={"fields": {"fichiers": files}})

    assert [file["id"] for file in answer.json()["fields"]["fichiers"]] == [files[0]["id"]]


def test_an_id_that_is_unknown_is_refused(table, ask):
    answer = ask("POST", HEAT, json={"fields": {"fichiers": [{"id": "attUnknown000001"}]}})

    assert answer.status_code == 422
    assert answer.json() == {
        "error": {
            "type": "INVALID_ATTACHMENT_OBJECT",
            "message": (
                "Invalid attachment object for field fichiers: there is no attachment with that id"
            ),
        }
    }
    assert table.records == []


def test_no_files_are_an_empty_cell(table, written):
    assert written() is None
    assert table.records[0]["fields"] == {}


def test_a_file_may_be_planted(table):
    table.add({"fichiers": [{"url": "https://example.org/a.pdf", "id": "attPlanted0000001"}]})

    (file,) = table.records[0]["fields"]["fichiers"]

    assert (file["id"], file["filename"]) == ("attPlanted0000001", "a.pdf")
