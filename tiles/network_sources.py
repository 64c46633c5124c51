"""The tile sources of what `networks` holds."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import QuerySet

from networks.geometry import to_wgs_84
from networks.models import Commune, HeatNetwork
from tiles.sources import Feature, TileSource

ROWS_AT_ONCE = 1_000
# Every feature stays at the low zooms: a network that disappears there looks like none.
KEEP_ALL = ("-r1",)

Properties = Callable[[Any], Mapping[str, Any]]


def communes() -> Iterator[Feature]:
    return features(Commune.objects.order_by("pk"), commune_properties)


def heat_networks() -> Iterator[Feature]:
    with_trace = HeatNetwork.objects.filter(geometry__isnull=False)
    return features(with_trace.order_by("pk"), heat_network_properties)


def commune_properties(commune: Commune) -> Mapping[str, Any]:
    return {"code": commune.insee, "nom": commune.name}


def heat_network_properties(network: HeatNetwork) -> Mapping[str, Any]:
    return {
        "id_fcu": network.id_fcu,
        "Identifiant reseau": network.sncu,
        "nom_reseau": network.name or None,
        "Gestionnaire": network.manager or None,
        "Taux EnR&R": network.taux_enrr,
    }


def features(
    rows: QuerySet[Any], properties: Callable[[Any], Mapping[str, Any]]
) -> Iterator[Feature]:
    """A feature for each row, as many in memory as are converted at once."""
    left = rows.iterator(chunk_size=ROWS_AT_ONCE)
    while batch := list(islice(left, ROWS_AT_ONCE)):
        places = to_wgs_84(np.array([row.geometry for row in batch]))
        for row, place in zip(batch, places, strict=True):
            yield Feature(row.pk, place, properties(row))


COMMUNES = TileSource(
    id="communes",
    label="Communes",
    features=communes,
    options=KEEP_ALL,
    attribution="IGN Admin Express, Licence Ouverte",
)
HEAT_NETWORKS = TileSource(
    id="reseaux-de-chaleur",
    label="Réseaux de chaleur",
    features=heat_networks,
    options=KEEP_ALL,
    cache="short",
    attribution="France Chaleur Urbaine, Licence Ouverte 2.0",
)
