"""Networks and a base of Airtable that have drifted apart, all made up, and who sees to that."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from airtable_sync.payload import TYPES, Direction, SyncTable, enqueue_sync
from airtable_sync.schema import expected_schema
from airtable_sync.tables import TABLES
from jobs.models import Job
from networks.models import HeatNetwork
from standins.airtable import AirtableStandin
from tests.airtable_sync.syncing import HEAT, change
from tests.chaos.waiting import wait_until
from tests.chaos.worker import Worker
from tests.factories import UserFactory
from tests.networks.factories import HeatNetworkFactory

LONG_AGO, LATELY = datetime(2023, 5, 4, tzinfo=UTC), datetime(2026, 9, 14, tzinfo=UTC)
Cells = dict[str, dict[str, Any]]


@pytest.fixture
def anne(transactional_db: None) -> User:
    """An administrator who may do everything."""
    return UserFactory(username="anne", password="swordfish", is_staff=True, is_superuser=True)


@pytest.fixture
def standin(settings: Any) -> Iterator[AirtableStandin]:
    with AirtableStandin(expected_schema()) as standin:
        place = {"api_key": standin.key, "base": standin.base, "url": standin.url}
        settings.AIRTABLE = settings.AIRTABLE | place
        yield standin


@pytest.fixture
def worker(standin: AirtableStandin, tmp_path: Path) -> Iterator[Worker]:
    place = {
        "AIRTABLE_URL": standin.url,
        "AIRTABLE_API_KEY": standin.key,
        "AIRTABLE_BASE": standin.base,
    }
    worker = Worker(tmp_path / "worker.log", "--types", *TYPES.values(), **place)
    yield worker
    worker.end()


@pytest.fixture
def drifted(standin: AirtableStandin, worker: Worker, anne: User) -> None:
    """Both sides had agreed; then each went on by itself."""
    add("9901C", "Réseau des Trois-Fontaines", "Brévigny-sur-Orne")
    add("9902C", "Réseau du Vieux-Moulin", "Courtemont")
    add("9903C", "Réseau de la Plaine Saint-Martin", "Saint-Martin-des-Prés")
    add("9904C", "Réseau du Clos des Vignes", "Courtemont")
    add("9905C", "Réseau de l’Hôtel-Dieu", "Brévigny-sur-Orne")
    add("9906C", "Réseau des Hauts de Villemeur", "Villemeur", "Courtemont")
    sync(Direction.TO_AIRTABLE, by=anne)
    change(standin, number("9904C"), {"Gestionnaire": "Chaleur des Vignes"})
    sync(Direction.FROM_AIRTABLE, by=anne)
    drift_here()
    drift_there(standin)


def drift_here() -> None:
    add("9907C", "Réseau des Tilleuls", "Villemeur")
    communes = ["Brévigny-sur-Orne", "Courtemont"]
    update("9901C", communes=communes, geometry_changed_at=LATELY)
    update("9902C", has_pdp=True, pdp_changed_at=LATELY)
    update("9903C", departement="Sarthe", region="Pays de la Loire")


def drift_there(standin: AirtableStandin) -> None:
    """One that changed here too, one of a network that there is not, one without its number."""
    change(standin, number("9903C"), {"departement": "Mayenne"})
    table = standin.table(TABLES[HEAT].title)
    table.add({"id_fcu": 4711, "nom_reseau": "Réseau de la Gare", "Identifiant reseau": "9915C"})
    table.add({"nom_reseau": "Réseau du Port", "Identifiant reseau": "9916C"})


def add(sncu: str, name: str, *communes: str) -> None:
    HeatNetworkFactory(
        sncu=sncu,
        name=name,
        manager="Énergies du Bocage",
        communes=list(communes),
        departement="Orne",
        region="Normandie",
        geometry_changed_at=LONG_AGO,
    )


def update(sncu: str, **fields: Any) -> None:
    HeatNetwork.objects.filter(sncu=sncu).update(**fields)


def number(sncu: str) -> int:
    return HeatNetwork.objects.get(sncu=sncu).pk


def sync(direction: Direction, *, by: User) -> None:
    job = enqueue_sync(direction, SyncTable(name=HEAT), by=by)
    wait_until(lambda: Job.objects.get(pk=job.pk).finished_at)


def cells(standin: AirtableStandin) -> Cells:
    """All that Airtable has, by SNCU number."""
    records = [record["fields"] for record in standin.table(TABLES[HEAT].title).records]
    return {fields["Identifiant reseau"]: fields for fields in records}


def differing(cells: Cells, before: Cells) -> Cells:
    """What is not as it was before, of the networks of which anything is not."""
    found = {
        sncu: dict(fields.items() - before.get(sncu, {}).items()) for sncu, fields in cells.items()
    }
    return {sncu: fields for sncu, fields in found.items() if fields}
