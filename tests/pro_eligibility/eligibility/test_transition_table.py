"""What holds for the transitions between all pairs of types, whatever the network."""

from itertools import product

import pytest

from pro_eligibility.eligibility.transitions import transition
from pro_eligibility.eligibility.verdict import Transition
from tests.pro_eligibility.eligibility.verdicts import FUTURE, Type, verdict

PAIRS = list(product(Type, Type))
# The network of the verdict after: the same where the kind is, or another.
NETWORKS = [7, 8]
PDP = {Type.IN_PDP_EXISTING, Type.IN_PDP_FUTURE}
EXISTING = set(Type) - FUTURE - {Type.IN_TOWN_WITHOUT_TRACE, Type.TOO_FAR}

REVERSED = {
    Transition.ENTERED_PDP: {Transition.LEFT_PDP},
    Transition.LEFT_PDP: {Transition.ENTERED_PDP},
    Transition.BETTER: {Transition.WORSE},
    Transition.WORSE: {Transition.BETTER},
    Transition.ENTERED_TOWN: {Transition.LEFT_TOWN},
    Transition.LEFT_TOWN: {Transition.ENTERED_TOWN},
    Transition.NEW_EXISTING: {Transition.REMOVED},
    Transition.NEW_FUTURE: {Transition.REMOVED},
    Transition.REMOVED: {Transition.NEW_EXISTING, Transition.NEW_FUTURE},
    Transition.FUTURE_TO_EXISTING: {Transition.OTHER_NETWORK},
    Transition.OTHER_NETWORK: {Transition.OTHER_NETWORK, Transition.FUTURE_TO_EXISTING},
    Transition.NONE: {Transition.NONE},
}


def after(type, id_fcu):
    return verdict(type) if type == Type.TOO_FAR else verdict(type, id_fcu=id_fcu)


def every():
    for before_type, after_type in PAIRS:
        for id_fcu in NETWORKS:
            yield verdict(before_type), after(after_type, id_fcu)


def test_nothing_has_changed_if_and_only_if_type_and_network_are_the_same():
    for one, other in every():
        assert (transition(one, other) == Transition.NONE) == (one == other)


@pytest.mark.parametrize(("before_type", "after_type"), PAIRS)
def test_the_way_back_is_the_reverse(before_type, after_type):
    for id_fcu in NETWORKS:
        one, other = verdict(before_type), after(after_type, id_fcu)
        assert transition(other, one) in REVERSED[transition(one, other)]


def test_only_a_move_over_the_edge_of_a_perimeter_enters_or_leaves_it():
    for one, other in every():
        moved = (one.type in PDP) != (other.type in PDP)
        said = transition(one, other) in (Transition.ENTERED_PDP, Transition.LEFT_PDP)
        assert said == moved


def test_a_future_network_is_in_service_only_if_the_verdict_was_future_and_is_existing():
    for one, other in every():
        if transition(one, other) == Transition.FUTURE_TO_EXISTING:
            assert one.type in FUTURE
            assert other.type in EXISTING


def test_a_change_of_proximity_is_within_one_family_and_of_one_network():
    for one, other in every():
        if transition(one, other) in (Transition.BETTER, Transition.WORSE):
            assert {one.type, other.type} <= FUTURE or {one.type, other.type} <= EXISTING
            assert one[3:5] == other[3:5]


def test_every_word_but_three_is_said_of_some_pair():
    said = {transition(one, other) for one, other in every()}

    # Of one type and network, and of its distance; of verdicts that no rule gives.
    of_one_type = {Transition.FARTHER, Transition.NEARER, Transition.MINOR}
    never = {Transition.NEW_NETWORK, Transition.OTHER_TYPE}
    assert set(Transition) - said == {Transition.INITIAL, *of_one_type, *never}


def test_no_pair_of_verdicts_of_the_rules_is_left_to_the_last_word():
    assert Transition.OTHER_TYPE not in {transition(one, other) for one, other in every()}
