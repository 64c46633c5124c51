"""Which part of its heat a network makes from each energy."""

from typing import Any

import pytest

from tests.networks.factories import HeatNetworkFactory
from tiles.network_sources import heat_network_properties

ENERGIES = {
    "biomasse": "biomasse_solide",
    "geothermie": "geothermie",
    "chaleurIndustrielle": "chaleur_industrielle",
    "solaireThermique": "solaire_thermique",
    "pompeAChaleur": "pac",
    "gaz": "gaz_naturel",
}
SUMS = {
    "uve": ("dechets_internes", "uiom"),
    "fioul": ("fioul_domestique", "fioul_lourd"),
}


def ratios(total: float | None, **produced: float | None) -> dict[str, Any]:
    """The ratios that are known, of a network that produces these MWh."""
    network = HeatNetworkFactory.build(
        production_totale_mwh=total,
        **{f"prod_mwh_{energy}": amount for energy, amount in produced.items()},
    )
    return {
        name.removeprefix("energie_ratio_"): value
        for name, value in heat_network_properties(network).items()
        if name.startswith("energie_ratio_") and value is not None
    }


@pytest.mark.parametrize(("name", "energy"), ENERGIES.items())
def test_it_is_the_part_of_the_total(name, energy):
    assert ratios(1_000, **{energy: 250}) == {name: 0.25}


@pytest.mark.parametrize(("name", "energies"), SUMS.items())
def test_some_are_sums_of_two(name, energies):
    one, other = energies

    assert ratios(1_000, **{one: 250, other: 125}) == {name: 0.375}


@pytest.mark.parametrize("energies", SUMS.values())
def test_a_sum_is_not_known_if_a_part_of_it_is_not(energies):
    one, other = energies

    assert ratios(1_000, **{one: 250, other: None}) == {}
    assert ratios(1_000, **{one: None, other: 250}) == {}


@pytest.mark.parametrize("total", [1_000, 0, None])
def test_nothing_is_none_of_it_whatever_the_total_is(total):
    assert ratios(total, gaz_naturel=0) == {"gaz": 0}


@pytest.mark.parametrize("total", [0, None])
def test_something_of_an_unknown_total_is_not_known(total):
    assert ratios(total, gaz_naturel=250) == {}


def test_there_are_eight():
    properties = heat_network_properties(HeatNetworkFactory.build())

    assert {name for name in properties if name.startswith("energie_ratio_")} == {
        f"energie_ratio_{name}" for name in [*ENERGIES, *SUMS]
    }
