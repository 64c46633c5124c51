"""What the stand-in offers people who watch a demo: a page, and a way to edit."""

import pytest
import requests

from tests.standins.airtable.world import COLD, NAME


@pytest.fixture
def page(standin):
    """The page, as text."""

    def page():
        answer = requests.get(standin.url, timeout=5)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.text

    return page


@pytest.fixture
def change(standin):
    def change(content):
        answer = requests.post(f"{standin.url}/standin/change", json=content, timeout=5)
        return answer.status_code, answer.json()

    return change


def test_the_page_shows_the_tables_with_their_cells(table, page):
    table.add({"id_fcu": 1, "Gestionnaire": "Énergie", "has_PDP": True, "communes": ["Lille"]})
    table.add({"id_fcu": 2, "calcul": {"error": "#ERROR!"}})

    shown = page()

    assert f"<h2>{NAME} (2)</h2>" in shown
    assert f"<h2>{COLD} (0)</h2>" in shown
    assert (
        "<th>id_fcu</th><th>Gestionnaire</th><th>has_PDP</th><th>communes</th><th>calcul</th>"
        in shown
    )
    assert (
        '<tr><td class="number">1</td><td>Énergie</td><td>checked</td><td>Lille</td><td></td></tr>'
        in shown
    )
    assert "<td>#ERROR!</td></tr>" in shown


def test_columns_that_are_empty_are_only_named(table, page):
    table.add({"id_fcu": 1})

    shown = page()

    assert "<th>prix</th>" not in shown
    assert "Empty columns: Gestionnaire, informations, site, contact, Taux EnR&amp;R, prix" in shown


def test_what_was_written_stays_text(table, page):
    table.add({"Gestionnaire": '<script>alert("x")</script>'})

    shown = page()

    assert "<script" not in shown
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in shown


def test_the_page_needs_nothing_from_elsewhere(table, page):
    table.add({"fichiers": [{"url": "https://example.org/plan.pdf"}]})

    shown = page()

    assert "plan.pdf" in shown
    assert not [word for word in ("src=", "href=", "http", "url(") if word in shown]


def test_the_page_tells_what_was_asked(standin, ask, page):
    ask("GET", "meta/whoami")

    assert "Requests: 1 reads, 0 writes, 0 refused." in page()
    assert standin.counters.requests == 1


def test_a_record_is_edited_by_its_id(standin, table, change):
    id = table.add({"id_fcu": 1, "Gestionnaire": "a"})

    answer = change({"table": NAME, "record": id, "fields": {"Gestionnaire": "b"}})

    assert answer == (200, {"records": [id]})
    assert table.records[0]["fields"] == {"id_fcu": 1, "Gestionnaire": "b"}
    assert standin.counters.requests == 0


def test_records_are_edited_where_columns_have_a_value(table, change):
    ids = [table.add({"id_fcu": number, "Gestionnaire": "a"}) for number in (1, 2)]
    table.add({"id_fcu": 3})
    where = {"Gestionnaire": "a"}

    answer = change({"table": NAME, "where": where, "fields": {"prix": 5}})

    assert answer == (200, {"records": ids})
    assert [record["fields"].get("prix") for record in table.records] == [5, 5, None]


def test_an_empty_cell_may_be_looked_for(table, change):
    id = table.add({"id_fcu": 1})
    table.add({"id_fcu": 2, "Gestionnaire": "a"})

    answer = change({"table": NAME, "where": {"Gestionnaire": ""}, "fields": {"prix": 5}})

    assert answer == (200, {"records": [id]})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            {"table": NAME, "where": {"id_fcu": 9}, "fields": {}},
            f"No record of '{NAME}' is where {{'id_fcu': 9}}.",
        ),
        (
            {"table": "Nowhere", "where": {}, "fields": {}},
            f"There is no table 'Nowhere'; there are: {NAME}, {COLD}.",
        ),
        ({"table": NAME, "record": "rec1", "fields": {}}, "404 NOT_FOUND"),
    ],
)
def test_an_edit_of_nothing_is_refused(change, content, message):
    assert change(content) == (400, {"message": message})


def test_an_edit_without_its_fields_is_refused(change):
    status, answer = change({"table": NAME})

    assert status == 400
    assert "fields\n  Field required" in answer["message"]
