"""Metadata are taken all together or not at all, by one writer, and only where they differ."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from airtable_sync import runs, writing
from airtable_sync.errors import FuseBlown
from airtable_sync.models import PlannedChange, SyncedRecord, SyncPlan
from jobs.models import Job
from networks import writing as networks_writing
from networks.fields import GeometryField
from networks.models import HeatNetwork, NetworkUnderConstruction, Revision
from tests.airtable_sync.moments import Crash, crash
from tests.airtable_sync.syncing import FUTURE, HEAT, change, lines, pull, push
from tests.airtable_sync.worlds import heat_on_both_sides, here, records, rows
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(standin) -> None:
    """30, all of which have another manager in Airtable."""
    rows(range(1, 31))
    records(standin, range(1, 31), gestionnaire="Engie")


def kept() -> tuple[int, ...]:
    """How much there is of all that a sync writes."""
    models = (SyncPlan, PlannedChange, SyncedRecord, Job)
    return (*(model.objects.count() for model in models), Revision.current())


@pytest.mark.parametrize(
    "step",
    ["change_rows", "refresh_has_pdp", "mark", "remember_applied", "enqueue_tiles_and_recheck"],
)
def test_d_4_6_what_fails_in_the_middle_leaves_nothing(standin, many, monkeypatch, step):
    before = here(), kept()
    monkeypatch.setattr(writing, step, lambda *args, **options: crash())

    with pytest.raises(Crash):
        pull(FUTURE)

    assert (here(), kept()) == before


def test_what_fails_at_the_very_end_leaves_nothing_either(standin, many, monkeypatch):
    before = here(), kept()
    monkeypatch.setattr(runs, "end", lambda plan: crash())

    with pytest.raises(Crash):
        pull(FUTURE)

    assert (here(), kept()) == before


def test_what_fails_leaves_a_plan_that_was_asked_for_as_it_was(standin, many, monkeypatch):
    plan = pull(FUTURE, dry_run=True).plan_id
    before = here(), kept()
    with monkeypatch.context() as patch:
        patch.setattr(runs, "end", lambda plan: crash())
        with pytest.raises(Crash):
            pull(FUTURE, plan_id=plan)
    assert (here(), kept()) == before

    assert pull(FUTURE, plan_id=plan).changed == 30


def at_writing(monkeypatch: pytest.MonkeyPatch, do: Callable[[], Any]) -> None:
    """While the rows are written."""
    write = writing.change_rows

    def watched(*args: Any) -> None:
        do()
        write(*args)

    monkeypatch.setattr(writing, "change_rows", watched)


def holds_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND granted"
            " AND objid = %s",
            [networks_writing.WRITERS],
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("asked", [False, True])
def test_nobody_else_writes_networks_meanwhile(standin, many, monkeypatch, asked):
    plan = pull(FUTURE, dry_run=True).plan_id if asked else None
    held = []
    at_writing(monkeypatch, lambda: held.append(holds_the_lock()))

    pull(FUTURE, plan_id=plan)

    assert held == [True]


def test_what_changed_before_the_lock_was_had_is_seen(standin, monkeypatch):
    heat = heat_on_both_sides()
    change(standin, heat.pk, {"Gestionnaire": "Engie"})
    one_writer = runs.one_writer

    def late() -> Any:
        HeatNetwork.objects.update(manager="Idex")
        return one_writer()

    monkeypatch.setattr(runs, "one_writer", late)

    done = pull()

    heat.refresh_from_db()
    assert (done.changed, done.conflicts, heat.manager) == (0, 1, "Idex")
    assert lines(done.plan_id) == [("conflict", heat.pk, {"Gestionnaire": ["Idex", "Engie"]})]


def test_the_revision_is_raised_once(standin, many):
    before = Revision.current()

    pull(FUTURE)

    assert Revision.current() == before + 1


def take_nothing(standin, settings) -> None:
    pull(FUTURE)


def make_a_plan(standin, settings) -> None:
    change(standin, 1, {"gestionnaire": "Dalkia"}, FUTURE)
    pull(FUTURE, dry_run=True)


def blow_the_fuse(standin, settings) -> None:
    settings.AIRTABLE |= {"fuse_percent": 0}
    change(standin, 1, {"gestionnaire": "Dalkia"}, FUTURE)
    with pytest.raises(FuseBlown):
        pull(FUTURE)


def find_a_problem(standin, settings) -> None:
    change(standin, 1, {"gestionnaire": 5}, FUTURE)
    pull(FUTURE)


def send(standin, settings) -> None:
    NetworkUnderConstruction.objects.update(communes=["Yzeure"])
    push(FUTURE)


@pytest.mark.parametrize("act", [take_nothing, make_a_plan, blow_the_fuse, find_a_problem, send])
def test_the_revision_stays_where_no_row_changed(standin, many, settings, act: Callable[..., None]):
    pull(FUTURE)
    before = Revision.current()

    act(standin, settings)

    assert Revision.current() == before


def versions() -> dict[int, str]:
    """Of each row, which transaction wrote it last."""
    return dict(HeatNetwork.objects.extra(select={"by": "xmin::text"}).values_list("pk", "by"))


def test_d_4_6_only_rows_that_differ_are_written(standin):
    heat = heat_on_both_sides()
    for sncu in ("0302C", "0303C"):
        HeatNetworkFactory(sncu=sncu)
    push()
    change(standin, heat.pk, {"Gestionnaire": "Engie"})
    before = versions()

    pull()

    after = versions()
    assert {number for number in before if before[number] != after[number]} == {heat.pk}


def test_d_4_6_only_the_columns_that_differ_are_written(standin, many):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        pull(FUTURE)

    written = [
        query["sql"]
        for query in queries
        if query["sql"].startswith('UPDATE "networks_under_construction"')
    ]
    table = '"networks_under_construction"'
    assert set(written) == {
        f'UPDATE {table} SET "manager" = \'Engie\' WHERE {table}."id_fcu" = {number}'
        for number in range(1, 31)
    }


@pytest.fixture
def decoded(monkeypatch) -> list[Any]:
    """The geometries that were read."""
    decoded: list[Any] = []
    decode = GeometryField.from_db_value

    def counted(self: GeometryField, value: Any, *args: Any) -> Any:
        decoded.append(value)
        return decode(self, value, *args)

    monkeypatch.setattr(GeometryField, "from_db_value", counted)
    return decoded


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({}, 0),
        ({"MO": "Ville de Moulins"}, 0),
        # Of the one that matters, before and after.
        ({"ouvert_aux_raccordements": False}, 2),
    ],
)
def test_geometries_are_read_only_where_they_matter(standin, decoded, fields, read):
    heat = heat_on_both_sides()
    HeatNetworkFactory(sncu="0302C")
    push()
    change(standin, heat.pk, fields)
    decoded.clear()

    pull()

    assert len(decoded) == read


def test_none_is_read_to_send_what_follows_from_them(standin, decoded):
    heat_on_both_sides()
    HeatNetwork.objects.update(communes=["Yzeure"])
    decoded.clear()

    assert push(HEAT).changed == 1

    assert decoded == []
