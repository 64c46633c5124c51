"""The job of a test, from the file to the results."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely.geometry import Point

from jobs.models import Job
from jobs.running import RunningJob
from networks.geometry import to_wgs_84
from networks.models import HeatNetwork
from networks.writing import one_writer
from pro_eligibility.assess import assess_rows
from pro_eligibility.eligibility.rules import RULES_VERSION
from pro_eligibility.errors import Discarded
from pro_eligibility.handlers import RunTest, run_test
from pro_eligibility.models import Outcome
from standins.geocoder.faults import Fault
from tests.networks.factories import CommuneFactory

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


def test_each_row_of_the_file_has_an_outcome_and_a_sentence(geocoder, upload, run):
    test = upload(HEADER, IN_SARCELLES, NONSENSE, IN_SARCELLES.lower(), "Total : 3")

    done = run(test)

    assert outcomes(test) == ["ok", "not_found", "duplicate", "invalid"]
    assert [row.sentence(60) for row in test.rows.order_by("number")][1:] == [
        "The geocoder found no such address.",
        "The same place as row 1, whose result it shares.",
        "It looks like a total, not like an address.",
    ]
    assert (done.rows, done.ok, done.not_found, done.duplicate, done.invalid) == (4, 1, 1, 1, 1)


def test_a_located_row_has_the_geocoders_address_and_a_first_assessment(geocoder, upload, run):
    test = upload(HEADER, IN_SARCELLES)

    run(test)

    row = test.rows.get()
    assert row.label == "15 Allée Paul Dukas 95200 Sarcelles"
    assert (row.assessment.transition, row.assessment.type) == ("initial", "trop_eloigne")


def test_the_history_says_by_which_network_rules_and_data(geocoder, upload, run):
    """D-3.15"""
    test = upload(HEADER, NEAR_A_NETWORK)

    run(test)

    entry = test.rows.get().assessment
    assert (entry.network_kind, entry.sncu) == ("heat_network", "9514C")
    assert (entry.data_version, entry.rules_version) == (test.data_version, RULES_VERSION)


def test_a_row_whose_score_is_under_the_threshold_is_to_be_reviewed(geocoder, upload, run):
    test = upload(HEADER, IN_SARCELLES)
    run(test)
    score = test.rows.get().score

    row = test.rows.with_outcome(score + 1).get()

    assert row.outcome == row.outcome_at(score + 1) == Outcome.TO_REVIEW
    assert row.sentence(score + 1) == (
        f"The geocoder is unsure: {score} % where {score + 1} % is asked."
    )


def test_given_coordinates_are_kept_as_they_are_and_get_an_address(geocoder, upload, run):
    test = upload("lat,lon", "48.974443,2.372514")

    run(test)

    row = test.rows.get()
    assert row.label == "15 Allée Paul Dukas 95200 Sarcelles"
    assert row.score is None
    place = to_wgs_84(Point(row.x, row.y))
    assert (place.y, place.x) == pytest.approx((48.974443, 2.372514), abs=1e-7)
    assert row.sentence(60) == "The coordinates of the file were used."


def test_an_address_overseas_is_invalid_rather_than_at_a_wrong_place(geocoder, upload, run):
    test = upload("lat,lon", "-20.88,55.45", "48.974443,2.372514")

    run(test)

    assert outcomes(test) == ["invalid", "ok"]


def test_it_says_how_far_it_is_and_when_it_will_end(geocoder, upload, run):
    seen = []
    test = upload(HEADER, *(f"{n} ALLEE PAUL DUKAS 95200 SARCELLES" for n in range(1, 10)))

    run(test, on_progress=seen.append)

    assert seen[0]["message"] == "reading the file"
    assert seen[-1] | {"message": ""} == {"done": 9, "total": 9, "message": ""}


def test_an_answer_is_committed_request_by_request(geocoder, upload, run):
    test = upload(HEADER, *(f"{n} ALLEE PAUL DUKAS 95200 SARCELLES" for n in range(1, 10)))
    job = test.start()
    geocoder.faults.set(Fault("status", times=None, word="9 ALLEE", status=503))

    with pytest.raises(Exception, match="no whole answer about 1 row"):
        run(test, job=job)

    test.refresh_from_db()
    assert test.rows.waiting().count() == 1
    assert test.estimated_end_at is not None


def test_what_was_committed_is_not_asked_again_when_the_job_goes_on(geocoder, upload, run):
    """D-3.1: a failure at the last row loses nothing."""
    addresses = [f"{n} ALLEE PAUL DUKAS 95200 SARCELLES" for n in range(1, 10)]
    test = upload(HEADER, *addresses)
    job = test.start()
    geocoder.faults.set(Fault("status", word="9 ALLEE", status=503))
    with pytest.raises(Exception, match="no whole answer about 1 row"):
        run(test, job=job)

    done = run(test, job=job)

    assert done.requests == 1
    assert {geocoder.counters.asked[address] for address in addresses[:8]} == {1}
    assert test.completed_by == job.pk


def test_duplicates_are_asked_about_once_and_share_the_result(geocoder, upload, run):
    """D-3.4: every line of the file stays, and all of one address say the same."""
    test = upload(HEADER, IN_SARCELLES, IN_SARCELLES, f"  {IN_SARCELLES.lower()} ")

    run(test)

    rows = list(test.rows.with_results().order_by("number"))
    assert geocoder.counters.rows == 1
    assert [row.place.number for row in rows] == [1, 1, 1]
    assert [row.facts.get("row") for row in rows] == [None, 1, 1]


def test_numbers_stay_the_text_they_are(geocoder, upload, run):
    """D-3.4: a postcode is not turned into a number."""
    test = upload(HEADER, "01000", "75001")

    run(test)

    assert [row.query for row in test.rows.order_by("number")] == ["01000", "75001"]


def test_the_number_of_queries_does_not_grow_with_the_rows(geocoder, upload, run, settings):
    """D-3.2: no query per address."""
    settings.GEOCODER["rows_per_request"] = 1_000
    few, many = (
        upload(HEADER, *(f"{n} ALLEE PAUL DUKAS 95200 SARCELLES" for n in range(first, last)))
        for first, last in [(1, 10), (100, 500)]
    )
    queries = []

    for test in (few, many):
        job = test.start()
        with CaptureQueriesContext(connection) as captured:
            run(test, job=job)
        queries.append(len(captured))

    assert queries[1] == queries[0]
    assert many.rows.filter(assessment__isnull=False).count() == 400


def test_the_end_sets_the_flag_builds_the_map_once_and_mails_those_who_asked(geocoder, upload, run):
    """D-3.6: nothing is announced before it is computed."""
    test = upload(HEADER, IN_SARCELLES, wants_mail=True)
    assert not test.has_unseen_results

    run(test)

    assert test.has_unseen_results
    assert Job.objects.filter(type="build_tiles", data={"name": "tests-adresses"}).count() == 1
    assert Job.objects.filter(type="pro_eligibility_mail").count() == 1


def test_an_attempt_that_was_lost_after_its_last_commit_announces_nothing_twice(
    geocoder, upload, run
):
    test = upload(HEADER, IN_SARCELLES, wants_mail=True)
    job = test.start()
    run(test, job=job)
    test.mark_seen()

    run(test, job=job)

    assert not test.has_unseen_results
    assert Job.objects.filter(type="pro_eligibility_mail").count() == 1


def test_networks_that_change_while_it_runs_are_seen(geocoder, upload, run, monkeypatch):
    CommuneFactory()
    test = upload(HEADER, NEAR_A_NETWORK)

    def assessed_then_changed(*args):
        monkeypatch.undo()
        assess_rows(*args)
        remove_networks()

    monkeypatch.setattr("pro_eligibility.run.assess_rows", assessed_then_changed)
    run(test)

    row = test.rows.get()
    assert row.assessment.type == "trop_eloigne"
    assert test.data_version == row.assessment.data_version


def test_the_job_of_a_test_that_was_deleted_ends_before_it_asks(geocoder, upload):
    test = upload(HEADER, IN_SARCELLES)
    job = test.start()
    test.delete_softly()

    with pytest.raises(Discarded):
        run_test(RunningJob(id=job.pk, type=job.type, data=RunTest(test_id=test.pk)))

    assert geocoder.counters.requests == 0
