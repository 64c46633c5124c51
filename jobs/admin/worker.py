"""The workers, as they last showed themselves."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.admin.cells import Look, badge, moment
from jobs.admin.read_only import ReadOnly
from jobs.duration import humanised
from jobs.models import Worker
from jobs.registry import job_types

ALIVE = Look("●", gettext_lazy("alive"))
LAPSED = Look("✖", gettext_lazy("lapsed"))


@admin.register(Worker)
class WorkerAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "state", "slots", "serves", "started", "seen"]
    fields = ["name", "state", "slots", "serves", "started", "seen"]
    ordering = ["-alive_until"]
    sortable_by = ["name", "started"]
    show_full_result_count = False

    class Media:
        css = {"all": ["jobs/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Worker]:
        # By the clock of the database, as the workers themselves judge it.
        alive = ExpressionWrapper(Q(alive_until__gt=Now()), BooleanField())
        workers: QuerySet[Worker] = super().get_queryset(request)
        return workers.annotate(alive=alive)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Workers"), **(extra_context or {})})

    @admin.display(description=gettext_lazy("State"))
    def state(self, worker: Any) -> SafeString:
        return badge("finished", ALIVE) if worker.alive else badge("error", LAPSED)

    @admin.display(description=gettext_lazy("Types"))
    def serves(self, worker: Worker) -> str:
        return ", ".join(map(job_types.label, worker.types))

    @admin.display(description=gettext_lazy("Started"), ordering="started_at")
    def started(self, worker: Worker) -> str:
        return moment(worker.started_at)

    @admin.display(description=gettext_lazy("Seen"))
    def seen(self, worker: Worker) -> str:
        return _("%(time)s ago") % {"time": humanised(timezone.now() - worker.seen_at)}
