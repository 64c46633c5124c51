"""The administration, seen with a real browser."""

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from playwright.sync_api import Page, expect, sync_playwright

from tests.factories import JobFactory
from tests.system.conftest import require

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def chromium() -> str:
    return require("chromium", package="chromium")


@pytest.fixture
def page(chromium: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright runs an event loop in this thread; Django would refuse to query beside it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()
        # Beside an event loop this thread has a connection of its own, which nobody else closes.
        connections.close_all()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser finds wrong with the pages: scripts that fail, files that are missing."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "response",
        lambda response: found.append(response.url) if response.status >= 400 else None,
    )
    return found


@pytest.fixture
def signed_in(page: Page, live_server) -> Page:
    get_user_model().objects.create_superuser("anne", password="swordfish")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("anne")
    page.get_by_label("Password").fill("swordfish")
    page.get_by_role("button", name="Log in").click()
    return page


def test_a_wrong_password_is_refused(page, live_server):
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("anne")
    page.get_by_label("Password").fill("wrong")

    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_text("Please enter the correct username and password")).to_be_visible()


def test_an_administrator_finds_the_jobs(signed_in, probe_type, complaints):
    jobs = [JobFactory(), JobFactory(processing=True), JobFactory(failed=True)]

    signed_in.get_by_role("link", name="Jobs", exact=True).last.click()

    expect(signed_in.locator("#result_list tbody tr")).to_have_count(len(jobs))
    assert complaints == []


def test_an_administrator_reads_why_a_job_failed(signed_in, probe_type, complaints, live_server):
    job = JobFactory(failed=True)

    signed_in.goto(f"{live_server.url}/admin/jobs/job/{job.pk}/change/")

    expect(signed_in.get_by_text("ValueError: no").first).to_be_visible()
    assert complaints == []


def test_a_list_says_each_status_in_a_word(signed_in, probe_type, live_server):
    JobFactory(failed=True)

    signed_in.goto(f"{live_server.url}/admin/jobs/job/")

    expect(signed_in.locator("#result_list tbody tr").get_by_text("error").first).to_be_visible()
