"""D-3.7 and D-3.9 of the original: whose figures are said, and which network is the nearest."""

import pytest

from pro_eligibility.eligibility.verdict import EligibilityType
from tests.pro_eligibility.eligibility.world import (
    commune,
    future,
    heat,
    heat_without_trace,
    perimeter,
    verdict_among,
    zone,
)

OF_ITS_OWN = {"sncu": "9209C", "name": "Le bon", "taux_enrr": 61.5, "contenu_co2_acv": 0.045}
EXPECTED = ("9209C", "Le bon", 61.5, 0.045)
NEARBY = {"sncu": "7512C", "name": "L'autre", "taux_enrr": 10.0, "contenu_co2_acv": 0.2}


def figures(verdict):
    return verdict.sncu, verdict.network_name, verdict.taux_enrr, verdict.contenu_co2_acv


def test_d_3_7_the_figures_are_those_of_the_matched_network():
    assert figures(verdict_among(heat(150, **NEARBY), heat(50, **OF_ITS_OWN))) == EXPECTED


def test_d_3_7_the_figures_are_those_of_the_network_of_the_perimeter():
    around = perimeter(sncu="9209C")

    assert figures(verdict_among(around, heat(0, **NEARBY), heat(900, **OF_ITS_OWN))) == EXPECTED


def test_d_3_7_the_figures_are_those_of_the_network_without_trace():
    network = heat_without_trace(communes_insee=["38185"], **OF_ITS_OWN)

    assert figures(verdict_among(network, commune(insee="38185"), heat(2_000))) == EXPECTED


@pytest.mark.parametrize("made", [future, zone])
def test_d_3_7_a_future_network_has_no_figures_of_an_existing_one(made):
    verdict = verdict_among(made(name="Demain"), heat(150, **NEARBY))

    assert figures(verdict) == ("", "Demain", None, None)


def test_d_3_7_a_perimeter_with_a_future_network_has_no_figures_of_an_existing_one():
    tomorrow = future(0, name="Demain")
    around = perimeter(under_construction_ids=[tomorrow.id_fcu])

    verdict = verdict_among(around, tomorrow, heat(0, **NEARBY))

    assert figures(verdict) == ("", "Demain", None, None)


def test_d_3_9_a_farther_network_that_makes_eligible_beats_a_nearer_one_that_does_not():
    paris, other = heat(150, sncu="7501C"), heat(180)

    verdict = verdict_among(paris, other)

    assert (verdict.type, verdict.eligible) == (EligibilityType.EXISTING_CLOSE, True)
    assert (verdict.id_fcu, verdict.distance) == (other.id_fcu, 180)


def test_d_3_9_a_farther_network_that_is_very_close_beats_a_nearer_one_that_is_close():
    paris, other = heat(80, sncu="7501C"), heat(95)

    verdict = verdict_among(paris, other)

    assert (verdict.type, verdict.id_fcu) == (EligibilityType.EXISTING_VERY_CLOSE, other.id_fcu)


def test_d_3_9_where_none_makes_eligible_the_nearest_is_said():
    paris, other = heat(150, sncu="7501C"), heat(250)

    verdict = verdict_among(paris, other)

    assert (verdict.type, verdict.id_fcu) == (EligibilityType.EXISTING_FAR, paris.id_fcu)


def test_d_3_9_where_both_make_eligible_the_nearest_is_said():
    paris, other = heat(50, sncu="7501C"), heat(60)

    assert verdict_among(paris, other).id_fcu == paris.id_fcu


def test_d_3_9_a_future_network_in_paris_has_the_thresholds_of_all_future_networks():
    verdict = verdict_among(future(200), commune(insee="75056"), heat(900, sncu="7501C"))

    assert verdict.type == EligibilityType.FUTURE_CLOSE


def test_d_3_9_another_network_in_paris_has_the_thresholds_of_its_number():
    verdict = verdict_among(heat(200, sncu="7512C"), commune(insee="75056"))

    assert verdict.type == EligibilityType.EXISTING_CLOSE


def test_d_3_9_a_network_of_paris_keeps_its_thresholds_outside_paris():
    verdict = verdict_among(heat(101, sncu="7501C"), commune(insee="93055"))

    assert verdict.type == EligibilityType.EXISTING_FAR
