"""The page of a test, which is another one at each stage, and what its buttons do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jobs.models import Job
from pro_eligibility.models import EligibilityTest
from pro_eligibility.pages.access import to_test
from pro_eligibility.pages.progress import progress_page
from pro_eligibility.pages.results import results_page


def show_test(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    if test.stage == "purged":
        return render(request, "pro_eligibility/purged.html", {"test": test})
    if test.is_active:
        return progress_page(request, test)
    if test.stage == "done":
        return results_page(request, test)
    if test.stage == "draft" and not test.read_at:
        return redirect("eligibility-test-layout", test.pk)
    context = {"test": test, "why": why_it_stopped(test.job)}
    return render(request, "pro_eligibility/stopped.html", context)


def results(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    """Of a test that stopped, or runs again: as far as it came."""
    return results_page(request, test) if test.read_at and not test.purged_at else to_test(test)


def start(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    test.start()
    messages.success(request, _("The test was started."))
    return to_test(test)


def cancel(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    test.cancel()
    messages.success(request, _("The test is being stopped. What was found so far stays."))
    return to_test(test)


def why_it_stopped(job: Job | None) -> str:
    """In plain words; the job itself keeps the rest for administrators."""
    error = (job and job.error) or {}
    sentences = {
        "cancelled": _("It was cancelled."),
        "timeout": _("It took longer than a test may take."),
        "crashed": _("The computer that ran it failed several times."),
    }
    # The name of the exception says nothing to who reads this.
    _name, _colon, message = error.get("message", "").partition(": ")
    return sentences.get(error.get("kind", ""), message or _("Nothing more is known."))
