"""The list of jobs: whatever the size of the table, a page costs a bounded read of some indexes."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from jobs.admin.filters import SYSTEM
from jobs.models import Job
from jobs.timeline import Owner, Timeline

MOST_LISTED = 10_000  # jobs that can be paged through; filters lead to the others
BLOBS = ["data", "result", "error", "errors"]
START_OF_ID = re.compile(r"[0-9a-f]{1,32}")


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than MOST_LISTED, so neither the count nor the last page is dear."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_LISTED)

    @property
    def capped(self) -> bool:
        return self._counted > MOST_LISTED

    @cached_property
    def _counted(self) -> int:
        jobs: Any = self.object_list
        if isinstance(jobs, Timeline):
            return jobs.count(MOST_LISTED + 1)
        return int(jobs.order_by().values("pk")[: MOST_LISTED + 1].count())


class JobChangeList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """The rows of the list, without their large columns."""
        return without_blobs(super().get_queryset(request, exclude_parameters))

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """By age, one way or the other, as a timeline has it."""
        first = str(super().get_ordering(request, queryset)[0])
        return ["created_at", "pk"] if first == "created_at" else ["-created_at", "-pk"]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if self.multi_page and not (self.show_all and self.can_show_all):
            return
        # All on one page: Django's own way would sort the table.
        self.result_list = self.paginator.object_list[0 : max(self.result_count, 1)]


def by_age(jobs: QuerySet[Job], request: HttpRequest) -> Timeline:
    """Those of these jobs that have the status and the type that the request asks for."""
    asked = {name: str(value) for name, value in request.GET.items() if value}
    return Timeline(
        jobs,
        without_blobs(Job.objects.select_related("user", "worker")),
        statuses=[asked["status"]] if "status" in asked else [],
        types=[asked["type"]] if "type" in asked else [],
        owner=owner_in(asked),
        newest_first=jobs.query.order_by[0] != "created_at",
    )


def owner_in(asked: Mapping[str, str]) -> Owner:
    owner = asked.get("owner") or asked.get("user__id__exact")
    if not owner:
        return "anybody"
    return "system" if owner == SYSTEM else "one user"


def without_blobs(jobs: QuerySet[Job]) -> QuerySet[Job]:
    kind, message = KT("error__kind"), Left(KT("error__message"), 200)
    return jobs.annotate(error_kind=kind, error_message=message).defer(*BLOBS)


def start_of_id(text: str) -> str:
    return text.strip().lower().replace("-", "")


def search(request: HttpRequest, jobs: QuerySet[Job], text: str) -> QuerySet[Job]:
    """The job with this id, or those whose id begins so: a range of the primary key."""
    start = start_of_id(text)
    if not start:
        return jobs
    if not START_OF_ID.fullmatch(start):
        messages.warning(
            request,
            _("“%(text)s” is not the id of a job. Give a UUID, or how one begins: 0-9, a-f.")
            % {"text": text[:80]},
        )
        return jobs.none()
    first, last = UUID(start.ljust(32, "0")), UUID(start.ljust(32, "f"))
    # Ids begin with the time they were made, so this is the order of the list, by the primary key.
    return by_age(jobs, request).selected.filter(pk__gte=first, pk__lte=last).order_by("-pk")
