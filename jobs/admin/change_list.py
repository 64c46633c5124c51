"""The list of jobs: whatever the size of the table, a page costs a bounded read of an index."""

import re
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

from jobs.models import Job

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
        return int(jobs.order_by().values("pk")[: MOST_LISTED + 1].count())


class JobChangeList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        """The rows of the list, without their large columns."""
        jobs = super().get_queryset(request, exclude_parameters)
        kind, message = KT("error__kind"), Left(KT("error__message"), 200)
        return jobs.annotate(error_kind=kind, error_message=message).defer(*BLOBS)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """By age, one way or the other, exactly as the index jobs_by_age has it."""
        first = str(super().get_ordering(request, queryset)[0])
        return ["created_at", "pk"] if first == "created_at" else ["-created_at", "-pk"]


def search(request: HttpRequest, jobs: QuerySet[Job], text: str) -> QuerySet[Job]:
    """The job with this id, or those whose id begins so: a range of the primary key."""
    start = text.strip().lower().replace("-", "")
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
    return jobs.filter(pk__gte=first, pk__lte=last).order_by("-pk")
