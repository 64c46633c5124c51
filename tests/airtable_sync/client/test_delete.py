"""Deleting records."""

import pytest

from airtable_sync.errors import AirtableRefused
from standins.airtable import Fault
from tests.airtable_sync.client.world import TABLE, add_networks

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(standin) -> list[str]:
    """Of the records in the table."""
    add_networks(standin, 10)
    return [record["id"] for record in standin.table(TABLE).records]


def left(standin) -> list[str]:
    return [record["id"] for record in standin.table(TABLE).records]


def test_ten_records_go_in_one_request(standin, airtable, ids):
    airtable.delete(TABLE, ids)

    assert left(standin) == []
    assert airtable.requests == 1


def test_others_stay(standin, airtable, ids):
    airtable.delete(TABLE, ids[:3])

    assert left(standin) == ids[3:]


def test_one_that_has_gone_already_does_not_keep_the_others(standin, airtable, ids):
    standin.table(TABLE).remove(ids[0])

    airtable.delete(TABLE, ids[:3])

    assert left(standin) == ids[3:]


def test_a_cut_after_the_commit_is_no_error(standin, airtable, ids):
    standin.faults.set(Fault("cut", only="write"))

    airtable.delete(TABLE, ids[:3])

    assert left(standin) == ids[3:]


def test_a_key_that_may_not_delete_is_told_so(standin, airtable, ids):
    standin.grant("read")

    with pytest.raises(AirtableRefused) as error:
        airtable.delete(TABLE, ids)

    assert error.value.type == "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"
    assert left(standin) == ids


def test_a_table_that_has_gone_is_not_taken_for_records_that_have(airtable, ids):
    with pytest.raises(AirtableRefused) as error:
        airtable.delete("Autre", ids)

    assert error.value.status == 403


def test_an_eleventh_record_is_refused_before_any_request(standin, airtable, ids):
    with pytest.raises(ValueError, match="At most 10 records"):
        airtable.delete(TABLE, [*ids, "rec11"])

    assert standin.counters.requests == 0
