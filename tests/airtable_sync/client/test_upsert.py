"""Writing records."""

import pytest

from airtable_sync.errors import AirtableRefused
from standins.airtable import Fault
from tests.airtable_sync.client.world import TABLE

pytestmark = pytest.mark.django_db


def new(number: int, name: str):
    return {"fields": {"id_fcu": number, "nom_reseau": name}}


def names(standin) -> dict[int, str]:
    return {
        record["fields"]["id_fcu"]: record["fields"]["nom_reseau"]
        for record in standin.table(TABLE).records
    }


def test_what_is_new_is_created_and_what_is_known_is_changed_in_one_request(standin, airtable):
    by_key = standin.table(TABLE).add({"id_fcu": 1, "nom_reseau": "Cergy"})
    by_id = standin.table(TABLE).add({"id_fcu": 2, "nom_reseau": "Évry"})
    third = {"id": by_id, "fields": {"nom_reseau": "Évry-Courcouronnes"}}

    ids = airtable.upsert(TABLE, [new(3, "Massy"), new(1, "Cergy-Pontoise"), third], key="id_fcu")

    assert ids[1:] == [by_key, by_id]
    assert names(standin) == {1: "Cergy-Pontoise", 2: "Évry-Courcouronnes", 3: "Massy"}
    assert airtable.requests == 1


def test_a_cell_that_is_not_sent_stays(standin, airtable):
    id = standin.table(TABLE).add({"id_fcu": 1, "nom_reseau": "Cergy"})

    airtable.upsert(TABLE, [{"id": id, "fields": {"has_trace": True}}], key="id_fcu")

    assert names(standin) == {1: "Cergy"}


def test_a_cut_after_the_commit_creates_no_second_record(standin, airtable):
    standin.faults.set(Fault("cut", only="write"))

    ids = airtable.upsert(TABLE, [new(1, "Cergy"), new(2, "Évry")], key="id_fcu")

    assert ids == [record["id"] for record in standin.table(TABLE).records]
    assert names(standin) == {1: "Cergy", 2: "Évry"}
    assert airtable.requests == 2


def test_no_value_is_made_to_fit(standin, airtable):
    with pytest.raises(AirtableRefused) as error:
        airtable.upsert(TABLE, [new(1, "Cergy"), {"fields": {"id_fcu": "2"}}], key="id_fcu")

    assert (error.value.status, error.value.type) == (422, "INVALID_VALUE_FOR_COLUMN")
    assert names(standin) == {}


def test_an_eleventh_record_is_refused_before_any_request(standin, airtable):
    with pytest.raises(ValueError) as error:
        airtable.upsert(TABLE, [new(number, "Cergy") for number in range(11)], key="id_fcu")

    assert str(error.value) == "At most 10 records are written at once, not 11."
    assert standin.counters.requests == 0
