"""Who looks at the pages of the syncs, where Airtable is configured, and what they read there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from airtable_sync.models import SyncPlan
from tests.admin.conftest import text_of
from tests.factories import UserFactory

LIST = "/admin/airtable_sync/syncplan/"
# Made up.
KEY = "patMadeUp0123456789.secret"
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def configured(settings: Any) -> None:
    changes = {"api_key": KEY, "base": "appMadeUp01234567", "fuse_percent": 20.0}
    settings.AIRTABLE = settings.AIRTABLE | changes


@pytest.fixture
def not_configured(settings: Any, configured: None) -> None:
    settings.AIRTABLE = settings.AIRTABLE | {"base": ""}


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Sign in as a member of staff who may do these things with plans, and nothing else."""

    def sign_in(*verbs: str) -> Client:
        user = UserFactory(staff=True)
        names = [f"{verb}_syncplan" for verb in verbs]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in


@pytest.fixture
def viewer(sign_in: SignIn) -> Client:
    return sign_in("view")


@pytest.fixture
def operator(sign_in: SignIn) -> Client:
    return sign_in("view", "add", "apply", "undo")


def page_of(plan: SyncPlan) -> str:
    return f"{LIST}{plan.pk}/change/"


def rows(response: Any) -> list[list[str]]:
    """Each row of the tables of the page, the headings included: the text of its cells."""
    html = response.content.decode()
    return [
        [text_of(cell) for cell in re.findall(r"(?s)<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"(?s)<tr.*?</tr>", html)
    ]


def records(response: Any) -> list[str]:
    """What the page says of each record above its fields."""
    found = re.findall(r'(?s)<th scope="rowgroup".*?</th>', page(response))
    return [text_of(record) for record in found]


def section(response: Any, id: str) -> str:
    """The text of the section that is labelled so."""
    found = re.search(rf'(?s)<section[^>]* aria-labelledby="{id}".*?</section>', page(response))
    return text_of(found[0]) if found else ""


def page(response: Any) -> str:
    return str(response.content.decode())


def actions(response: Any) -> list[str]:
    """Where the forms of the page are sent, besides those of every page."""
    return re.findall(rf'<form method="post" action="({LIST}[^"]*)"', page(response))
