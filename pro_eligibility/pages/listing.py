"""The page of all tests that somebody may see."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pro_eligibility.models import EligibilityTest
from pro_eligibility.models.eligibility_test import Stage
from pro_eligibility.pages.access import not_kept

TESTS_ON_A_PAGE = 50
STAGES: dict[Stage, object] = {
    "draft": _("not started"),
    "waiting": _("waiting"),
    "running": _("running"),
    "failed": _("stopped"),
    "done": _("done"),
    "purged": _("addresses removed"),
}


@not_kept
@login_required
@require_safe
def list_tests(request: HttpRequest) -> HttpResponse:
    tests = EligibilityTest.objects.visible_to(request.user).select_related("job", "user")
    slim = tests.defer("layout_data", "columns", "notes", "job__data", "job__errors")
    page = Paginator(slim, TESTS_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = [(test, STAGES[test.stage], counts(test)) for test in page]
    return render(request, "pro_eligibility/list.html", {"page": page, "lines": lines})


def counts(test: EligibilityTest) -> dict[str, int]:
    """Of the last run, from its job: counting the rows of every test would take too long.

    Only what neither another score asked for nor another network changes.
    """
    result = test.job.result if test.job and test.stage == "done" else None
    if not result:
        return {}
    located = {"located": result["ok"] + result["to_review"]}
    return located | {name: result[name] for name in ("not_found", "duplicate", "invalid")}
