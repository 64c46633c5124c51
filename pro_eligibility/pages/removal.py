"""The pages that ask once more before a test is deleted, or its addresses are removed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pro_eligibility.models import EligibilityTest
from pro_eligibility.pages.access import to_test


def delete_page(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "pro_eligibility/delete.html", {"test": test})
    test.delete_softly()
    messages.success(request, _("“%(name)s” was deleted.") % {"name": test.name})
    return redirect("eligibility-tests")


def purge_page(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "pro_eligibility/purge.html", {"test": test})
    test.purge()
    messages.success(request, _("The addresses of “%(name)s” were removed.") % {"name": test.name})
    return to_test(test)
