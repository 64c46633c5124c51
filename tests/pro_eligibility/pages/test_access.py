"""Whose tests are seen by whom."""

import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.pro_eligibility.factories import AddressRowFactory, EligibilityTestFactory
from tests.pro_eligibility.pages.conftest import text, url

pytestmark = pytest.mark.django_db
PAGES = ["", "layout/", "progress/", "results/", "settings/", "delete/", "purge/"]
BUTTONS = ["start/", "cancel/", "layout/", "settings/", "delete/", "purge/"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_test_asks_for_a_login(client, draft, path):
    asked = client.get(url(draft, path))

    assert asked.headers["Location"] == f"/login/?next={url(draft, path)}"


@pytest.mark.parametrize("path", ["/eligibility-tests/", "/eligibility-tests/new/"])
def test_the_other_pages_ask_for_a_login(client, path):
    assert client.get(path).headers["Location"] == f"/login/?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_a_test_of_somebody_else_is_not_found(page, path):
    other = EligibilityTestFactory()

    assert page.get(url(other, path)).status_code == 404


@pytest.mark.parametrize("path", BUTTONS)
def test_the_buttons_of_somebody_elses_test_are_not_found(page, path):
    other = EligibilityTestFactory()

    assert page.post(url(other, path)).status_code == 404

    other.refresh_from_db()
    assert (other.stage, other.deleted_at, other.purged_at) == ("draft", None, None)


@pytest.mark.parametrize("path", PAGES)
def test_a_deleted_test_is_not_found(page, draft, path):
    draft.delete_softly()

    assert page.get(url(draft, path)).status_code == 404


def test_an_administrator_sees_the_test_of_somebody_and_whose_it_is(draft):
    administrator = Client()
    administrator.force_login(UserFactory(staff=True))

    seen = administrator.get(url(draft), follow=True)

    assert "A test of alice, who alone can change, start and delete it." in text(seen)


def test_an_administrator_is_offered_no_button_of_somebodys_test(draft):
    administrator = Client()
    administrator.force_login(UserFactory(staff=True))

    shown = administrator.get(url(draft, "layout/")).content.decode()

    assert 'name="action"' not in shown
    assert url(draft, "delete/") not in shown


@pytest.mark.parametrize("path", BUTTONS)
def test_an_administrator_changes_no_test_of_somebody(draft, path):
    administrator = Client()
    administrator.force_login(UserFactory(staff=True))

    assert administrator.post(url(draft, path)).status_code == 403


@pytest.mark.parametrize("path", ["settings/", "delete/", "purge/"])
def test_an_administrator_is_shown_no_form_that_is_the_owners(draft, path):
    administrator = Client()
    administrator.force_login(UserFactory(staff=True))

    refused = administrator.get(url(draft, path))

    assert refused.status_code == 403
    assert "Only its owner can change this test." in text(refused)


@pytest.mark.parametrize("path", ["", "layout/", "settings/", "rows/1/"])
def test_no_cache_keeps_a_page_of_a_test(page, draft, path):
    AddressRowFactory(test=draft, number=1)

    assert page.get(url(draft, path)).headers["Cache-Control"] == "private, no-store"


def test_no_cache_keeps_the_list(page):
    assert page.get("/eligibility-tests/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", BUTTONS)
def test_a_button_without_a_token_does_nothing(alice, draft, path):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    assert strict.post(url(draft, path)).status_code == 403


@pytest.mark.parametrize("path", ["start/", "cancel/"])
def test_a_button_is_not_followed_like_a_link(page, draft, path):
    assert page.get(url(draft, path)).status_code == 405
