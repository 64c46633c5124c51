"""Rule 1: the perimeter that contains a point, and the network it rests on (D-3.8)."""

from itertools import permutations

import pytest

from pro_eligibility.eligibility.verdict import EligibilityType, NetworkKind, Verdict
from tests.pro_eligibility.eligibility.world import (
    future,
    heat,
    heat_without_trace,
    perimeter,
    verdict_among,
    zone,
)

EXISTING, FUTURE = EligibilityType.IN_PDP_EXISTING, EligibilityType.IN_PDP_FUTURE
HEAT, UNDER_CONSTRUCTION = NetworkKind.HEAT_NETWORK, NetworkKind.UNDER_CONSTRUCTION


def test_rule_1_the_network_with_the_number_of_the_perimeter():
    network = heat(700, sncu="9209C")

    verdict = verdict_among(perimeter(sncu="9209C"), network, heat(0))

    assert verdict[:5] == (EXISTING, True, 700, HEAT, network.id_fcu)


def test_rule_1_the_networks_that_a_perimeter_names():
    farther, nearer = heat(700), heat(600)
    around = perimeter(heat_network_ids=[farther.id_fcu, nearer.id_fcu])

    verdict = verdict_among(around, farther, nearer)

    assert verdict[:5] == (EXISTING, True, 600, HEAT, nearer.id_fcu)


def test_rule_1_a_future_network():
    network = future(700)

    verdict = verdict_among(perimeter(under_construction_ids=[network.id_fcu]), network)

    assert verdict[:5] == (FUTURE, True, 700, UNDER_CONSTRUCTION, network.id_fcu)


def test_rule_1_the_network_may_be_more_than_a_kilometre_away():
    assert verdict_among(perimeter(sncu="9209C"), heat(5_000, sncu="9209C")).distance == 5_000


def test_rule_1_the_network_may_be_closed():
    closed = heat(10, sncu="9209C", open_to_connections=False)

    assert verdict_among(perimeter(sncu="9209C"), closed)[:3] == (EXISTING, True, 10)


def test_rule_1_the_edge_of_a_perimeter_is_in_it():
    assert verdict_among(perimeter(0)).type == EXISTING


def test_rule_1_a_metre_from_a_perimeter_is_not_in_it():
    assert verdict_among(perimeter(1)).type == EligibilityType.TOO_FAR


@pytest.mark.parametrize(
    ("existing", "to_come", "type", "distance"),
    [
        (300, 400, EXISTING, 300),
        (400, 300, FUTURE, 300),
        (300, 300, EXISTING, 300),
        (300, -300, EXISTING, 300),
    ],
)
def test_rule_1_the_nearer_of_an_existing_and_a_future_network(existing, to_come, type, distance):
    rows = heat(existing, sncu="9209C"), future(to_come)
    around = perimeter(sncu="9209C", under_construction_ids=[rows[1].id_fcu])

    verdict = verdict_among(around, *rows)

    assert (verdict.type, verdict.distance) == (type, distance)


def test_rule_1_inside_a_zone_of_its_own_the_network_is_a_future_one_without_a_distance():
    inside = zone()
    around = perimeter(sncu="9209C", under_construction_ids=[inside.id_fcu])

    verdict = verdict_among(around, inside, heat(0, sncu="9209C"))

    assert verdict[:5] == (FUTURE, True, None, UNDER_CONSTRUCTION, inside.id_fcu)


def test_d_3_8_an_existing_network_without_trace_is_existing_and_has_no_distance():
    network = heat_without_trace(sncu="9209C", name="Sans trace")

    verdict = verdict_among(perimeter(sncu="9209C"), network, heat(0))

    assert verdict[:7] == (EXISTING, True, None, HEAT, network.id_fcu, "9209C", "Sans trace")


def test_d_3_8_an_existing_network_without_trace_that_is_named_by_id():
    network = heat_without_trace()

    verdict = verdict_among(perimeter(heat_network_ids=[network.id_fcu]), network)

    assert verdict[:5] == (EXISTING, True, None, HEAT, network.id_fcu)


def test_d_3_8_an_existing_network_without_trace_stays_existing_beside_a_future_one():
    network, to_come = heat_without_trace(sncu="9209C"), future(10)
    around = perimeter(sncu="9209C", under_construction_ids=[to_come.id_fcu])

    verdict = verdict_among(around, network, to_come)

    assert verdict[:5] == (EXISTING, True, None, HEAT, network.id_fcu)


def test_d_3_8_a_traced_network_is_preferred_to_one_without_trace():
    untraced, traced = heat_without_trace(), heat(300)
    around = perimeter(heat_network_ids=[untraced.id_fcu, traced.id_fcu])

    assert verdict_among(around, untraced, traced).id_fcu == traced.id_fcu


def test_d_3_8_a_future_network_without_geometry_is_future_and_has_no_distance():
    network = future(geometry=None)

    verdict = verdict_among(perimeter(under_construction_ids=[network.id_fcu]), network)

    assert verdict[:5] == (FUTURE, True, None, UNDER_CONSTRUCTION, network.id_fcu)


def test_d_3_8_a_perimeter_that_names_no_network_is_not_a_future_one():
    assert verdict_among(perimeter()) == Verdict(EXISTING, True)


def test_d_3_8_a_perimeter_whose_network_is_unknown_says_its_number():
    assert verdict_among(perimeter(sncu="9209C")) == Verdict(EXISTING, True, sncu="9209C")


def test_d_3_8_a_zone_that_does_not_contain_the_point_is_considered_by_its_distance():
    network, outside = heat(300, sncu="9209C"), zone(200)
    around = perimeter(sncu="9209C", under_construction_ids=[outside.id_fcu])

    verdict = verdict_among(around, network, outside)

    assert verdict[:5] == (FUTURE, True, 200, UNDER_CONSTRUCTION, outside.id_fcu)


def in_any_order(*perimeters, among=()):
    """The id of the network that the verdict rests on, if it is the same for each order."""
    found = {verdict_among(*order, *among).id_fcu for order in permutations(perimeters)}
    assert len(found) == 1
    return found.pop()


def test_d_3_8_of_overlapping_perimeters_one_with_an_existing_network_is_taken():
    existing, to_come = heat(900), future(10)
    perimeters = [
        perimeter(under_construction_ids=[to_come.id_fcu]),
        perimeter(heat_network_ids=[existing.id_fcu]),
        perimeter(),
    ]

    assert in_any_order(*perimeters, among=[existing, to_come]) == existing.id_fcu


def test_d_3_8_of_overlapping_perimeters_that_with_the_nearest_network_is_taken():
    networks = heat(900), heat(800), heat_without_trace()
    perimeters = [perimeter(heat_network_ids=[network.id_fcu]) for network in networks]

    assert in_any_order(*perimeters, among=networks) == networks[1].id_fcu


def test_d_3_8_of_overlapping_perimeters_with_a_future_network_the_zone_around_is_taken():
    networks = future(10), zone(), zone(20)
    perimeters = [perimeter(under_construction_ids=[network.id_fcu]) for network in networks]

    assert in_any_order(*perimeters, among=networks) == networks[1].id_fcu


def test_d_3_8_of_overlapping_perimeters_that_with_the_lowest_id_is_taken():
    networks = heat_without_trace(id_fcu=1), heat_without_trace(id_fcu=2)
    perimeters = (
        perimeter(id_fcu=9, heat_network_ids=[1]),
        perimeter(id_fcu=3, heat_network_ids=[2]),
    )

    assert in_any_order(*perimeters, among=networks) == 2


def test_d_3_8_of_overlapping_perimeters_without_networks_the_lowest_id_is_taken():
    perimeters = perimeter(id_fcu=9, sncu="9209C"), perimeter(id_fcu=3, sncu="9301C")

    assert {verdict_among(*order).sncu for order in permutations(perimeters)} == {"9301C"}
