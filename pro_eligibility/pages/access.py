"""Who may see a test, and what is said when it refuses what it is asked for."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from pro_eligibility.errors import Discarded, NotNow
from pro_eligibility.models import EligibilityTest

Page = Callable[[HttpRequest, EligibilityTest], HttpResponse]
View = Callable[..., HttpResponse]


def of_test(page: Page) -> View:
    """A view of one test, for its owner and for administrators; nobody else learns of it.

    Only its owner changes it. What the test refuses is said on its page.
    """

    @login_required
    @wraps(page)
    def view(request: HttpRequest, id: UUID) -> HttpResponse:
        tests = EligibilityTest.objects.visible_to(request.user).select_related("job", "user")
        test = get_object_or_404(tests, pk=id)
        if request.method == "POST" and test.user != request.user:
            raise PermissionDenied
        try:
            return page(request, test)
        except Discarded:
            raise Http404 from None
        except NotNow as refused:
            messages.error(request, str(refused))
            return to_test(test)

    return view


def to_test(test: EligibilityTest) -> HttpResponse:
    return redirect("eligibility-test", test.pk)
