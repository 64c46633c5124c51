"""The page of all tests."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils.timezone import make_aware

from jobs.models import Job
from pro_eligibility.models import EligibilityTest
from tests.factories import UserFactory
from tests.pro_eligibility.factories import EligibilityTestFactory
from tests.pro_eligibility.pages.conftest import text

pytestmark = pytest.mark.django_db
LIST = "/eligibility-tests/"
RESULT = {"rows": 2000, "ok": 1200, "to_review": 300, "not_found": 400, "duplicate": 100}


def names(response) -> list[str]:
    return [test.name for test, _, _ in response.context["lines"]]


def test_the_newest_test_comes_first(page, alice):
    for name in ["old", "new"]:
        EligibilityTestFactory(name=name, user=alice)

    assert names(page.get(LIST)) == ["new", "old"]


def test_only_ones_own_tests_are_listed(page, alice):
    EligibilityTestFactory(name="mine", user=alice)
    EligibilityTestFactory(name="another's")

    assert names(page.get(LIST)) == ["mine"]


def test_a_deleted_test_is_not_listed(page, draft):
    draft.delete_softly()

    assert names(page.get(LIST)) == []


def test_an_administrator_sees_all_with_their_owners(draft):
    administrator = Client()
    administrator.force_login(UserFactory(staff=True))

    listed = administrator.get(LIST)

    assert names(listed) == ["Paris"]
    assert "alice" in text(listed)


def test_without_a_test_it_says_what_to_do(page):
    assert "There is no test yet. Upload a file of addresses" in text(page.get(LIST))


def test_a_test_that_is_done_shows_its_counts(page, ended):
    ended(Job.Status.FINISHED, result=RESULT | {"invalid": 0})

    assert "done 1,500 located 400 not found 100 duplicate" in text(page.get(LIST))


def test_a_test_that_stopped_shows_no_counts(page, ended):
    ended(Job.Status.ERROR, error={"kind": "cancelled", "message": "It was cancelled."})

    listed = page.get(LIST)

    assert "stopped" in text(listed)
    assert "located" not in text(listed)


@pytest.mark.parametrize(
    ("flag", "badge"), [("has_unseen_results", "new results"), ("has_unseen_changes", "changes")]
)
def test_what_was_not_seen_yet_is_marked(page, alice, flag, badge):
    EligibilityTestFactory(user=alice, **{flag: True})

    assert f'">{badge}</span>' in page.get(LIST).content.decode()


def test_what_was_seen_is_not_marked(page, draft):
    assert "badge" not in page.get(LIST).content.decode()


def test_fifty_tests_are_on_a_page_and_the_others_on_the_next(page, alice):
    for _ in range(51):
        EligibilityTestFactory(user=alice)

    assert len(names(page.get(LIST))) == 50
    assert len(names(page.get(LIST, {"page": 2}))) == 1
    assert "Page 2 of 2" in text(page.get(LIST, {"page": 2}))


def test_the_list_takes_few_queries(page, alice, django_assert_max_num_queries):
    for _ in range(20):
        EligibilityTestFactory(user=alice).start()

    with django_assert_max_num_queries(8):
        page.get(LIST)


def test_it_is_said_when_a_test_was_uploaded(page, draft):
    EligibilityTest.objects.update(created_at=make_aware(datetime(2026, 11, 4, 21, 45)))

    assert "4 Nov. 2026, 21:45" in text(page.get(LIST))
    assert "4 nov. 2026, 21:45" in text(page.get(LIST, headers={"Accept-Language": "fr"}))


def test_a_name_written_from_right_to_left_turns_only_itself_round(page, draft):
    assert "><bdi>Paris</bdi></a>" in page.get(LIST).content.decode()


def test_a_name_is_text_and_not_markup(page, alice):
    EligibilityTestFactory(user=alice, name="<script>alert(1)</script>")

    assert "<script>alert" not in page.get(LIST).content.decode()
