"""Each of the ten rules, at its threshold and a metre beyond, and what it takes precedence of."""

import numpy as np
import pytest

from pro_eligibility.eligibility.verdict import EligibilityType, NetworkKind, Verdict
from tests.pro_eligibility.eligibility.world import (
    HERE,
    commune,
    future,
    heat,
    heat_without_trace,
    perimeter,
    snapshot_of,
    verdict_among,
    zone,
)


@pytest.mark.parametrize(
    ("metres", "type", "eligible"),
    [
        (100, EligibilityType.EXISTING_VERY_CLOSE, True),
        (101, EligibilityType.EXISTING_CLOSE, True),
        (200, EligibilityType.EXISTING_CLOSE, True),
        (201, EligibilityType.EXISTING_FAR, False),
        (1_000, EligibilityType.EXISTING_FAR, False),
    ],
)
def test_rules_2_5_and_7_an_existing_network_so_many_metres_away(metres, type, eligible):
    network = heat(metres)

    verdict = verdict_among(network)

    assert verdict[:5] == (type, eligible, metres, NetworkKind.HEAT_NETWORK, network.id_fcu)


@pytest.mark.parametrize(
    ("metres", "type", "eligible"),
    [
        (60, EligibilityType.EXISTING_VERY_CLOSE, True),
        (61, EligibilityType.EXISTING_CLOSE, True),
        (100, EligibilityType.EXISTING_CLOSE, True),
        (101, EligibilityType.EXISTING_FAR, False),
        (1_000, EligibilityType.EXISTING_FAR, False),
    ],
)
@pytest.mark.parametrize("sncu", ["7501C", "7511C"])
def test_rules_2_5_and_7_a_network_of_paris_so_many_metres_away(sncu, metres, type, eligible):
    verdict = verdict_among(heat(metres, sncu=sncu))

    assert verdict[:3] == (type, eligible, metres)


@pytest.mark.parametrize(
    ("metres", "type", "eligible"),
    [
        (100, EligibilityType.FUTURE_VERY_CLOSE, True),
        (101, EligibilityType.FUTURE_CLOSE, True),
        (200, EligibilityType.FUTURE_CLOSE, True),
        (201, EligibilityType.FUTURE_FAR, False),
        (1_000, EligibilityType.FUTURE_FAR, False),
    ],
)
def test_rules_3_6_and_8_a_future_network_so_many_metres_away(metres, type, eligible):
    network = future(metres)

    verdict = verdict_among(network)

    assert verdict[:5] == (type, eligible, metres, NetworkKind.UNDER_CONSTRUCTION, network.id_fcu)


def test_rule_4_the_zone_of_a_future_network_has_no_distance():
    around = zone()

    verdict = verdict_among(around)

    assert verdict[:5] == (
        EligibilityType.IN_FUTURE_ZONE,
        True,
        None,
        NetworkKind.UNDER_CONSTRUCTION,
        around.id_fcu,
    )


def test_rule_4_the_edge_of_a_zone_is_in_it():
    assert verdict_among(zone(0)).type == EligibilityType.IN_FUTURE_ZONE


def test_rule_4_a_metre_from_a_zone_is_not_in_it():
    assert verdict_among(zone(1)).type == EligibilityType.TOO_FAR


def test_rule_9_a_town_whose_network_has_no_trace():
    network = heat_without_trace(communes_insee=["38001", "38185"])

    verdict = verdict_among(network, commune(insee="38185"))

    assert verdict[:5] == (
        EligibilityType.IN_TOWN_WITHOUT_TRACE,
        False,
        None,
        NetworkKind.HEAT_NETWORK,
        network.id_fcu,
    )


def test_rule_9_is_for_the_communes_of_the_network_only():
    network = heat_without_trace(communes_insee=["38001"])

    assert verdict_among(network, commune(insee="38185")).type == EligibilityType.TOO_FAR


def test_rule_9_takes_the_lowest_id_of_several_networks():
    networks = [heat_without_trace(id_fcu=id_fcu, communes_insee=["38185"]) for id_fcu in (8, 7)]

    assert verdict_among(*networks, commune(insee="38185")).id_fcu == 7


def test_rule_10_more_than_a_kilometre_from_all_networks():
    assert verdict_among(heat(1_001), future(1_001)) == Verdict(EligibilityType.TOO_FAR, False)


def test_rule_10_there_is_no_network_at_all():
    assert verdict_among() == Verdict(EligibilityType.TOO_FAR, False)


IN_ORDER = [
    (perimeter(sncu="9999C"), EligibilityType.IN_PDP_EXISTING),
    (heat(100), EligibilityType.EXISTING_VERY_CLOSE),
    (future(100), EligibilityType.FUTURE_VERY_CLOSE),
    (zone(), EligibilityType.IN_FUTURE_ZONE),
    (heat(200), EligibilityType.EXISTING_CLOSE),
    (future(200), EligibilityType.FUTURE_CLOSE),
    (heat(1_000), EligibilityType.EXISTING_FAR),
    (future(1_000), EligibilityType.FUTURE_FAR),
    (heat_without_trace(communes_insee=["38185"]), EligibilityType.IN_TOWN_WITHOUT_TRACE),
]


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_the_first_rule_that_holds_decides(first):
    rows = [row for row, _ in IN_ORDER[first:]]

    verdict = verdict_among(*rows, commune(insee="38185"))

    assert verdict.type == IN_ORDER[first][1]


@pytest.mark.parametrize(
    ("metres", "rounded", "type"),
    [
        (100.49, 100, EligibilityType.EXISTING_VERY_CLOSE),
        (100.5, 101, EligibilityType.EXISTING_CLOSE),
        (200.49, 200, EligibilityType.EXISTING_CLOSE),
        (200.5, 201, EligibilityType.EXISTING_FAR),
        (1_000.49, 1_000, EligibilityType.EXISTING_FAR),
        (1_000.5, None, EligibilityType.TOO_FAR),
    ],
)
def test_the_rounded_distance_is_compared_and_half_a_metre_counts_as_one(metres, rounded, type):
    verdict = verdict_among(heat(metres))

    assert (verdict.distance, verdict.type) == (rounded, type)


@pytest.mark.parametrize(
    "closed",
    [
        heat(0, open_to_connections=False),
        future(0, open_to_connections=False),
        zone(open_to_connections=False),
        heat_without_trace(open_to_connections=False, communes_insee=["38185"]),
    ],
    ids=["heat", "future", "zone", "without trace"],
)
def test_a_closed_network_makes_no_address_eligible(closed):
    assert verdict_among(closed, commune(insee="38185")).type == EligibilityType.TOO_FAR


def test_a_closed_network_hides_no_open_one():
    network = heat(150)

    assert verdict_among(heat(0, open_to_connections=False), network).id_fcu == network.id_fcu


@pytest.mark.parametrize("made", [heat, future, zone])
def test_of_two_networks_as_near_the_lowest_id_is_taken(made):
    assert verdict_among(made(id_fcu=8), made(id_fcu=7), made(id_fcu=9)).id_fcu == 7


def test_of_two_networks_as_near_with_other_thresholds_the_lowest_id_is_taken():
    assert verdict_among(heat(50, id_fcu=8), heat(50, id_fcu=7, sncu="7501C")).id_fcu == 7


def test_the_nearest_of_several_is_taken_whatever_its_id():
    assert verdict_among(heat(90, id_fcu=1), heat(80, id_fcu=2)).id_fcu == 2


def test_each_point_has_its_own_verdict_in_the_order_given():
    snapshot = snapshot_of(heat(0))

    verdicts = snapshot.assess(np.add(HERE, [(0, 500), (0, 0), (0, -50)]))

    assert [verdict.distance for verdict in verdicts] == [500, 0, 50]


def test_no_points_have_no_verdicts():
    assert snapshot_of(heat()).assess(np.empty((0, 2))) == []


def test_a_point_that_is_nowhere_is_refused():
    with pytest.raises(ValueError) as refused:
        snapshot_of().assess(np.array([HERE, (np.nan, 1.0)]))

    assert str(refused.value) == "Point 1 is [nan  1.]; expected metres in Lambert-93."


def test_an_array_of_another_shape_is_refused():
    with pytest.raises(ValueError) as refused:
        snapshot_of().assess(np.array([700_000.0, 6_600_000.0]))

    assert str(refused.value) == "The points have the shape (2,); expected (n, 2): x and y."
