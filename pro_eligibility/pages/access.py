"""Who may see a test, and what is said when it refuses what it is asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from pro_eligibility.errors import Discarded, NotNow
from pro_eligibility.models import EligibilityTest

Page = Callable[..., HttpResponse]  # of a request, a test and what else its address says
View = Callable[..., HttpResponse]
# Addresses are on most pages: no cache keeps them, not even that of the browser.
not_kept = cache_control(private=True, no_store=True)


def of_test(page: Page) -> View:
    """A view of one test, for its owner and for administrators; nobody else learns of it.

    Only its owner changes it. What the test refuses is said on its page.
    """

    @not_kept
    @login_required
    @wraps(page)
    def view(request: HttpRequest, id: UUID, **more: Any) -> HttpResponse:
        tests = EligibilityTest.objects.visible_to(request.user).select_related("job", "user")
        test = get_object_or_404(tests, pk=id)
        if request.method == "POST":
            check_owner(request, test)
        try:
            return page(request, test, **more)
        except Discarded:
            raise Http404 from None
        except NotNow as refused:
            messages.error(request, str(refused))
            return to_test(test)

    return view


def of_own_test(page: Page) -> View:
    """A view of one test whose forms are for its owner alone: nobody else is shown them."""

    @wraps(page)
    def owners(request: HttpRequest, test: EligibilityTest) -> HttpResponse:
        check_owner(request, test)
        return page(request, test)

    return of_test(owners)


def check_owner(request: HttpRequest, test: EligibilityTest) -> None:
    if test.user != request.user:
        raise PermissionDenied(_("Only its owner can change this test."))


def to_test(test: EligibilityTest) -> HttpResponse:
    return redirect("eligibility-test", test.pk)
