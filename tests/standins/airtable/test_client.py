"""The client that is used for real, unmodified."""

import pyairtable
import pytest
import requests
from pyairtable.formulas import AND, OR, Field, match

from standins.airtable import BASE, Fault
from tests.standins.airtable.world import COLD, NAME


@pytest.fixture
def many(table):
    return [table.add({"id_fcu": number, "has_PDP": number == 7}) for number in range(230)]


def test_it_learns_who_it_is(api):
    assert api.whoami() == {
        "id": "usrStandin0000001",
        "scopes": ["data.records:read", "data.records:write", "schema.bases:read"],
    }


def test_it_lists_the_bases(api):
    (base,) = api.bases()

    assert (base.id, base.name, base.permission_level) == (BASE, "Stand-in", "create")


def test_it_reads_the_schema(api):
    heat, cold = api.base(BASE).schema().tables

    assert (heat.name, cold.name) == (NAME, COLD)
    assert heat.primary_field_id == heat.field("id_fcu").id
    assert {field.name: type(field).__name__ for field in heat.fields} == {
        "id_fcu": "NumberFieldSchema",
        "Gestionnaire": "SingleLineTextFieldSchema",
        "informations": "MultilineTextFieldSchema",
        "site": "UrlFieldSchema",
        "contact": "EmailFieldSchema",
        "Taux EnR&R": "PercentFieldSchema",
        "prix": "CurrencyFieldSchema",
        "has_PDP": "CheckboxFieldSchema",
        "date_trace": "DateFieldSchema",
        "vu_le": "DateTimeFieldSchema",
        "énergie": "SingleSelectFieldSchema",
        "communes": "MultipleSelectsFieldSchema",
        "fichiers": "MultipleAttachmentsFieldSchema",
        "calcul": "FormulaFieldSchema",
    }


def test_it_finds_a_table_by_its_validated_name(api):
    assert api.table(BASE, COLD, validate=True).id == "tblFroid000000001"


def test_it_reads_all_pages(standin, many, remote):
    pages = list(remote.iterate(fields=["id_fcu"]))

    assert [len(page) for page in pages] == [100, 100, 30]
    assert [record["id"] for page in pages for record in page] == many
    assert pages[0][7]["fields"] == {"id_fcu": 7}
    assert standin.counters.requests == 3


def test_it_reads_in_another_order_and_size(many, remote):
    pages = list(remote.iterate(sort=["-id_fcu"], page_size=60, max_records=100))

    assert [len(page) for page in pages] == [60, 40]
    assert pages[0][0]["fields"] == {"id_fcu": 229}


def test_it_reads_by_a_formula(many, remote):
    formula = OR(match({"id_fcu": 3}), AND(Field("has_PDP").eq(True), match({"id_fcu": 7})))

    assert [record["id"] for record in remote.all(formula=formula)] == [many[3], many[7]]


def test_it_reads_one_record(many, remote):
    assert remote.get(many[7])["fields"] == {"id_fcu": 7, "has_PDP": True}
    assert remote.first(formula="{id_fcu}=8")["id"] == many[8]
    assert remote.first(formula="{id_fcu}=999") is None


def test_it_reads_by_the_ids_of_fields(table, many, api):
    api.use_field_ids = True

    record = api.table(BASE, NAME).first(fields=[table.field("id_fcu").id])

    assert record["fields"] == {table.field("id_fcu").id: 0}


def test_it_posts_what_is_too_long_for_an_address(standin, many, remote):
    wanted = range(0, 230, 2)
    formula = OR(*(match({"id_fcu": number}) for number in list(wanted) * 15))

    records = remote.all(formula=formula, fields=["id_fcu"], page_size=70, sort=["id_fcu"])

    assert [record["fields"]["id_fcu"] for record in records] == list(wanted)
    path = f"/v0/{BASE}/{NAME}/listRecords"
    assert [asked[1:] for asked in standin.counters.log] == [("POST", path, 0)] * 2


def test_it_creates_in_batches_of_ten(standin, table, remote):
    made = remote.batch_create({"id_fcu": number} for number in range(23))

    assert made == table.records
    assert [asked.records for asked in standin.counters.log] == [10, 10, 3]


def test_it_creates_and_updates_one(table, remote):
    made = remote.create({"id_fcu": 1, "Gestionnaire": "a"})

    remote.update(made["id"], {"Gestionnaire": "b"})
    assert table.records[0]["fields"] == {"id_fcu": 1, "Gestionnaire": "b"}

    remote.update(made["id"], {"prix": 2}, replace=True)
    assert table.records[0]["fields"] == {"prix": 2}


def test_it_updates_in_batches_of_ten(standin, table, many, remote):
    remote.batch_update({"id": id, "fields": {"prix": 1}} for id in many[:12])

    assert [record["fields"].get("prix") for record in table.records[10:13]] == [1, 1, None]
    assert standin.counters.records_updated == 12


def test_it_upserts(table, many, remote):
    records = [{"fields": {"id_fcu": number, "prix": 1}} for number in range(225, 236)]

    result = remote.batch_upsert(records, key_fields=["id_fcu"])

    assert result["updatedRecords"] == many[225:]
    assert len(result["createdRecords"]) == 6
    assert len(table.records) == 236


def test_it_deletes_in_batches_of_ten(standin, table, many, remote):
    deleted = remote.batch_delete(many[:12])
    remote.delete(many[12])

    assert deleted == [{"id": id, "deleted": True} for id in many[:12]]
    assert [record["id"] for record in table.records] == many[13:]
    assert [asked.records for asked in standin.counters.log] == [10, 2, 1]


def test_it_repeats_the_service_in_its_errors(remote):
    with pytest.raises(requests.HTTPError) as error:
        remote.create({"nom": 1})

    assert error.value.response.status_code == 422
    assert error.value.args[1] == repr(
        {"type": "UNKNOWN_FIELD_NAME", "message": 'Unknown field name: "nom"'}
    )


def test_it_takes_an_error_that_is_a_single_word(remote):
    with pytest.raises(requests.HTTPError) as error:
        remote.get("recMissing0000001")

    assert error.value.args[1] == "'NOT_FOUND'"


def test_a_cut_answer_to_an_upsert_may_be_asked_for_again(standin, table, remote):
    records = [{"fields": {"id_fcu": 1}}]
    standin.faults.set(Fault("cut", only="write"))

    with pytest.raises(requests.ConnectionError):
        remote.batch_upsert(records, key_fields=["id_fcu"])
    remote.batch_upsert(records, key_fields=["id_fcu"])

    assert [record["fields"] for record in table.records] == [{"id_fcu": 1}]


def test_its_own_retries_outlast_a_short_penalty(standin):
    retrying = pyairtable.Api(standin.key, endpoint_url=standin.url, timeout=(5, 5))
    standin.faults.set(Fault("status", status=429, times=2))

    with retrying.session:
        assert retrying.table(BASE, NAME).all() == []

    assert standin.counters.refusals == 2
