"""The tests of everybody, those that were deleted included, and their purge."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobs.admin.read_only import ReadOnly
from pro_eligibility.models import EligibilityTest

COLUMNS: list[Any] = ["name", "user", "created_at", "row_count", "stage", "deleted_at", "purged_at"]


@admin.register(EligibilityTest)
class EligibilityTestAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = COLUMNS
    list_select_related = ["user", "job"]
    list_filter = ["deleted_at", "purged_at"]
    search_fields = ["name", "user__username"]
    show_full_result_count = False
    fields = [*COLUMNS, "completed_at", "data_version", "score_threshold", "notes"]
    actions = ["purge"]

    def has_purge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("pro_eligibility.purge_eligibilitytest")

    @admin.display(description=_("stage"))
    def stage(self, test: EligibilityTest) -> str:
        return test.stage

    @admin.action(
        description=_("Remove the addresses of the selected tests for good"), permissions=["purge"]
    )
    def purge(self, request: HttpRequest, tests: QuerySet[EligibilityTest]) -> None:
        user: Any = request.user
        for test in tests.filter(purged_at__isnull=True):
            with transaction.atomic():
                test.purge()
                LogEntry.objects.log_actions(user.pk, [test], CHANGE, "Purged.", single_object=True)
            said = gettext("The addresses of “%(name)s” were removed.") % {"name": test.name}
            self.message_user(request, said, messages.SUCCESS)
