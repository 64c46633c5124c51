"""A plan: what a sync of one table in one direction would change, or has changed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SyncPlanQuerySet(models.QuerySet["SyncPlan"]):
    def being_applied(self) -> Self:
        return self.filter(state=SyncPlan.State.APPLYING)

    def of_job(self, job_id: object) -> Self:
        return self.filter(job_id=job_id)


class SyncPlan(models.Model):
    """Made by a job, applied by the same one or by another after somebody has looked at it."""

    class Direction(models.TextChoices):
        TO_AIRTABLE = "to_airtable", _("to Airtable")
        FROM_AIRTABLE = "from_airtable", _("from Airtable")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")  # nothing was written
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        INTERRUPTED = "interrupted", _("interrupted")  # applied in part; its job has ended
        UNDONE = "undone", _("undone")

    # The base of Airtable that it is about.
    base = models.CharField(_("base"), max_length=30, default="")
    # That of a TableSync, such as reseaux-de-chaleur.
    name = models.CharField(_("table"), max_length=40)
    direction = models.CharField(_("direction"), max_length=15, choices=Direction)
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.PLANNED)
    # Rows or records of the table, whichever are more.
    rows = models.IntegerField(_("rows"))
    # By action: how many lines there are.
    counts = models.JSONField(_("counts"), default=dict)
    # Because it would change more than the fuse lets through.
    needs_confirmation = models.BooleanField(_("needs a confirmation"), default=False)
    undoes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by",
        verbose_name=_("undoes"),
    )  # fmt: skip
    # The job that made it, and then the one that applies it; jobs are pruned, plans stay.
    job_id = models.UUIDField(_("job"), null=True, db_index=True)
    made_at = models.DateTimeField(_("made at"), db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("made by"),
    )  # fmt: skip
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("applied by"),
    )  # fmt: skip

    objects = SyncPlanQuerySet.as_manager()

    class Meta:
        db_table = "airtable_plans"
        ordering = ["-id"]
        verbose_name = _("sync plan")
        verbose_name_plural = _("sync plans")
        permissions = [
            ("apply_syncplan", "Can apply sync plans"),
            ("undo_syncplan", "Can undo sync plans"),
        ]
        constraints = [
            # Two jobs that write the same table would each send what the other has sent.
            models.UniqueConstraint(
                fields=["name", "direction"],
                condition=Q(state="applying"),
                name="airtable_plans_one_applying_per_table",
            ),
        ]

    def __str__(self) -> str:
        direction = self.get_direction_display()
        said = gettext("Plan %(plan)s (%(table)s %(direction)s)")
        return said % {"plan": self.pk, "table": self.name, "direction": direction}
