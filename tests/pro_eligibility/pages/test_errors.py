"""What is shown where there is no page, or none for who asks."""

import pytest
from django.test import Client
from django.utils import translation
from django.views.defaults import server_error

from tests.pro_eligibility.pages.conftest import text, url

LINK = '<a class="button" href="/eligibility-tests/">'


def seen(client: Client, path: str, status: int) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.django_db
def test_where_there_is_no_page_it_says_so_in_the_frame_of_the_site(page):
    shown = page.get("/nowhere/")

    assert shown.status_code == 404
    assert "There is no such page It may have been deleted" in text(shown)
    assert LINK in shown.content.decode()
    assert "/static/pro_eligibility/site.css" in shown.content.decode()


@pytest.mark.django_db
def test_it_says_so_in_the_language_of_who_asks(page):
    shown = page.get("/nowhere/", headers={"Accept-Language": "fr"})

    assert '<html lang="fr">' in shown.content.decode()


@pytest.mark.django_db
def test_what_is_forbidden_is_said_in_the_frame_of_the_site(draft, admin_client):
    shown = admin_client.get(url(draft, "delete/"))

    assert shown.status_code == 403
    assert "This is not yours to do Only its owner can change this test." in text(shown)
    assert LINK in shown.content.decode()


@pytest.mark.django_db
def test_a_form_that_is_too_old_says_what_to_do(alice, draft):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    shown = strict.post(url(draft, "start/"))

    assert shown.status_code == 403
    assert "The form could not be checked Nothing was changed. Go back" in text(shown)
    assert LINK in shown.content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_failure_is_told_without_the_database(rf, language):
    with translation.override(language):
        shown = server_error(rf.get("/"))

    assert shown.status_code == 500
    assert f'<html lang="{language}">' in shown.content.decode()
    assert LINK in shown.content.decode()
    assert "<form" not in shown.content.decode()
