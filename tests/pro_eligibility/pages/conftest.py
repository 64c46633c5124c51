"""Somebody who is logged in, and their tests."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jobs.models import Job
from pro_eligibility.models import EligibilityTest
from tests.factories import UserFactory, WorkerFactory
from tests.pro_eligibility.factories import EligibilityTestFactory


@pytest.fixture
def alice(db: None) -> Any:
    return UserFactory(username="alice")


@pytest.fixture
def page(client: Client, alice: Any) -> Client:
    """The browser of alice."""
    client.force_login(alice)
    return client


@pytest.fixture
def draft(alice: Any) -> EligibilityTest:
    return EligibilityTestFactory(name="Paris", user=alice)


@pytest.fixture
def ended(draft: EligibilityTest) -> Callable[..., EligibilityTest]:
    """The draft, started and ended as these fields of its job say."""

    def ended(status: str, **fields: Any) -> EligibilityTest:
        job = draft.start()
        Job.objects.filter(pk=job.pk).update(status=status, finished_at=job.created_at, **fields)
        draft.refresh_from_db()
        return draft

    return ended


@pytest.fixture
def running(draft: EligibilityTest) -> EligibilityTest:
    """The draft, started and claimed by a worker."""
    job = draft.start()
    Job.objects.filter(pk=job.pk).update(
        status=Job.Status.PROCESSING, worker=WorkerFactory(), started_at=job.created_at
    )
    draft.refresh_from_db()
    return draft


def url(test: EligibilityTest, page: str = "") -> str:
    return f"/eligibility-tests/{test.pk}/{page}"


def text(response: Any) -> str:
    """What is read of a page, on one line."""
    content = re.sub(r"</?bdi>", "", response.content.decode())
    content = re.sub(r"<[^>]+>", " ", content)
    return re.sub(r"\s+", " ", content.replace("&nbsp;", " "))


def said(response: Any) -> list[str]:
    """The messages of a page."""
    return [str(message) for message in response.context["messages"]]
