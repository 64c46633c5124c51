"""Reading a table."""

import pytest
from pyairtable import Table

from airtable_sync.client import Record
from airtable_sync.errors import AirtableUnavailable, UnknownColumn
from standins.airtable import Fault
from tests.airtable_sync.client.world import COLUMNS, TABLE, add_networks

pytestmark = pytest.mark.django_db
STALE = "Airtable has lost its place in Réseaux; listed from the beginning again"


def test_all_pages_are_read_a_hundred_records_each(standin, airtable):
    add_networks(standin, 201)

    records = airtable.records(TABLE, COLUMNS)

    assert [record.cells["id_fcu"] for record in records] == list(range(1, 202))
    assert airtable.requests == standin.counters.requests == 3


def test_only_the_columns_asked_for_are_read(standin, airtable):
    standin.table(TABLE).add({"id_fcu": 7, "nom_reseau": "Cergy", "has_trace": True})

    (record,) = airtable.records(TABLE, ["id_fcu", "has_trace"])

    assert record.cells == {"id_fcu": 7, "has_trace": True}


def test_what_airtable_leaves_out_is_not_made_up(standin, airtable):
    standin.table(TABLE).add({"id_fcu": 7, "nom_reseau": "", "has_trace": False})

    (record,) = airtable.records(TABLE, COLUMNS)

    assert record.cells == {"id_fcu": 7}


def test_a_column_that_was_renamed_is_named(standin, airtable):
    add_networks(standin, 1)
    standin.table(TABLE).rename_field("nom_reseau", "Nom")

    with pytest.raises(UnknownColumn) as error:
        airtable.records(TABLE, COLUMNS)

    assert (error.value.table, error.value.column) == (TABLE, "nom_reseau")
    assert standin.counters.requests == 1


def test_a_listing_that_has_gone_stale_starts_again(standin, airtable, told):
    add_networks(standin, 201)
    standin.faults.set(Fault("stale", after=1))

    records = airtable.records(TABLE, COLUMNS)

    assert [record.cells["id_fcu"] for record in records] == list(range(1, 202))
    assert standin.counters.requests == 3 + 3
    assert told == [STALE]


def test_the_fourth_listing_that_has_gone_stale_is_the_last(standin, airtable, told):
    add_networks(standin, 101)
    standin.faults.set(Fault("stale", times=10))

    with pytest.raises(AirtableUnavailable, match="it lost its place in Réseaux each time"):
        airtable.records(TABLE, COLUMNS)

    assert standin.counters.requests == 4 * 2
    assert told == [STALE] * 4


def test_a_record_that_is_on_two_pages_is_taken_once_as_it_was_later(airtable, monkeypatch):
    pages = [("rec1", "Cergy"), ("rec2", "Évry"), ("rec1", "Cergy-Pontoise")]
    listed = [{"id": id, "fields": {"nom_reseau": name}} for id, name in pages]
    monkeypatch.setattr(Table, "all", lambda table, **options: listed)

    assert airtable.records(TABLE, COLUMNS) == [
        Record("rec1", {"nom_reseau": "Cergy-Pontoise"}),
        Record("rec2", {"nom_reseau": "Évry"}),
    ]
