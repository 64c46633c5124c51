"""GET, PATCH and DELETE /api/eligibility-tests/{id}/"""

from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from jobs.models import Job
from pro_eligibility.models import EligibilityTest, State
from tests.factories import JobFactory
from tests.pro_eligibility.api.conftest import is_problem, path_of
from tests.pro_eligibility.factories import (
    AddressRowFactory,
    AssessmentFactory,
    EligibilityTestFactory,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("trait", "stage"),
    [("pending", "waiting"), ("processing", "running"), ("failed", "failed"), ("finished", "done")],
)
def test_it_shows_how_far_it_is(trait: str, stage: str, alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, job=JobFactory(**{trait: True}))

    assert alice.get(path_of(test)).json()["stage"] == stage


def test_its_owner_sees_why_it_failed(alice: Any) -> None:
    """D-1.12"""
    test = EligibilityTestFactory(user=alice.user, job=JobFactory(failed=True))

    assert alice.get(path_of(test)).json()["job"] == {
        "id": str(test.job.pk),
        "status": "error",
        "progress": None,
        "error": {"kind": "exception", "message": "ValueError: no"},
    }


def test_after_a_new_start_no_former_failure_is_shown(alice: Any) -> None:
    """D-1.12"""
    test = EligibilityTestFactory(user=alice.user, job=JobFactory(failed=True))

    alice.post(path_of(test, "start/"))

    shown = alice.get(path_of(test)).json()
    assert (shown["stage"], shown["job"]["error"]) == ("waiting", None)


def test_it_counts_the_rows_so_far(alice: APIClient, draft: EligibilityTest) -> None:
    AssessmentFactory(row__test=draft)
    AddressRowFactory(test=draft, waiting=True)

    assert alice.get(path_of(draft)).json()["counts"] == {
        "threshold": 60,
        "outcomes": {
            "ok": 1, "to_review": 0, "not_found": 0, "duplicate": 0, "invalid": 0, "waiting": 1,
        },
        "types": {"reseau_existant_tres_proche": 1},
        "eligible": 1,
    }  # fmt: skip


def test_it_shows_the_layout_and_what_was_noticed(alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, notes=["One line is left out."])

    shown = alice.get(path_of(test)).json()

    assert shown["layout"] == test.layout.model_dump()
    assert shown["columns"] == ["adresse"]
    assert shown["notes"] == ["One line is left out."]


def test_it_shows_no_rows(alice: APIClient, draft: EligibilityTest) -> None:
    """D-3.14"""
    AddressRowFactory(test=draft)

    shown = alice.get(path_of(draft)).json()

    assert not {"rows", "addresses", "history"} & set(shown)


def test_it_takes_few_queries(
    alice: Any, draft: EligibilityTest, django_assert_max_num_queries: Any
) -> None:
    AssessmentFactory.create_batch(5, row__test=draft)

    with django_assert_max_num_queries(4):
        assert alice.get(path_of(draft)).status_code == 200


def test_name_mail_and_threshold_can_be_changed(alice: APIClient, draft: EligibilityTest) -> None:
    changes = {"name": "Gaz", "wants_mail": True, "score_threshold": 75}

    response = alice.patch(path_of(draft), changes, format="json")

    draft.refresh_from_db()
    assert response.status_code == 200
    assert {name: response.json()[name] for name in changes} == changes
    assert (draft.name, draft.wants_mail, draft.score_threshold) == ("Gaz", True, 75)


def test_another_threshold_lets_the_map_follow(alice: APIClient, draft: EligibilityTest) -> None:
    alice.patch(path_of(draft), {"score_threshold": 75}, format="json")

    assert Job.objects.get().data == {"name": "tests-adresses"}


def test_another_name_builds_no_map(alice: APIClient, draft: EligibilityTest) -> None:
    alice.patch(path_of(draft), {"name": "Gaz", "score_threshold": 60}, format="json")

    assert not Job.objects.exists()


def test_a_change_announces_no_results(alice: APIClient, draft: EligibilityTest) -> None:
    """D-3.6"""
    alice.patch(path_of(draft), {"name": "Gaz"}, format="json")

    assert alice.get(path_of(draft)).json()["has_unseen_results"] is False


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": ""}, {"name": ["This field may not be blank."]}),
        ({"name": "a" * 101}, {"name": ["Ensure this field has no more than 100 characters."]}),
        (
            {"score_threshold": 101},
            {"score_threshold": ["Ensure this value is less than or equal to 100."]},
        ),
        (
            {"stage": "done"},
            {"stage": ["Unknown field; this takes layout, name, score_threshold, wants_mail."]},
        ),
        (
            {"layout": {"header_line": -1}},
            {"layout.header_line": ["Input should be greater than or equal to 0, given -1"]},
        ),
        ({"layout": "csv"}, {"layout": ["It takes an object."]}),
    ],
)
def test_a_wrong_change_is_refused(
    changes: Any, errors: Any, alice: APIClient, draft: EligibilityTest
) -> None:
    response = alice.patch(path_of(draft), changes, format="json")

    assert is_problem(response, 400)
    assert response.json()["errors"] == errors


@pytest.mark.parametrize("body", ["[]", '["name"]', '"name"', "null", "5", "true", "{"])
def test_a_change_is_an_object(body: str, alice: APIClient, draft: EligibilityTest) -> None:
    assert is_problem(alice.patch(path_of(draft), body, content_type="application/json"), 400)


def test_an_unknown_field_of_the_layout_is_refused(
    alice: APIClient, draft: EligibilityTest
) -> None:
    response = alice.patch(path_of(draft), {"layout": {"separator": ";"}}, format="json")

    (message,) = response.json()["errors"]["layout.separator"]
    assert message.startswith("unknown field; this type takes format, encoding, delimiter")


def test_a_part_of_the_layout_can_be_corrected(alice: Any) -> None:
    test = EligibilityTestFactory(
        user=alice.user,
        content=b"nom;adresse\na;1 rue de la Paix\n",
        layout_data={"delimiter": ";", "address_columns": [0]},
    )

    shown = alice.patch(path_of(test), {"layout": {"address_columns": [1]}}, format="json").json()

    assert shown["layout"]["address_columns"] == [1]
    assert shown["layout"]["delimiter"] == ";"
    assert (shown["columns"], shown["row_count"]) == (["nom", "adresse"], 1)


def test_a_layout_that_does_not_fit_names_the_field_and_nothing_is_changed(
    alice: APIClient, draft: EligibilityTest
) -> None:
    changes = {"name": "Gaz", "layout": {"address_columns": [7]}}

    response = alice.patch(path_of(draft), changes, format="json")

    name = draft.name
    draft.refresh_from_db()
    assert is_problem(response, 400)
    assert list(response.json()["errors"]) == ["layout.address_columns"]
    assert draft.name == name


def test_once_the_rows_are_read_the_layout_stays(alice: Any) -> None:
    test = EligibilityTestFactory(user=alice.user, name="Gaz", read_at=NOON)

    response = alice.patch(path_of(test), {"layout": {"header_line": None}}, format="json")

    assert is_problem(response, 409)
    assert response.json()["detail"] == (
        "The rows of “Gaz” have been read already, so how the file is read stays; "
        "upload it again to read it otherwise."
    )


def test_a_deleted_test_stays_in_the_database(alice: APIClient, draft: EligibilityTest) -> None:
    AddressRowFactory(test=draft, state=State.LOCATED)

    response = alice.delete(path_of(draft))

    assert (response.status_code, response.content) == (204, b"")
    assert not EligibilityTest.objects.present().exists()
    assert draft.rows.exists()


def test_its_job_ends_with_it(alice: APIClient, draft: EligibilityTest) -> None:
    job = draft.start()

    alice.delete(path_of(draft))

    job.refresh_from_db()
    assert (job.status, job.error["kind"]) == ("error", "cancelled")


@pytest.mark.parametrize("method", ["put", "options"])
def test_other_methods_are_refused(method: str, alice: APIClient, draft: EligibilityTest) -> None:
    assert is_problem(getattr(alice, method)(path_of(draft)), 405)
