"""What cannot be used is reported by record and by column, and the rest is synced."""

import pytest

from networks.models import HeatNetwork
from tests.airtable_sync.problems import reported
from tests.airtable_sync.syncing import cells, change, pull, push, record_id
from tests.airtable_sync.worlds import heat_on_both_sides
from tests.networks.factories import HeatNetworkFactory

pytestmark = pytest.mark.django_db

FORMULA_ERROR = {"error": "#ERROR!"}


@pytest.fixture
def heat(standin) -> HeatNetwork:
    """That of the problem."""
    return heat_on_both_sides()


@pytest.fixture
def other(standin, heat) -> HeatNetwork:
    """One without a problem, to be changed."""
    other = HeatNetworkFactory(sncu="0302C", name="Réseau du Nord")
    push()
    pull()
    change(standin, other.pk, {"Gestionnaire": "Engie"})
    return other


def is_taken(other: HeatNetwork) -> bool:
    other.refresh_from_db()
    return other.manager == "Engie"


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("nb_pdl", "quarante", "'quarante' is no number"),
        ("nb_pdl", 40.5, "40.5 is no whole number"),
        (
            "nb_pdl",
            -1,
            "-1 cannot be taken: Ensure this value is greater than or equal to 0",
        ),
        (
            "nb_pdl",
            3_000_000_000,
            "3000000000 cannot be taken: Ensure this value is less than or equal to 2147483647",
        ),
        ("nb_pdl", FORMULA_ERROR, "the error #ERROR! of a formula is no number"),
        ("PM", {"specialValue": "NaN"}, "the error NaN of a formula is no number"),
        ("PM", float("nan"), "nan is no number"),
        ("PM", float("inf"), "inf is no number"),
        ("PM", [1, 2], "[1, 2] is no number"),
        (
            "Taux EnR&R",
            120,
            "120 cannot be taken: Ensure this value is less than or equal to 100",
        ),
        ("Gestionnaire", 5, "5 is no text"),
        ("Gestionnaire", ["Engie"], "['Engie'] is no text"),
        (
            "Gestionnaire",
            "x" * 501,
            f"'{'x' * 99} cannot be taken: "
            "Ensure this value has at most 500 characters (it has 501)",
        ),
        ("Gestionnaire", "En\0gie", r"'En\x00gie' has characters that cannot be stored"),
        ("ouvert_aux_raccordements", "oui", "'oui' is neither ticked nor not ticked"),
        ("fichiers", "plan.pdf", "'plan.pdf' is no list of attachments"),
        ("Identifiant reseau", None, "None cannot be taken: This field cannot be blank"),
        (
            "Identifiant reseau",
            "0301F",
            "'0301F' cannot be taken: "
            "'0301F' is not the SNCU number of a heat network, such as 9209C",
        ),
        ("Identifiant reseau", "0302C", "'0302C' is that of Réseau du Nord (0302C) already"),
    ],
)
def test_a_cell_is_reported_and_all_others_are_taken(standin, heat, other, column, cell, reason):
    change(standin, heat.pk, {column: cell, "MO": "Ville de Moulins"})
    before = HeatNetwork.objects.values().get(pk=heat.pk)

    done = pull()

    assert (done.problems, done.changed) == (1, 2)
    assert reported(done.plan_id) == [(record_id(standin, heat.pk), heat.pk, {column: reason})]
    after = HeatNetwork.objects.values().get(pk=heat.pk)
    assert after == before | {"owner": "Ville de Moulins"}
    assert is_taken(other)


def test_a_text_with_half_a_character_is_reported(standin, heat, other):
    change(standin, heat.pk, {"MO": "Mou\ud83dlins"})

    done = pull()

    reason = r"'Mou\ud83dlins' has characters that cannot be stored"
    assert reported(done.plan_id) == [(record_id(standin, heat.pk), heat.pk, {"MO": reason})]
    assert is_taken(other)


def test_so_is_a_file_of_an_impossible_name(standin, heat, other):
    change(standin, heat.pk, {"fichiers": [{"filename": "plan\0.pdf", "url": "https://x.fr/1"}]})

    done = pull()

    assert [key for _, key, _ in reported(done.plan_id)] == [heat.pk]
    assert is_taken(other)


def test_a_number_that_two_networks_have_in_airtable_is_reported(standin, heat, other):
    for number in (heat.pk, other.pk):
        change(standin, number, {"Identifiant reseau": "0303C"})

    done = pull()

    first, second = sorted((heat, other), key=lambda network: network.pk)
    reason = f"'0303C' is that of {first} already"
    assert reported(done.plan_id) == [
        (record_id(standin, second.pk), second.pk, {"Identifiant reseau": reason})
    ]
    assert HeatNetwork.objects.filter(sncu="0303C").get() == first
    assert is_taken(other)


def test_numbers_that_two_networks_have_exchanged_are_reported(standin, heat, other):
    change(standin, heat.pk, {"Identifiant reseau": "0302C"})
    change(standin, other.pk, {"Identifiant reseau": "0301C"})

    done = pull()

    assert [(key, list(why)) for _, key, why in reported(done.plan_id)] == [
        (heat.pk, ["Identifiant reseau"]),
        (other.pk, ["Identifiant reseau"]),
    ]
    heat.refresh_from_db()
    assert heat.sncu == "0301C"
    assert is_taken(other)


def test_a_number_that_another_gives_up_is_free_at_the_next_sync_at_the_latest(
    standin, heat, other
):
    change(standin, heat.pk, {"Identifiant reseau": "0302C"})
    change(standin, other.pk, {"Identifiant reseau": "0303C"})

    pull()
    pull()

    heat.refresh_from_db()
    other.refresh_from_db()
    assert (heat.sncu, other.sncu) == ("0302C", "0303C")


def test_what_is_impossible_in_a_column_of_ours_is_overwritten(standin, heat):
    change(standin, heat.pk, {"communes": 5, "has_trace": "oui", "region": "Au\0vergne"})

    done = push()

    assert (done.problems, done.changed) == (0, 1)
    assert cells(standin)[heat.pk]["communes"] == "Moulins"
    assert cells(standin)[heat.pk]["has_trace"] is True
    assert cells(standin)[heat.pk]["region"] == "Auvergne"


def test_an_orphan_may_have_impossible_cells(standin, heat):
    change(standin, heat.pk, {"PM": FORMULA_ERROR, "MO": "Mou\0lins", "nom_reseau": "No\0rd"})
    heat.delete()

    assert (push().orphans, pull().orphans) == (1, 1)


def test_each_problem_is_told_in_the_log(standin, heat, caplog):
    change(standin, heat.pk, {"nb_pdl": "quarante", "PM": "cher"})

    pull()

    record = record_id(standin, heat.pk)
    assert caplog.messages == [
        f"{record} Réseau du Centre (0301C): nb_pdl: 'quarante' is no number; "
        "PM: 'cher' is no number"
    ]
