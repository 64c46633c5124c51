"""Airtable in `make demo`: a table that has fallen behind, and what somebody edits in it."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from accounts.models import User
from airtable_sync.drafting import described
from airtable_sync.models import SyncedRecord, SyncPlan
from airtable_sync.payload import TYPES, Direction
from airtable_sync.schema import expected_schema
from airtable_sync.table import KEY
from airtable_sync.tables import TABLES
from config.demo import ADMINISTRATOR, standin
from jobs.models import Job
from standins.airtable import BASE
from standins.airtable import KEY as TOKEN

TABLE = TABLES["reseaux-de-chaleur"]
# A first sync changes most of a table, and the fuse stops that. With a base of your own, look at a
# dry run and apply its plan.
FIRST_SYNC = {"AIRTABLE_FUSE_PERCENT": "100"}
# Made up, as is each owner: by SNCU number the year of creation and the delivery points. Airtable
# lacks the other networks of the sample.
FIGURES = {
    "7501C": (1930, 480),
    "9209C": (1975, 32),
    "9222C": (1989, 64),
    "9304C": (1972, 81),
    "9514C": (1968, 97),
}
# What has changed since the table was last filled in.
OUTDATED: dict[str, dict[str, Any]] = {
    "9304C": {"has_trace": False, "date_actualisation_trace": None, "departement": None},
    "9514C": {"communes": "Villiers-le-Bel"},
}
# Made up too: two cells of Airtable's, one that is not its to decide, and one with a slip.
EDITS: dict[str, dict[str, Any]] = {
    "9209C": {"Gestionnaire": "ENGIE SOLUTIONS"},
    "9222C": {"Taux EnR&R": 31},
    "9304C": {"communes": "Sevran"},
    "9514C": {"Taux EnR&R": 567},
}


@contextmanager
def airtable() -> Iterator[str]:
    """The stand-in for Airtable, for all that is started meanwhile; its address."""
    # The base of an earlier demo has gone, and with it all that was agreed on.
    SyncedRecord.objects.filter(name=TABLE.name).delete()
    with TemporaryDirectory(prefix="airtable-") as folder:
        schema, records = Path(folder, "schema.json"), Path(folder, "records.json")
        schema.write_text(json.dumps(expected_schema()))
        records.write_text(json.dumps({TABLE.title: list(made_up_records())}))
        with standin("standins.airtable", "--schema", schema, "--records", records) as url:
            os.environ.update(AIRTABLE_URL=url, AIRTABLE_BASE=BASE, AIRTABLE_API_KEY=TOKEN)
            yield url


def made_up_records() -> Iterator[dict[str, Any]]:
    for row in TABLE.rows().filter(sncu__in=FIGURES):
        year, points = FIGURES[row.sncu]
        yield {
            KEY: row.pk,
            **described(TABLE, row),
            "MO": f"Commune de {row.communes[0]} (exemple)",
            "annee_creation": year,
            "nb_pdl": points,
            **OUTDATED.get(row.sncu, {}),
        }


def enqueue_syncs(*, dry_run: bool = False) -> list[Job]:
    """To Airtable, then from there."""
    to_airtable = enqueue_sync(Direction.TO_AIRTABLE, dry_run=dry_run, after=None)
    return [to_airtable, enqueue_sync(Direction.FROM_AIRTABLE, dry_run=dry_run, after=to_airtable)]


def enqueue_sync(direction: Direction, *, dry_run: bool, after: Job | None) -> Job:
    # Not by the app, which in this process is not configured.
    return Job.objects.enqueue(
        TYPES[direction],
        {"name": TABLE.name, "dry_run": dry_run},
        user=User.objects.get(username=ADMINISTRATOR),
        unique_key="" if dry_run else f"{TYPES[direction]}:{TABLE.name}",
        after=after,
    )


def edit(url: str) -> None:
    """What a person does in Airtable itself."""
    with requests.Session() as session:
        # A proxy of the environment is not for what runs on this machine.
        session.trust_env = False
        for number, fields in EDITS.items():
            which = {"table": TABLE.title, "where": {"Identifiant reseau": number}}
            session.post(
                f"{url}/standin/change", json=which | {"fields": fields}, timeout=10
            ).raise_for_status()


def where_to_look(root: str, url: str, dry_runs: Iterable[Job]) -> str:
    plans = SyncPlan.objects.filter(job_id__in=[job.pk for job in dry_runs]).order_by("pk")
    lines = [
        f"  {root}/admin/airtable_sync/syncplan/{plan.pk}/\n"
        f"                          what a sync {plan.get_direction_display()} would change: "
        "look at it, and apply it\n"
        for plan in plans
    ]
    return "".join([*lines, f"  {url}/  the stand-in for Airtable; reload to see what changed\n"])
