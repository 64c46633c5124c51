"""A test with results, and what a browser would see of its pages. All addresses are made up."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pro_eligibility.models import AddressRow, EligibilityTest, Reason, State
from tests.factories import UserFactory
from tests.pro_eligibility.factories import (
    AddressRowFactory,
    AssessmentFactory,
    EligibilityTestFactory,
)

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture
def test(db: None) -> EligibilityTest:
    """Done, with rows of each outcome: 1 is eligible, 2 to review and far from any network."""
    test = EligibilityTestFactory(
        name="Schools", completed_at=timezone.now(), data_version="v42", row_count=5
    )
    AssessmentFactory(row=AddressRowFactory(test=test, number=1))
    unsure = AddressRowFactory(test=test, number=2, score=40)
    AssessmentFactory(row=unsure, type="trop_eloigne", eligible=False, distance=None)
    AddressRowFactory(test=test, number=3, not_found=True, label="", score=None)
    duplicate(test, number=4, of=1)
    AddressRowFactory(
        test=test, number=5, state=State.INVALID, reason=Reason.EMPTY, query="", label="",
        cells=[""], score=None, x=None, y=None,
    )  # fmt: skip
    return test


@pytest.fixture
def owner(test: EligibilityTest, client: Client) -> Client:
    client.force_login(test.user)
    return client


@pytest.fixture
def administrator(test: EligibilityTest) -> Client:
    client = Client()
    client.force_login(UserFactory(staff=True))
    return client


@pytest.fixture
def stranger(test: EligibilityTest) -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


def duplicate(test: EligibilityTest, *, number: int, of: int) -> AddressRow:
    first = test.rows.get(number=of)
    return AddressRowFactory(
        test=test, number=number, state=State.DUPLICATE, reason=Reason.DUPLICATE,
        duplicate_of=first, facts={"row": of}, label="", score=None, x=None, y=None,
    )  # fmt: skip


def address(test: EligibilityTest, more: str = "") -> str:
    return f"/eligibility-tests/{test.pk}/{more}"


def html(client: Client, test: EligibilityTest, more: str = "") -> str:
    return str(client.get(address(test, more)).content.decode())


def text(page: str) -> str:
    """What is read: without tags, blanks made one."""
    without_marks = re.sub(r"</?bdi>", "", page)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_marks)).split())


def config(client: Client, test: EligibilityTest, more: str = "") -> dict[str, Any]:
    """What the script of the map is told."""
    return dict(client.get(address(test, more)).context["map_config"])


def rows(page: str) -> list[int]:
    """The numbers of the rows in the table."""
    return [int(number) for number in re.findall(r'/rows/(\d+)/[^"]*" aria-label', page)]


def line(page: str, number: int) -> list[str]:
    """The cells of a row of the table."""
    [found] = [it for it in re.findall(r"<tr>.*?</tr>", page, re.S) if f"/rows/{number}/" in it]
    return [text(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", found, re.S)]


def scripts(page: str) -> list[str]:
    return re.findall(r"<script[^>]*>", page)


def written_into(page: str) -> list[str]:
    """Styles and handlers that a strict policy refuses."""
    return re.findall(r"<style|\sstyle=|\son\w+=", page)
