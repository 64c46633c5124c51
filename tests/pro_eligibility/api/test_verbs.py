"""POST /api/eligibility-tests/{id}/start/, cancel/, purge/ and seen/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from jobs.models import Job
from pro_eligibility.models import EligibilityTest, Upload
from tests.pro_eligibility.api.conftest import is_problem, path_of
from tests.pro_eligibility.factories import AddressRowFactory, EligibilityTestFactory


def test_a_start_is_answered_with_the_job(alice: Any, draft: EligibilityTest) -> None:
    response = alice.post(path_of(draft, "start/"))

    job = Job.objects.get()
    assert response.status_code == 202
    assert response["Location"] == f"/api/jobs/{job.pk}/"
    assert response.json()["id"] == str(job.pk)
    assert response.json()["type"] == "pro_eligibility_test"
    assert response.json()["data"] == {"test_id": str(draft.pk)}
    assert response.json()["user_id"] == str(alice.user.pk)


def test_the_location_leads_its_owner_to_the_job(alice: APIClient, draft: EligibilityTest) -> None:
    response = alice.post(path_of(draft, "start/"))

    assert alice.get(response["Location"]).json() == response.json()


def test_an_administrator_does_not_start_another_s_test(
    staff: APIClient, draft: EligibilityTest
) -> None:
    answer = staff.post(path_of(draft, "start/"))

    assert answer.status_code == 403
    assert answer.json()["detail"] == "Only its owner changes a test."
    assert not Job.objects.exists()


def test_a_second_start_is_a_conflict(alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, name="Gaz")
    alice.post(path_of(test, "start/"))

    response = alice.post(path_of(test, "start/"))

    assert is_problem(response, 409)
    assert response.json()["detail"] == "“Gaz” is running: wait until it ends, or cancel it."
    assert Job.objects.count() == 1


def test_a_waiting_test_is_cancelled(alice: APIClient, draft: EligibilityTest) -> None:
    draft.start()

    shown = alice.post(path_of(draft, "cancel/")).json()

    assert shown["stage"] == "failed"
    assert shown["job"]["error"]["kind"] == "cancelled"


def test_what_is_not_running_cannot_be_cancelled(alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, name="Gaz")

    response = alice.post(path_of(test, "cancel/"))

    assert is_problem(response, 409)
    assert response.json()["detail"] == ("“Gaz” is not running, so there is nothing to cancel.")


def test_a_purge_removes_addresses_and_file(alice: APIClient, draft: EligibilityTest) -> None:
    AddressRowFactory(test=draft)

    shown = alice.post(path_of(draft, "purge/")).json()

    assert shown["stage"] == "purged"
    assert not draft.rows.exists()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("rest", ["start/", "preview/", "try/"])
def test_a_purged_test_can_do_nothing_more(rest: str, alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, name="Gaz")
    test.purge()

    response = alice.post(path_of(test, rest))

    assert is_problem(response, 409)
    assert response.json()["detail"] == (
        "The addresses of “Gaz” were removed; upload the file again."
    )


def test_a_purged_test_can_be_renamed(alice: APIClient, draft: EligibilityTest) -> None:
    draft.purge()

    shown = alice.patch(path_of(draft), {"name": "Gaz"}, format="json").json()

    assert (shown["name"], shown["stage"]) == ("Gaz", "purged")


def test_results_are_marked_as_seen(alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, has_unseen_results=True, has_unseen_changes=True)

    shown = alice.post(path_of(test, "seen/")).json()

    assert (shown["has_unseen_results"], shown["has_unseen_changes"]) == (False, False)


def test_looking_at_a_test_marks_nothing(alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, has_unseen_results=True)

    alice.get(path_of(test))

    assert alice.get(path_of(test)).json()["has_unseen_results"] is True


@pytest.mark.parametrize("verb", ["start", "cancel", "purge", "seen"])
def test_content_is_refused(verb: str, alice: APIClient, draft: EligibilityTest) -> None:
    response = alice.post(path_of(draft, f"{verb}/"), {"name": "x"}, format="json")

    assert is_problem(response, 400)
    assert response.json()["detail"] == "This request takes no content; send an empty body."
    draft.refresh_from_db()
    assert draft.stage == "draft"
