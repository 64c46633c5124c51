"""The results of a test: who sees them, what is said of them, what can be done with them."""

import pytest
from django.utils import timezone

from pro_eligibility.models import EligibilityTest
from tests.factories import JobFactory
from tests.pro_eligibility.factories import AddressRowFactory, AssessmentFactory
from tests.pro_eligibility.pages.results_world import (
    HOSTILE,
    address,
    administrator,
    html,
    owner,
    scripts,
    stranger,
    test,
    text,
    written_into,
)
from tests.tiles.factories import TilesetFactory

__all__ = ["administrator", "owner", "stranger", "test"]

pytestmark = pytest.mark.django_db


def test_the_owner_sees_the_results(owner, test):
    assert "<h1><bdi>Schools</bdi></h1>" in html(owner, test)


def test_an_administrator_sees_the_results_and_whose_they_are(administrator, test):
    assert f"A test of {test.user.username}" in text(html(administrator, test))


def test_the_results_of_somebody_else_are_not_found(stranger, test):
    assert stranger.get(address(test)).status_code == 404


def test_a_visitor_is_asked_to_log_in(client, test):
    response = client.get(address(test))

    assert response.url == f"/login/?next={address(test)}"


def test_it_is_said_when_it_was_done_with_which_data_and_at_which_distances(owner, test):
    EligibilityTest.objects.update(
        completed_at=timezone.make_aware(timezone.datetime(2026, 3, 4, 15, 6))
    )

    page = text(html(owner, test))

    assert "Last run 4 March 2026, 15:06 Version of the networks at the last run v42" in page
    assert (
        "Eligible at most 200 m from a network (100 m for the networks of Paris),"
        " in a development perimeter at any distance, or in the zone of a future network"
    ) in page


def test_the_words_of_the_results_are_explained(owner, test):
    page = html(owner, test)

    [words] = page.split("<details>")[1:]
    assert text(words.split("</details>")[0]) == (
        "What the words mean"
        " Very close to a network"
        " at most 100 m from the network, 60 m for the networks of Paris; eligible"
        " Close to a network"
        " at most 200 m from the network, 100 m for the networks of Paris; eligible"
        " Far from a network at most 1,000 m from the network; not eligible"
        " Without trace the town has a network, but nobody knows where it runs; not eligible"
        " Perimeter a development perimeter, where buildings may have to be connected;"
        " eligible at any distance"
        " Zone the area in which a future network is planned; eligible"
    )


def test_the_files_come_before_the_map_and_hold_all_rows(owner, test):
    page = html(owner, test)

    assert page.index('id="files"') < page.index('id="filters"') < page.index('id="map"')
    assert "Each file holds all rows, whatever the filters below choose." in text(page)


def test_seeing_the_results_as_their_owner_marks_them_seen(owner, test):
    EligibilityTest.objects.update(has_unseen_results=True, has_unseen_changes=True)

    owner.get(address(test))

    test.refresh_from_db()
    assert (test.has_unseen_results, test.has_unseen_changes) == (False, False)


def test_the_look_of_an_administrator_leaves_them_unseen(administrator, test):
    EligibilityTest.objects.update(has_unseen_results=True, has_unseen_changes=True)

    administrator.get(address(test))

    test.refresh_from_db()
    assert (test.has_unseen_results, test.has_unseen_changes) == (True, True)


def test_changes_are_announced_once(owner, test):
    EligibilityTest.objects.update(has_unseen_changes=True)

    first, second = html(owner, test), html(owner, test)

    assert '<a href="?changed=true#rows">' in first
    assert '<a href="?changed=true#rows">' not in second


def test_the_four_files_are_offered_with_what_they_are_for(owner, test):
    page = html(owner, test)

    for file in ("export.xlsx", "export.csv", "export.geojson", "summary.xlsx"):
        assert f'<a href="/api/eligibility-tests/{test.pk}/{file}" download>' in page
    assert "Summary (XLSX) eleven columns with a legend, to hand on" in text(page)


def test_it_can_be_run_again_and_removed(owner, test):
    page = html(owner, test)

    assert f'<form method="post" action="{address(test, "start/")}">' in page
    assert f'href="{address(test, "delete/")}"' in page
    assert f'href="{address(test, "purge/")}"' in page


def test_an_administrator_is_offered_no_button_that_is_the_owners(administrator, test):
    page = html(administrator, test)

    assert 'action="/eligibility-tests/' not in page
    assert "/purge/" not in page


def test_what_a_running_test_has_found_so_far_is_shown_as_such(owner, test):
    EligibilityTest.objects.update(
        job=JobFactory(processing=True), completed_at=None, read_at=timezone.now()
    )

    page = html(owner, test, "results/")

    assert "The test runs: this is what it has found so far." in page
    assert "Run again" not in page


def test_what_a_test_had_found_before_it_stopped_is_shown_as_such(owner, test):
    EligibilityTest.objects.update(job=JobFactory(failed=True), read_at=timezone.now())

    page = html(owner, test, "results/")

    assert "The test stopped before its end: this is what it had found." in page
    assert "Run again" in page


def test_no_script_or_style_is_written_into_the_page(owner, test):
    page = html(owner, test)

    assert scripts(page) == [
        '<script id="map-config" type="application/json">',
        '<script type="module" src="/static/pro_eligibility/results-map.mjs">',
        '<script type="module" src="/static/pro_eligibility/results-threshold.mjs">',
    ]
    assert written_into(page) == []


@pytest.mark.parametrize("file", ["results-map.mjs", "results-threshold.mjs"])
def test_scripts_are_served_as_what_a_browser_runs(client, file):
    response = client.get(f"/static/pro_eligibility/{file}")

    list(response)  # read to the end, so that the file is closed
    assert response["Content-Type"].startswith("text/javascript")


def test_a_name_is_text_and_not_markup(owner, test):
    EligibilityTest.objects.update(name=HOSTILE)

    assert "<script>alert" not in html(owner, test)


def test_a_page_costs_ten_queries_whatever_the_number_of_rows(
    owner, test, django_assert_num_queries
):
    TilesetFactory(source="communes")
    for number in range(6, 66):
        AssessmentFactory(row=AddressRowFactory(test=test, number=number))

    # The session, the user, the test, its counts by outcome, by type, of eligible, its rows,
    # its bounds, the tiles.
    with django_assert_num_queries(9):
        owner.get(address(test))


def test_the_page_can_only_be_read(owner, test):
    assert owner.post(address(test)).status_code == 405
