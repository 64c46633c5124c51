"""Who may see and change which tests."""

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient
from uuid_utils.compat import uuid7

from pro_eligibility.models import EligibilityTest
from tests.pro_eligibility.api.conftest import TESTS, is_problem, path_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEEN = ["", "preview/", "rows/", "rows/1/", "counts/", "points/", "export.csv", "summary.xlsx"]
VERBS = ["start/", "cancel/", "purge/", "seen/", "preview/", "try/"]


def test_without_credentials_the_list_asks_for_them(anonymous: APIClient) -> None:
    response = anonymous.get(TESTS)

    assert is_problem(response, 401)
    assert response.headers["WWW-Authenticate"] == 'Basic realm="api"'


@pytest.mark.parametrize("rest", SEEN)
def test_without_credentials_nothing_is_shown(
    rest: str, anonymous: APIClient, draft: EligibilityTest
) -> None:
    assert is_problem(anonymous.get(path_of(draft, rest)), 401)


@pytest.mark.parametrize("rest", SEEN)
def test_another_s_test_is_not_found(rest: str, bob: APIClient, draft: EligibilityTest) -> None:
    assert is_problem(bob.get(path_of(draft, rest)), 404)


@pytest.mark.parametrize("rest", VERBS)
def test_another_s_test_cannot_be_changed(
    rest: str, bob: APIClient, draft: EligibilityTest
) -> None:
    assert is_problem(bob.post(path_of(draft, rest)), 404)

    draft.refresh_from_db()
    assert draft.stage == "draft"


def test_another_s_test_can_be_neither_renamed_nor_deleted(
    bob: APIClient, draft: EligibilityTest
) -> None:
    assert is_problem(bob.patch(path_of(draft), {"name": "Mine"}, format="json"), 404)
    assert is_problem(bob.delete(path_of(draft)), 404)

    assert EligibilityTest.objects.present().get().name == draft.name


@pytest.mark.parametrize("rest", SEEN)
def test_a_deleted_test_is_not_found(rest: str, alice: APIClient, draft: EligibilityTest) -> None:
    EligibilityTest.objects.update(deleted_at=NOON)

    assert is_problem(alice.get(path_of(draft, rest)), 404)


@pytest.mark.parametrize(
    "id", [pytest.param(str(uuid7()), id="of nothing"), "12", "not-a-uuid", "%00"]
)
def test_a_test_that_does_not_exist_is_not_found(id: str, alice: APIClient) -> None:
    assert is_problem(alice.get(f"{TESTS}{id}/"), 404)


def test_an_owner_sees_the_own_test(alice: APIClient, draft: EligibilityTest) -> None:
    assert alice.get(path_of(draft)).json()["id"] == str(draft.pk)


def test_an_administrator_sees_any_test(staff: APIClient, draft: EligibilityTest) -> None:
    assert staff.get(path_of(draft)).json()["id"] == str(draft.pk)


@pytest.mark.parametrize("rest", SEEN)
def test_no_cache_keeps_addresses(rest: str, alice: APIClient, draft: EligibilityTest) -> None:
    response = alice.get(path_of(draft, rest))

    assert response["Cache-Control"] == "private, no-store"


def test_no_cache_keeps_refusals_either(anonymous: APIClient) -> None:
    assert anonymous.get(TESTS)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("rest", ["", "preview/", "rows/1/", "export.csv", "summary.xlsx"])
def test_what_takes_no_parameter_refuses_all(
    rest: str, alice: APIClient, draft: EligibilityTest
) -> None:
    response = alice.get(path_of(draft, rest), {"outcome": "ok"})

    assert is_problem(response, 400)
    assert response.json()["errors"] == {"outcome": ["Unknown parameter; this takes none."]}


@pytest.mark.parametrize("rest", VERBS)
@pytest.mark.usefixtures("geocoder")
def test_a_verb_with_a_parameter_does_nothing(
    rest: str, alice: APIClient, draft: EligibilityTest
) -> None:
    assert is_problem(alice.post(f"{path_of(draft, rest)}?dry_run=true"), 400)

    draft.refresh_from_db()
    assert draft.stage == "draft"


def test_a_session_without_the_csrf_token_changes_nothing(
    alice: Any, draft: EligibilityTest
) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(alice.user)

    assert is_problem(browser.delete(path_of(draft)), 403)
    assert EligibilityTest.objects.present().exists()
