"""What every page has around it."""

import re
from itertools import pairwise

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.pro_eligibility.pages.conftest import text, url

pytestmark = pytest.mark.django_db
PAGES = ["layout/", "settings/", "delete/", "purge/"]


@pytest.fixture(params=["/login/", "/eligibility-tests/", "/eligibility-tests/new/", *PAGES])
def html(request, page, draft) -> str:
    path = request.param
    if path == "/login/":
        page.logout()
    address = path if path.startswith("/") else url(draft, path)
    return page.get(address).content.decode()


def test_a_page_has_no_script_or_style_of_its_own(html):
    assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=|javascript:", html) == []


def test_a_page_loads_nothing_from_elsewhere(html):
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//[^\"]*", html) == []


def test_the_headings_of_a_page_are_in_order(html):
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_each_field_of_a_page_has_a_label(html):
    fields = re.findall(r"<(?:input|select)(?![^>]*type=\"hidden\")[^>]*\sid=\"([^\"]*)\"", html)
    labels = re.findall(r"<label[^>]*\sfor=\"([^\"]*)\"", html)

    assert set(fields) <= set(labels)


def test_each_form_that_posts_has_a_token(html):
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL)

    assert forms
    assert [form for form in forms if "csrfmiddlewaretoken" not in form] == []


def test_the_files_of_the_frame_exist(html):
    files = re.findall(r"(?:src|href)=\"/static/([^\"]*)\"", html)

    assert files
    assert [file for file in files if not finders.find(file)] == []


@pytest.mark.parametrize(("language", "other"), [("fr", "en"), ("en", "fr")])
def test_the_language_can_be_chosen_without_a_script(page, language, other):
    page.post("/language/setlang/", {"language": other, "next": "/eligibility-tests/"})

    chosen = page.post(
        "/language/setlang/", {"language": language, "next": "/eligibility-tests/"}, follow=True
    )

    assert f'<html lang="{language}">' in chosen.content.decode()
    assert chosen.request["PATH_INFO"] == "/eligibility-tests/"


def test_only_administrators_are_led_to_the_administration(page):
    administrator = Client()
    administrator.force_login(UserFactory(staff=True))

    assert reverse("admin:index") not in page.get("/eligibility-tests/").content.decode()
    assert reverse("admin:index") in administrator.get("/eligibility-tests/").content.decode()


def test_the_map_of_the_tiles_leads_back_to_the_tests(client):
    assert '<a href="/eligibility-tests/">Address tests</a>' in client.get("/map/").content.decode()


def test_after_the_login_come_the_tests(client):
    UserFactory(username="alice", password="a long one")

    entered = client.post("/login/", {"username": "alice", "password": "a long one"})

    assert entered.headers["Location"] == "/eligibility-tests/"


def test_a_wrong_password_is_said(client):
    refused = client.post("/login/", {"username": "alice", "password": "wrong"})

    assert "Please enter a correct username and password." in text(refused)


def test_who_logs_out_is_back_at_the_login(page):
    left = page.post("/logout/", follow=True)

    assert left.request["PATH_INFO"] == "/login/"
