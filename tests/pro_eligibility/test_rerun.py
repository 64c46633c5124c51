"""What another run of a test keeps, and what it asks again."""

import pytest

from networks.models import HeatNetwork
from networks.writing import one_writer
from pro_eligibility.models import Assessment
from standins.geocoder.faults import Fault

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("networks")]

HEADER = "adresse"
IN_SARCELLES = "15 ALLEE PAUL DUKAS 95200 SARCELLES"
NEAR_A_NETWORK = "5 RUE MICHELET 95400 VILLIERS LE BEL"
NONSENSE = "qwertz uiop asdf"


def remove_networks():
    with one_writer():
        HeatNetwork.objects.all().delete()


def outcomes(test):
    rows = test.rows.with_outcome(test.score_threshold).order_by("number")
    return list(rows.values_list("outcome", flat=True))


def test_an_address_located_in_another_test_is_not_asked_about(geocoder, upload, run):
    run(upload(HEADER, IN_SARCELLES))

    done = run(again := upload(HEADER, IN_SARCELLES))

    assert done.requests == 0
    assert again.rows.get().label == "15 Allée Paul Dukas 95200 Sarcelles"
    assert geocoder.counters.asked[IN_SARCELLES] == 1


def test_an_address_located_too_long_ago_is_asked_about_again(geocoder, upload, run, settings):
    run(upload(HEADER, IN_SARCELLES))
    settings.GEOCODER["reuse"] *= 0

    done = run(upload(HEADER, IN_SARCELLES))

    assert done.requests == 1


def test_a_second_run_keeps_places_and_history(geocoder, upload, run):
    """D-3.3: a re-run erases nothing, whatever the geocoder says the second time."""
    test = upload(HEADER, NEAR_A_NETWORK)
    run(test)
    first = test.rows.get()
    remove_networks()

    geocoder.faults.set(Fault("status", times=None, status=500))
    run(test)

    row = test.rows.get()
    assert (row.x, row.y, row.label) == (first.x, first.y, first.label)
    entries = list(row.history.order_by("id").values_list("transition", flat=True))
    assert entries == ["initial", "reseau_supprime"]


def test_a_second_run_takes_up_new_figures_of_the_same_network(geocoder, upload, run):
    """D-3.7: also when nothing else has changed, and nobody is told of a change."""
    test = upload(HEADER, NEAR_A_NETWORK)
    run(test)
    with one_writer():
        HeatNetwork.objects.update(taux_enrr=12.5)

    done = run(test)

    entry = test.rows.get().assessment
    assert (entry.taux_enrr, entry.transition) == (12.5, "none")
    assert done.changed == 0


def test_a_second_run_asks_again_about_a_row_that_was_refused(geocoder, upload, run):
    test = upload(HEADER, IN_SARCELLES, NEAR_A_NETWORK)
    geocoder.faults.set(Fault("status", times=None, word="DUKAS", status=400, message="No."))
    run(test)
    assert outcomes(test) == ["invalid", "ok"]
    assert test.rows.first().sentence(60) == "The geocoder refused the row: No."
    geocoder.faults.set()

    run(test)

    assert outcomes(test) == ["ok", "ok"]


def test_a_second_run_without_a_change_adds_nothing_to_the_history(geocoder, upload, run):
    test = upload(HEADER, NEAR_A_NETWORK)
    run(test)

    done = run(test)

    assert done.changed == 0
    assert Assessment.objects.count() == 1


def test_a_second_run_asks_again_about_what_was_not_found(geocoder, upload, run):
    test = upload(HEADER, IN_SARCELLES, NONSENSE)
    run(test)

    run(test)

    assert geocoder.counters.asked[NONSENSE] == 2
    assert geocoder.counters.asked[IN_SARCELLES] == 1
