"""Each transition by name, and the cases that docs/eligibility.md decides."""

import pytest

from pro_eligibility.eligibility.transitions import transition
from tests.pro_eligibility.eligibility.verdicts import Type, verdict

FAR, CLOSE, VERY_CLOSE = Type.EXISTING_FAR, Type.EXISTING_CLOSE, Type.EXISTING_VERY_CLOSE
TO_COME_FAR, TO_COME_CLOSE = Type.FUTURE_FAR, Type.FUTURE_CLOSE
TO_COME_VERY_CLOSE, ZONE = Type.FUTURE_VERY_CLOSE, Type.IN_FUTURE_ZONE
PDP, PDP_TO_COME = Type.IN_PDP_EXISTING, Type.IN_PDP_FUTURE
TOWN, TOO_FAR = Type.IN_TOWN_WITHOUT_TRACE, Type.TOO_FAR


def between(before, after):
    """The transition between two types, of the same network where they are of one kind."""
    return transition(verdict(before), verdict(after))


def of_a_distance(before, after):
    return transition(verdict(FAR, distance=before), verdict(FAR, distance=after))


def test_the_first_result_is_initial():
    assert transition(None, verdict(TOO_FAR)) == "initial"


def test_nothing_has_changed():
    assert between(CLOSE, CLOSE) == "none"


@pytest.mark.parametrize("distance", [496, 500, 504])
def test_less_than_five_metres_are_no_change(distance):
    assert of_a_distance(500, distance) == "none"


@pytest.mark.parametrize("distance", [451, 495, 505, 549])
def test_five_to_forty_nine_metres_are_a_minor_change(distance):
    assert of_a_distance(500, distance) == "modification_mineure"


def test_fifty_metres_more_are_farther():
    assert of_a_distance(500, 550) == "eloignement"


def test_fifty_metres_less_are_nearer():
    assert of_a_distance(500, 450) == "rapprochement"


def test_another_number_of_the_same_network_is_a_minor_change():
    assert transition(verdict(CLOSE), verdict(CLOSE, sncu="9210C")) == "modification_mineure"


@pytest.mark.parametrize(("before", "after"), [(None, 50), (50, None)])
def test_a_distance_that_was_not_measured_before_or_is_not_now_is_a_minor_change(before, after):
    verdicts = verdict(PDP, distance=before), verdict(PDP, distance=after)

    assert transition(*verdicts) == "modification_mineure"


@pytest.mark.parametrize(
    "changes", [{"network_name": "Autre"}, {"taux_enrr": 1.0}, {"commune": "Autre"}]
)
def test_a_change_of_what_is_only_repeated_is_no_change(changes):
    assert transition(verdict(CLOSE), verdict(CLOSE, **changes)) == "none"


@pytest.mark.parametrize("before", [VERY_CLOSE, ZONE, TOWN, TOO_FAR])
@pytest.mark.parametrize("after", [PDP, PDP_TO_COME])
def test_into_a_perimeter(before, after):
    assert between(before, after) == "entree_pdp"


@pytest.mark.parametrize("before", [PDP, PDP_TO_COME])
@pytest.mark.parametrize("after", [VERY_CLOSE, ZONE, TOWN, TOO_FAR])
def test_out_of_a_perimeter(before, after):
    assert between(before, after) == "sortie_pdp"


@pytest.mark.parametrize("before", [TO_COME_FAR, TO_COME_CLOSE, TO_COME_VERY_CLOSE, ZONE])
@pytest.mark.parametrize("after", [FAR, CLOSE, VERY_CLOSE])
def test_from_a_future_network_to_an_existing_one(before, after):
    assert between(before, after) == "futur_vers_existant"


def test_a_perimeter_whose_future_network_is_in_service():
    assert between(PDP_TO_COME, PDP) == "futur_vers_existant"


@pytest.mark.parametrize("after", [TO_COME_FAR, TO_COME_CLOSE, TO_COME_VERY_CLOSE, ZONE])
def test_a_new_future_network(after):
    assert between(TOO_FAR, after) == "nouveau_reseau_futur"


@pytest.mark.parametrize("after", [FAR, CLOSE, VERY_CLOSE])
def test_a_new_existing_network(after):
    assert between(TOO_FAR, after) == "nouveau_reseau_existant"


@pytest.mark.parametrize("before", [FAR, CLOSE, VERY_CLOSE, TO_COME_FAR, ZONE])
def test_the_network_is_gone(before):
    assert between(before, TOO_FAR) == "reseau_supprime"


@pytest.mark.parametrize("type", [VERY_CLOSE, TO_COME_FAR, ZONE, PDP, PDP_TO_COME, TOWN])
def test_another_network_of_the_same_kind(type):
    assert transition(verdict(type), verdict(type, id_fcu=8)) == "changement_reseau"


def test_another_network_hides_that_it_is_closer():
    assert transition(verdict(FAR), verdict(CLOSE, id_fcu=8)) == "changement_reseau"


def test_the_same_id_of_another_kind_is_another_network():
    before, after = verdict(CLOSE), verdict(TO_COME_CLOSE)

    assert before.id_fcu == after.id_fcu
    assert transition(before, after) == "changement_reseau"


def test_a_perimeter_whose_existing_network_gives_way_to_a_future_one_is_of_another_network():
    assert between(PDP, PDP_TO_COME) == "changement_reseau"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FAR, CLOSE),
        (CLOSE, VERY_CLOSE),
        (TO_COME_FAR, TO_COME_CLOSE),
        (TO_COME_CLOSE, TO_COME_VERY_CLOSE),
        (TO_COME_FAR, ZONE),
        (TO_COME_CLOSE, ZONE),
        (TO_COME_VERY_CLOSE, ZONE),
    ],
)
def test_a_step_closer_and_back(before, after):
    assert between(before, after) == "amelioration_proximite"
    assert between(after, before) == "degradation_proximite"


@pytest.mark.parametrize(
    ("before", "after"), [(FAR, VERY_CLOSE), (TO_COME_FAR, TO_COME_VERY_CLOSE)]
)
def test_two_steps_at_once_are_closer_too(before, after):
    assert between(before, after) == "amelioration_proximite"
    assert between(after, before) == "degradation_proximite"


def test_a_town_gets_a_network_without_trace():
    assert between(TOO_FAR, TOWN) == "entree_ville_reseau_sans_trace"


def test_a_town_loses_its_network_without_trace():
    assert between(TOWN, TOO_FAR) == "sortie_ville_reseau_sans_trace"


@pytest.mark.parametrize("before", [TO_COME_FAR, TO_COME_VERY_CLOSE, ZONE])
def test_from_a_future_network_to_a_town_without_trace_nothing_came_into_service(before):
    assert between(before, TOWN) == "entree_ville_reseau_sans_trace"


def test_into_a_town_without_trace_is_said_though_the_network_is_another():
    assert transition(verdict(FAR), verdict(TOWN, id_fcu=8)) == "entree_ville_reseau_sans_trace"


@pytest.mark.parametrize("after", [FAR, VERY_CLOSE, TO_COME_FAR, ZONE])
def test_out_of_a_town_without_trace_is_said_whatever_the_network(after):
    assert transition(verdict(TOWN), verdict(after, id_fcu=8)) == "sortie_ville_reseau_sans_trace"


def test_verdicts_without_networks_such_as_no_rule_gives_are_of_another_situation():
    nobody = {"network_kind": "", "id_fcu": None, "sncu": ""}

    assert transition(verdict(CLOSE, **nobody), verdict(ZONE, **nobody)) == "changement_type"
