"""Networks here and in Airtable, all made up.

By the dozen they are under construction: of all tables that one has the fewest columns.
"""

from collections.abc import Iterable
from typing import Any

from airtable_sync.tables import TABLES
from networks.models import HeatNetwork, NetworkUnderConstruction
from standins.airtable import AirtableStandin
from tests.airtable_sync.syncing import FUTURE, cells, pull, push
from tests.networks.factories import HeatNetworkFactory, line


def heat_on_both_sides() -> HeatNetwork:
    """One that both sides were seen to agree on."""
    heat: HeatNetwork = HeatNetworkFactory(
        sncu="0301C", communes=["Moulins"], departement="Allier", region="Auvergne"
    )
    push()
    pull()
    return heat


def rows(numbers: Iterable[int]) -> None:
    trace = line()
    NetworkUnderConstruction.objects.bulk_create(
        NetworkUnderConstruction(
            id_fcu=number,
            name=f"Projet {number}",
            communes=["Moulins"],
            manager="Chaleur SA",
            geometry=trace,
        )
        for number in numbers
    )


def records(standin: AirtableStandin, numbers: Iterable[int], **other: Any) -> None:
    """As the rows of these numbers are, but for the cells that are given."""
    table = standin.table(TABLES[FUTURE].title)
    for number in numbers:
        usual = {
            "id_fcu": number,
            "nom_reseau": f"Projet {number}",
            "communes": "Moulins",
            "gestionnaire": "Chaleur SA",
            "ouvert_aux_raccordements": True,
        }
        table.add(usual | other)


def here() -> dict[int, tuple[str, str, str, bool]]:
    """By number: name, communes, manager, and whether it is open to connections."""
    found = NetworkUnderConstruction.objects.defer("geometry")
    return {
        row.pk: (row.name, ",".join(row.communes), row.manager, row.open_to_connections)
        for row in found
    }


def there(standin: AirtableStandin) -> dict[int, tuple[str, str, str, bool]]:
    """The same of each record. A number that two of them have fails."""
    found = cells(standin, FUTURE)
    assert len(found) == len(standin.table(TABLES[FUTURE].title).records)
    return {
        number: (
            record.get("nom_reseau", ""),
            record.get("communes", ""),
            record.get("gestionnaire", ""),
            "ouvert_aux_raccordements" in record,
        )
        for number, record in found.items()
    }
