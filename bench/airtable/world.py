"""Made-up networks around Paris, and the records that say the same of them."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from shapely.geometry import LineString, MultiLineString

from airtable_sync.drafting import described
from airtable_sync.models import BasePace, PlannedChange, SyncedRecord, SyncPlan
from airtable_sync.table import KEY, TableSync
from bench.eligibility.world import communes
from networks.crossing import Communes
from networks.models import ColdNetwork, Commune, HeatNetwork
from networks.models.placed import Network, Placed
from standins.airtable import AirtableStandin

NETWORKS, CHANGED = 1_000, 300
WEST, EAST, SOUTH, NORTH = 630_000, 680_000, 6_840_000, 6_890_000
DRAWN_AT, DRAWN_AGAIN_AT = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (3, 9))
SEED = 7


def forget_syncs() -> None:
    for model in (PlannedChange, SyncPlan, SyncedRecord, BasePace):
        model._default_manager.all().delete()


def make(table: TableSync) -> None:
    """Its rows: with a trace, what follows from it, and some metadata."""
    rows = [made(table.model, number) for number in range(1, NETWORKS + 1)]
    draw(rows, random.Random(SEED), DRAWN_AT)
    table.model._default_manager.all().delete()
    table.model._default_manager.bulk_create(rows, batch_size=100)


def made(model: Any, number: int) -> Network:
    row: Network = model(
        id_fcu=number, name=f"Réseau inventé {number}", manager="Chaleur SA", owner="Commune"
    )
    if isinstance(row, HeatNetwork | ColdNetwork):
        row.sncu = f"{number:05}{'C' if model is HeatNetwork else 'F'}"
        row.taux_enrr, row.contenu_co2_acv = 50.5, 0.113
        row.annee_creation, row.nb_pdl = 1_980, 125
        row.production_totale_mwh, row.livraisons_totale_mwh = 21_000.0, 18_500.5
    return row


def draw(rows: Sequence[Placed], chance: random.Random, at: datetime) -> None:
    """A line of 1 km for each, anywhere."""
    for row in rows:
        x, y = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
        row.geometry = MultiLineString([LineString([(x, y), (x + 1_000, y)])])
        row.geometry_changed_at = at
    all_communes().fill(rows)


@cache
def all_communes() -> Communes:
    """The real ones, which are in the database from then on."""
    Commune.objects.bulk_create(communes())
    return Communes()


def draw_again(table: TableSync) -> None:
    """The first CHANGED of its rows: what is derived of them is otherwise now."""
    rows = list(table.model._default_manager.order_by("pk")[:CHANGED])
    draw(rows, random.Random(SEED + 1), DRAWN_AGAIN_AT)
    table.model._default_manager.bulk_update(
        rows,
        ["geometry", "geometry_changed_at", "communes_insee", "communes", "departement", "region"],
    )


def plant(table: TableSync, standin: AirtableStandin) -> None:
    """Its records, equal to the rows."""
    for row in table.rows():
        standin.table(table.title).add(cells_of(table, row))


def edit(table: TableSync, standin: AirtableStandin) -> None:
    """The first CHANGED of its records, as people do it in Airtable."""
    records = standin.table(table.title)
    for record in records.records[:CHANGED]:
        fields = {"Gestionnaire": "Réseaux SA", "Taux EnR&R": 61.5, "nb_pdl": 130}
        records.change(record["id"], fields)


def differing(table: TableSync, standin: AirtableStandin) -> int:
    """How many rows and records do not say the same."""
    records = standin.table(table.title).records
    there = {record["fields"][KEY]: record["fields"] for record in records}
    return sum(there[row.pk] != cells_of(table, row) for row in table.rows())


def cells_of(table: TableSync, row: Any) -> dict[str, Any]:
    return {KEY: row.pk, **described(table, row)}
