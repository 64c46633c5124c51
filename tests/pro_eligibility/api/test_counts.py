"""GET /api/eligibility-tests/{id}/counts/"""

import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.api.conftest import is_problem, path_of
from tests.pro_eligibility.factories import AddressRowFactory, AssessmentFactory


@pytest.fixture
def scored(draft: EligibilityTest) -> EligibilityTest:
    """Alice's: scores of 50, 65 and 80, one not found."""
    for score, eligible in [(50, True), (65, False), (80, True)]:
        AssessmentFactory(row__test=draft, row__score=score, eligible=eligible)
    AddressRowFactory(test=draft, not_found=True)
    return draft


@pytest.mark.parametrize(
    ("threshold", "ok", "to_review"), [("0", 3, 0), ("65", 2, 1), ("66", 1, 2), ("100", 0, 3)]
)
def test_rows_are_counted_as_if_the_threshold_were_another(
    threshold: str, ok: int, to_review: int, alice: APIClient, scored: EligibilityTest
) -> None:
    shown = alice.get(path_of(scored, "counts/"), {"threshold": threshold}).json()

    assert shown == {
        "threshold": int(threshold),
        "outcomes": {
            "ok": ok, "to_review": to_review, "not_found": 1, "duplicate": 0, "invalid": 0,
            "waiting": 0,
        },
        "types": {"reseau_existant_tres_proche": 3},
        "eligible": 2,
    }  # fmt: skip


def test_unless_it_is_given_it_is_the_threshold_of_the_test(
    alice: APIClient, scored: EligibilityTest
) -> None:
    shown = alice.get(path_of(scored, "counts/")).json()

    assert (shown["threshold"], shown["outcomes"]["ok"]) == (60, 2)


def test_asking_changes_nothing(alice: APIClient, scored: EligibilityTest) -> None:
    alice.get(path_of(scored, "counts/"), {"threshold": "80"})

    assert EligibilityTest.objects.get().score_threshold == 60


@pytest.mark.parametrize("threshold", ["-1", "101", "70%", "6.5"])
def test_a_wrong_threshold_is_refused(
    threshold: str, alice: APIClient, draft: EligibilityTest
) -> None:
    response = alice.get(path_of(draft, "counts/"), {"threshold": threshold})

    assert is_problem(response, 400)
    assert response.json()["errors"] == {
        "threshold": [f"Given {threshold!r}; it takes a whole number from 0 to 100."]
    }
