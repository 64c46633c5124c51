"""An administrator's way from a dry run to an undone plan: a real browser and a real worker."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from airtable_sync.models import SyncPlan
from tests.chaos.waiting import wait_until
from tests.system.airtable import anne, cells, differing, drifted, standin, worker
from tests.system.browser import complaints, elsewhere, page, picture

__all__ = ["anne", "complaints", "drifted", "elsewhere", "page", "standin", "worker"]

pytestmark = pytest.mark.django_db(transaction=True)

WIDTH = 1280
POLICY = "default-src 'self'; img-src 'self' data:"
KINDS = ["Conflicts", "Problems", "Orphans", "Creations", "Changes"]
# To networks that Airtable has; the conflict, of the departement of 9903C, is not among it.
SENT = {
    "9901C": {
        "communes": "Brévigny-sur-Orne,Courtemont",
        "date_actualisation_trace": "2026-09-14",
    },
    "9902C": {"has_PDP": True, "date_actualisation_pdp": "2026-09-14"},
    "9903C": {"region": "Pays de la Loire"},
}


@pytest.fixture
def plans(page: Page, live_server, drifted, complaints, elsewhere) -> Page:
    """Their list, as Anne finds it, under a strict policy."""

    def strictly(route: Route) -> None:
        got = route.fetch(max_redirects=0)
        strict = got.headers | {"content-security-policy": POLICY}
        route.fulfill(response=got, headers=strict)

    page.set_viewport_size({"width": WIDTH, "height": 800})
    page.route("**/admin/**", strictly)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("anne")
    page.get_by_label("Password").fill("swordfish")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Sync plans").last.click()
    return page


def latest(state: str) -> SyncPlan | None:
    """The plan that was made last, once it is in this state."""
    plan = SyncPlan.objects.latest("pk")
    return plan if plan.state == state else None


def open_plan(page: Page, plan: SyncPlan) -> None:
    page.reload()
    page.get_by_role("link", name=str(plan.pk), exact=True).click()


def ask_to(page: Page, verb: str, plan: SyncPlan) -> None:
    page.get_by_label(f"Yes, {verb} plan {plan.pk}").check()
    page.get_by_role("button", name=f"{verb.title()} this plan").click()
    expect(page.get_by_text("was enqueued: it")).to_be_visible()


def reload_until(page: Page, state: str) -> None:
    wait_until(lambda: page.reload() and page.locator(".job-state").inner_text() == state)


def picture_of_all(page: Page, name: str) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 1})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": height})
    picture(page, name)


def test_from_a_dry_run_to_an_undone_plan(plans, standin, complaints, elsewhere):
    page, before = plans, cells(standin)
    page.get_by_role("button", name="Dry run of FCU - Réseaux de chaleur to Airtable").click()
    expect(page.get_by_text("was enqueued: a dry run")).to_be_visible()

    plan = wait_until(lambda: latest("planned"))
    open_plan(page, plan)
    expect(page.get_by_role("heading", level=3)).to_have_text(KINDS)
    conflict = page.get_by_role("rowgroup").filter(has_text="Plaine Saint-Martin").first
    expect(conflict).to_contain_text(re.compile("departement.*Mayenne.*Sarthe"))
    picture_of_all(page, "airtable-plan")
    assert cells(standin) == before

    ask_to(page, "apply", plan)
    reload_until(page, "✔ applied")
    sent = differing(cells(standin), before)
    assert sent.pop("9907C")["nom_reseau"] == "Réseau des Tilleuls"
    assert sent == SENT

    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("row").filter(has_text="anne")).to_contain_text("Asked to apply it")
    page.go_back()
    ask_to(page, "undo", plan)
    reload_until(page, "↺ undone")
    assert cells(standin) == before

    page.get_by_role("link", name="Sync plans").last.click()
    expect(page.get_by_text(f"undoes {plan.pk}")).to_be_visible()
    picture_of_all(page, "airtable-history")
    assert (complaints, elsewhere) == ([], [])
