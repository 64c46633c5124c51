"""A version is equal if and only if all that decides a verdict is."""

import pytest

from tests.pro_eligibility.eligibility.world import (
    area,
    commune,
    future,
    heat,
    heat_without_trace,
    perimeter,
    snapshot_of,
    trace,
)

KNOWN = {
    heat: {
        "id_fcu": 1,
        "sncu": "9209C",
        "name": "Réseau",
        "taux_enrr": 50.0,
        "contenu_co2_acv": 0.1,
        "open_to_connections": True,
    },
    heat_without_trace: {"id_fcu": 1, "sncu": "9209C", "communes_insee": ["38001", "38185"]},
    future: {"id_fcu": 1, "name": "Projet", "open_to_connections": True},
    perimeter: {
        "id_fcu": 1,
        "sncu": "9209C",
        "heat_network_ids": [1, 2],
        "under_construction_ids": [3, 4],
    },
    commune: {"insee": "38185", "name": "Grenoble"},
}


def version(made, **changes):
    return snapshot_of(made(**KNOWN[made] | changes)).data_version


@pytest.mark.parametrize("made", KNOWN)
def test_the_same_data_has_the_same_version(made):
    assert version(made) == version(made)


@pytest.mark.parametrize(
    ("made", "field", "value"),
    [
        (heat, "id_fcu", 2),
        (heat, "sncu", "9301C"),
        (heat, "name", "Autre nom"),
        (heat, "taux_enrr", None),
        (heat, "contenu_co2_acv", 0.2),
        (heat, "open_to_connections", False),
        (heat, "geometry", trace(0.001)),
        (heat, "geometry", None),
        (heat_without_trace, "communes_insee", ["38001"]),
        (future, "id_fcu", 2),
        (future, "name", "Autre nom"),
        (future, "open_to_connections", False),
        (future, "geometry", area(0)),
        (perimeter, "id_fcu", 2),
        (perimeter, "sncu", ""),
        (perimeter, "heat_network_ids", [1]),
        (perimeter, "under_construction_ids", [3]),
        (perimeter, "geometry", area(1)),
        (commune, "insee", "38001"),
        (commune, "name", "Grenoble-Ville"),
        (commune, "geometry", area(1)),
    ],
)
def test_a_change_of_what_decides_is_another_version(made, field, value):
    assert version(made, **{field: value}) != version(made)


@pytest.mark.parametrize(
    ("made", "field", "value"),
    [
        (heat, "manager", "Une autre société"),
        (heat, "length_m", 12.0),
        (heat, "communes_insee", ["38001"]),
        (heat_without_trace, "communes_insee", ["38185", "38001"]),
        (future, "commissioning", "2031"),
        (perimeter, "name", "Autre nom"),
        (perimeter, "heat_network_ids", [2, 1]),
        (perimeter, "under_construction_ids", [4, 3, 3]),
    ],
)
def test_a_change_of_what_decides_nothing_is_the_same_version(made, field, value):
    assert version(made, **{field: value}) == version(made)


def test_the_order_of_the_rows_does_not_matter():
    rows = [heat(), heat(20), future(), perimeter(), commune()]

    assert snapshot_of(*rows).data_version == snapshot_of(*reversed(rows)).data_version


def test_one_row_more_is_another_version():
    network = heat()

    assert snapshot_of(network, heat()).data_version != snapshot_of(network).data_version


def test_the_same_values_in_another_table_are_another_version():
    fields = {"id_fcu": 1, "name": "Réseau", "geometry": area(0)}

    assert snapshot_of(future(**fields)).data_version != snapshot_of(heat(**fields)).data_version


def test_a_version_is_twelve_hexadecimal_digits():
    version = snapshot_of(heat()).data_version

    assert len(version) == 12
    assert set(version) <= set("0123456789abcdef")
