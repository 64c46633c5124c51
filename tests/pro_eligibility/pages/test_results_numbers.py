"""The numbers of a test's results: each counts the rows behind its link; the least score."""

import pytest

from jobs.models import Job
from pro_eligibility.models import EligibilityTest
from pro_eligibility.results import eligible_count, verdict_counts
from tests.pro_eligibility.factories import AddressRowFactory, AssessmentFactory
from tests.pro_eligibility.pages.results_world import (
    address,
    administrator,
    duplicate,
    html,
    owner,
    rows,
    stranger,
    test,
    text,
)

__all__ = ["administrator", "owner", "stranger", "test"]

pytestmark = pytest.mark.django_db


def figures(page: str) -> list[str]:
    [listed] = page.split('<ul class="figures">')[1:]
    return [text(item) for item in listed.split("</ul>")[0].split("</li>")[:-1]]


def groups(page: str) -> str:
    return text(page.split('<ul class="groups">')[1].split("</section>")[0])


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

    assert "Eligible: 3" in text(page)
    assert groups(page).startswith(
        "2 Existing network 2 Very close to an existing network"
        " 1 Network under construction 1 Close to a future network"
        " 1 No network close enough 1 Too far from any network"
    )


def test_a_group_leads_to_the_rows_of_all_its_types(owner, test):
    link = "?type=dans_pdp_reseau_existant,reseau_existant_tres_proche,reseau_existant_proche#rows"

    assert f'<a href="{link}">' in html(owner, test)


@pytest.mark.parametrize("of", ["eligible=true", "type=reseau_existant_tres_proche"])
def test_a_number_is_that_of_the_rows_behind_its_link(owner, test, of):
    for number in range(6, 10):
        duplicate(test, number=number, of=1)

    found = rows(html(owner, test, f"?{of}"))

    assert len(found) == 6  # row 1, and the five that repeat it
    assert verdict_counts(test)["reseau_existant_tres_proche"] == len(found)
    assert eligible_count(test) == len(found)


def test_rows_that_repeat_a_row_that_was_not_found_have_no_eligibility(owner, test):
    duplicate(test, number=6, of=3)

    assert verdict_counts(test) == {"reseau_existant_tres_proche": 2, "trop_eloigne": 1}


def test_it_is_said_what_is_counted(owner, test):
    assert (
        "Counted in rows: a duplicate counts like the row it repeats,"
        " and rows to review are included."
    ) in text(html(owner, test))


def test_large_numbers_are_grouped(owner, test):
    EligibilityTest.objects.update(row_count=200_000)

    assert "200,000 rows" in html(owner, test)


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
