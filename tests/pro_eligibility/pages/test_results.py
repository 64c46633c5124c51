"""The results of a test: who sees them, what is said of them, what can be done with them."""

import pytest
from django.utils import timezone

from jobs.models import Job
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


def figures(page: str) -> list[str]:
    [listed] = page.split('<ul class="figures">')[1:]
    return [text(item) for item in listed.split("</ul>")[0].split("</li>")[:-1]]


def groups(page: str) -> str:
    return text(page.split('<ul class="groups">')[1].split("</section>")[0])


def test_the_owner_sees_the_results(owner, test):
    assert "<h1>Schools</h1>" in html(owner, test)


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

    assert "Done March 4, 2026, 3:06 p.m. Version of the networks v42" in page
    assert (
        "Eligible at most 200 m from a network, 100 m being very close;"
        " 100 m and 60 m for the networks of Paris"
    ) in page


def test_rows_are_counted_by_outcome(owner, test):
    expected = ["1 Ok", "1 To review", "1 Not found", "1 Duplicate", "1 Invalid"]

    assert figures(html(owner, test)) == expected


def test_a_count_leads_to_the_rows_it_counts(owner, test):
    assert '<a href="?outcome=not_found#rows">' in html(owner, test)


def test_rows_that_wait_are_counted_where_there_are_any(owner, test):
    AddressRowFactory(test=test, number=6, waiting=True, score=None)

    assert figures(html(owner, test))[-1] == "1 Waiting"


def test_places_are_counted_by_eligibility_with_the_types_that_occur(owner, test):
    future = AddressRowFactory(test=test, number=6)
    AssessmentFactory(row=future, type="reseau_futur_proche")

    page = html(owner, test)

    assert "Eligible: 2" in text(page)
    assert groups(page).startswith(
        "1 Existing network 1 Very close to an existing network"
        " 1 Network under construction 1 Close to a future network"
        " 1 No network close enough 1 Too far from any network"
    )


def test_a_group_leads_to_the_rows_of_all_its_types(owner, test):
    link = "?type=dans_pdp_reseau_existant,reseau_existant_tres_proche,reseau_existant_proche#rows"

    assert f'<a href="{link}">' in html(owner, test)


def test_large_numbers_are_grouped(owner, test):
    EligibilityTest.objects.update(row_count=200_000)

    assert "200,000 rows" in html(owner, test)


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


def test_a_higher_score_makes_more_rows_to_be_reviewed(owner, test):
    owner.post(address(test, "threshold/"), {"score_threshold": 95})

    assert figures(html(owner, test))[:2] == ["0 Ok", "2 To review"]


def test_saving_the_score_lets_the_map_of_all_addresses_follow(owner, test):
    owner.post(address(test, "threshold/"), {"score_threshold": 95})

    assert Job.objects.get().data == {"name": "tests-adresses"}


@pytest.mark.parametrize("given", ["", "101", "-1", "many"])
def test_a_score_that_is_none_is_refused_and_nothing_is_kept(owner, test, given):
    response = owner.post(address(test, "threshold/"), {"score_threshold": given}, follow=True)

    assert "The least score is a whole number from 0 to 100." in response.content.decode()
    assert EligibilityTest.objects.get().score_threshold == 60


def test_the_score_is_for_the_owner_to_save(administrator, test):
    response = administrator.post(address(test, "threshold/"), {"score_threshold": 95})

    assert response.status_code == 403
    assert EligibilityTest.objects.get().score_threshold == 60
    assert 'name="score_threshold"' not in html(administrator, test)


def test_the_score_of_somebody_elses_test_is_not_found(stranger, test):
    response = stranger.post(address(test, "threshold/"), {"score_threshold": 95})

    assert response.status_code == 404


def test_the_score_is_not_saved_by_a_link(owner, test):
    assert owner.get(address(test, "threshold/")).status_code == 405


def test_without_script_the_score_is_a_number_and_a_button(owner, test):
    page = html(owner, test)

    assert 'name="score_threshold" min="0" max="100" required value="60"' in page
    assert f'data-counts="/api/eligibility-tests/{test.pk}/counts/"' in page


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
