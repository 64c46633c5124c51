"""A column that was renamed or has vanished stops a sync before anything is written."""

from collections.abc import Callable

import pytest

from airtable_sync.errors import AirtableRefused, UnknownColumn
from airtable_sync.models import SyncedRecord, SyncPlan
from airtable_sync.payload import Direction
from airtable_sync.sides import wanted
from airtable_sync.tables import TABLES
from networks.models import Revision
from standins.airtable import Table
from tests.airtable_sync.moments import at_request
from tests.airtable_sync.syncing import FUTURE, HEAT, push, sync
from tests.airtable_sync.worlds import here, records, rows, there

pytestmark = pytest.mark.django_db

TO, FROM = Direction.TO_AIRTABLE, Direction.FROM_AIRTABLE
TITLE = TABLES[FUTURE].title
OURS = ["communes", "departement", "region", "is_zone", "date_actualisation_trace"]
THEIRS = ["nom_reseau", "ouvert_aux_raccordements", "gestionnaire", "MO", "mise_en_service"]


def rename(table: Table, column: str) -> None:
    table.rename_field(column, f"{column} (ancien)")


def remove(table: Table, column: str) -> None:
    table.remove_field(column)


LOSE = pytest.mark.parametrize("lose", [rename, remove])
# What each direction rests on: a new record needs all columns.
EACH = pytest.mark.parametrize(
    ("direction", "column"),
    [(TO, name) for name in ["id_fcu", *OURS, *THEIRS]]
    + [(FROM, name) for name in ["id_fcu", *THEIRS]],
)


@pytest.fixture
def few(standin) -> None:
    """Three, of which one differs in each direction, and one has no record."""
    rows(range(1, 4))
    records(standin, [1])
    records(standin, [2], communes="Yzeure", gestionnaire="Engie")


@pytest.fixture
def many(standin) -> None:
    """130, of which 103 have a record, and of these 3 differ in each direction."""
    rows(range(1, 131))
    records(standin, range(1, 101))
    records(standin, range(101, 104), communes="Yzeure", gestionnaire="Engie")


@EACH
@LOSE
def test_nothing_is_written(standin, few, direction, column, lose: Callable[[Table, str], None]):
    before = here()
    lose(standin.table(TITLE), column)

    with pytest.raises(UnknownColumn) as unknown:
        sync(direction, FUTURE)

    assert str(unknown.value) == (
        f"{TITLE} has no column {column} any more "
        f'(Unknown field name: "{column}"). Nothing was written. Give it back its name, or run '
        "`manage.py airtable_check` to see every column that is missing."
    )
    assert standin.counters.writes == 0
    assert here() == before
    assert not SyncPlan.objects.exists()
    assert not SyncedRecord.objects.exists()


@pytest.mark.parametrize(("direction", "column"), [(TO, "communes"), (FROM, "gestionnaire")])
@LOSE
def test_nor_is_it_when_that_happens_between_two_pages(
    standin, many, monkeypatch, direction, column, lose
):
    before, revision = here(), Revision.current()
    at_request(monkeypatch, 2, lambda: lose(standin.table(TITLE), column))

    with pytest.raises(UnknownColumn):
        sync(direction, FUTURE)

    assert (standin.counters.reads, standin.counters.writes) == (2, 0)
    assert (here(), Revision.current()) == (before, revision)
    assert not SyncPlan.objects.exists()


@LOSE
def test_what_was_sent_before_stays_and_no_more_is_sent(standin, many, monkeypatch, lose):
    # The first request to write changes 3 records and creates 7; the second one is refused.
    at_request(monkeypatch, 4, lambda: lose(standin.table(TITLE), "communes"))

    with pytest.raises(AirtableRefused, match="UNKNOWN_FIELD_NAME"):
        push(FUTURE)

    assert standin.counters.writes == 2
    assert len(there(standin)) == 103 + 7


@pytest.mark.parametrize(("direction", "column"), [(TO, "communes"), (FROM, "gestionnaire")])
def test_the_sync_goes_on_once_the_column_has_its_name_again(standin, few, direction, column):
    standin.table(TITLE).rename_field(column, "Autre")
    with pytest.raises(UnknownColumn):
        sync(direction, FUTURE)
    standin.table(TITLE).rename_field("Autre", column)

    done = sync(direction, FUTURE)

    assert (done.applied, done.changed) == (True, 1)


def test_metadata_do_not_need_the_columns_that_are_ours(standin, few):
    standin.table(TITLE).remove_field("communes")

    assert sync(FROM, FUTURE).changed == 1


@pytest.mark.parametrize("direction", [TO, FROM])
def test_each_column_is_asked_for_by_its_name(direction):
    columns = wanted(TABLES[HEAT], direction)

    assert columns[0] == "id_fcu"
    assert len(columns) == len(set(columns)) == {TO: 1 + 7 + 69, FROM: 1 + 69}[direction]
