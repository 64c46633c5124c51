"""The commune of a point, and the département and région of the commune."""

from pro_eligibility.eligibility.verdict import EligibilityType
from tests.pro_eligibility.eligibility.world import commune, heat_without_trace, verdict_among

GRENOBLE = ("38185", "Grenoble", "Isère", "Auvergne-Rhône-Alpes")


def place_among(*rows):
    return verdict_among(*rows)[-4:]


def test_the_commune_that_contains_the_point_with_its_departement_and_region():
    assert place_among(commune(insee="38185", name="Grenoble")) == GRENOBLE


def test_a_corsican_commune_has_its_departement():
    assert place_among(commune(insee="2A004"))[2:] == ("Corse-du-Sud", "Corse")


def test_a_code_of_no_departement_has_neither_departement_nor_region():
    assert place_among(commune(insee="00001"))[2:] == ("", "")


def test_in_a_gap_between_outlines_the_nearest_commune_is_said():
    communes = commune(20, insee="38001"), commune(10, insee="38185", name="Grenoble")

    assert place_among(*communes) == GRENOBLE


def test_a_commune_a_kilometre_away_is_said():
    assert place_among(commune(1_000, insee="38185"))[0] == "38185"


def test_a_commune_farther_than_a_kilometre_is_not_said():
    assert place_among(commune(1_001, insee="38185")) == ("", "", "", "")


def test_on_the_border_of_two_communes_the_lowest_code_is_said():
    assert place_among(commune(0, insee="38185"), commune(-1_000, insee="38001"))[0] == "38001"


def test_rule_9_is_about_the_commune_that_is_said():
    network = heat_without_trace(communes_insee=["38185"])

    verdict = verdict_among(network, commune(10, insee="38185"))

    assert verdict.type == EligibilityType.IN_TOWN_WITHOUT_TRACE
