"""A table of networks in a base that is made up, and what a client of it is told to be."""

from datetime import timedelta
from typing import Any

from airtable_sync.conf import Conf
from standins.airtable import AirtableStandin

TABLE = "Réseaux"
COLUMNS = ["id_fcu", "nom_reseau", "has_trace"]
SCHEMA: list[Any] = [
    {
        "name": TABLE,
        "fields": [
            {"name": "id_fcu", "type": "number", "options": {"precision": 0}},
            {"name": "nom_reseau", "type": "singleLineText"},
            {"name": "has_trace", "type": "checkbox", "options": {}},
        ],
    }
]


def conf_of(standin: AirtableStandin, **other: Any) -> Conf:
    """As the settings are, with other values if they are given."""
    usual: dict[str, Any] = {
        "api_key": standin.key,
        "base": standin.base,
        "url": standin.url,
        "requests_per_second": 4,
        "timeout": timedelta(seconds=5),
        "patience": timedelta(seconds=300),
        "fuse_percent": 20,
    }
    return Conf(**usual | other)


def add_networks(standin: AirtableStandin, count: int) -> None:
    """Numbered from 1."""
    for number in range(1, count + 1):
        standin.table(TABLE).add({"id_fcu": number, "nom_reseau": f"Réseau {number}"})
