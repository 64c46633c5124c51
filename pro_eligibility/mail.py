"""The job `pro_eligibility_mail`: what owners are told, if they asked for it.

A job of its own, so that a mail server that is away delays no result and is tried again.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import BaseModel

from jobs.models import Job
from jobs.running import RunningJob
from pro_eligibility.models import EligibilityTest
from pro_eligibility.results import eligible_count, outcome_counts


class Mail(BaseModel):
    """Whom to tell what about which tests."""

    user_id: UUID
    about: Literal["results", "changes"]
    # By the id of a test: the number of addresses that changed; 0 where results are told.
    tests: dict[UUID, int]


class Sent(BaseModel):
    """How many messages were sent: none to somebody without an address, or about what is gone."""

    messages: int


def tell_results(test: EligibilityTest) -> None:
    """In the transaction of the caller."""
    if test.wants_mail:
        enqueue(Mail(user_id=test.user_id, about="results", tests={test.pk: 0}))


def tell_changes(changed: Mapping[EligibilityTest, int]) -> None:
    """One message an owner, about all of their tests that changed, in the caller's transaction."""
    by_owner: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for test, addresses in changed.items():
        if test.wants_mail:
            by_owner[test.user_id][test.pk] = addresses
    for user_id, tests in by_owner.items():
        enqueue(Mail(user_id=user_id, about="changes", tests=tests))


def enqueue(mail: Mail) -> None:
    Job.objects.enqueue("pro_eligibility_mail", mail.model_dump(mode="json"))


def send(job: RunningJob) -> Sent:
    mail: Mail = job.data
    owner = get_user_model()._default_manager.filter(pk=mail.user_id).exclude(email="").first()
    tests = list(EligibilityTest.objects.present().filter(pk__in=mail.tests).order_by("pk"))
    if owner is None or not tests:
        return Sent(messages=0)
    with translation.override(tests[0].language or settings.LANGUAGE_CODE):
        send_mail(subject(mail, tests), body(mail, tests), None, [owner.email])
    return Sent(messages=1)


def subject(mail: Mail, tests: list[EligibilityTest]) -> str:
    if mail.about == "results":
        # On one line, whatever the name.
        return " ".join((_("The results of “%(name)s”") % {"name": tests[0].name}).split())
    return ngettext(
        "Addresses of %(count)d test have changed", "Addresses of %(count)d tests have changed",
        len(tests),
    ) % {"count": len(tests)}  # fmt: skip


def body(mail: Mail, tests: list[EligibilityTest]) -> str:
    lines = [
        {
            "test": test,
            "url": settings.SITE_URL + reverse("eligibility-test", args=[test.pk]),
            "changed": mail.tests[test.pk],
            "counts": outcome_counts(test),
            "eligible": eligible_count(test),
        }
        for test in tests
    ]
    return render_to_string(f"pro_eligibility/mail/{mail.about}.txt", {"lines": lines})
