"""Tells whether two verdicts rest on the same data."""

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import shapely

from networks.models import Commune, DevelopmentPerimeter, HeatNetwork, NetworkUnderConstruction
from pro_eligibility.eligibility.pieces import has_place

BYTES = 6
Row = Commune | DevelopmentPerimeter | HeatNetwork | NetworkUnderConstruction


def data_version(rows: Iterable[Row]) -> str:
    """12 hexadecimal digits: the same for the same rows in any order, others for others.

    Only what may decide a verdict counts: not the manager of a network, nor its length.
    """
    whole = blake2b(digest_size=BYTES)
    for digest in sorted(digest_of(row) for row in rows):
        whole.update(digest)
    return whole.hexdigest()


def digest_of(row: Row) -> bytes:
    geometry = shapely.to_wkb(row.geometry) if has_place(row) else b""
    fields = json.dumps([type(row).__name__, *deciding(row), len(geometry)])
    return blake2b(fields.encode() + geometry).digest()


def deciding(row: Row) -> list[Any]:
    match row:
        case Commune():
            return [row.insee, row.name]
        case NetworkUnderConstruction():
            return [row.id_fcu, row.name, row.open_to_connections]
        case DevelopmentPerimeter():
            heat, under_construction = set(row.heat_network_ids), set(row.under_construction_ids)
            return [row.id_fcu, row.sncu, sorted(heat), sorted(under_construction)]
    # Where a trace is known, the communes it crosses decide nothing.
    communes = [] if has_place(row) else sorted(set(row.communes_insee))
    figures = [row.taux_enrr, row.contenu_co2_acv]
    return [row.id_fcu, row.sncu, row.name, row.open_to_connections, *figures, communes]
