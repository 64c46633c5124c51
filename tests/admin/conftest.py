"""Who looks at the pages, and what they read there."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from tests.factories import UserFactory

LIST = "/admin/jobs/job/"
SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Sign in as a member of staff who has these permissions of `jobs`, and no other."""

    def sign_in(*permissions: str) -> Client:
        user = UserFactory(staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in


@pytest.fixture
def viewer(sign_in: SignIn) -> Client:
    return sign_in("view_job", "view_worker")


@pytest.fixture
def operator(sign_in: SignIn) -> Client:
    return sign_in("view_job", "view_worker", "retry_job", "cancel_job")


def page_of(job: Job) -> str:
    return reverse("admin:jobs_job_change", args=[job.pk])


def listed(response: Any) -> list[Job]:
    return list(response.context["cl"].result_list)


def act(client: Client, action: str, *jobs: Job, **more: str) -> Any:
    """Do it to a selection, as the form of the list does; return the page that follows."""
    form = {"action": action, "_selected_action": [job.pk for job in jobs], "index": "0", **more}
    return client.post(LIST, form, follow=True)


def said(response: Any) -> list[str]:
    """The messages of the page, without their markup, with a space between two parts."""
    return [text_of(str(message)) for message in response.context["messages"]]


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts += data.split()


def text_of(html: str) -> str:
    reader = Text()
    reader.feed(html)
    return " ".join(reader.parts)


def text(response: Any) -> str:
    return text_of(response.content.decode())
