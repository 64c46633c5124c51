"""The lines of a plan: one for each record and what is to be done about it."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from airtable_sync.models.plan import SyncPlan


class PlannedChangeQuerySet(models.QuerySet["PlannedChange"]):
    def to_apply(self) -> Self:
        """Those that write something, and have not yet."""
        return self.filter(action__in=PlannedChange.WRITES, applied_at=None)

    def applied(self) -> Self:
        return self.filter(applied_at__isnull=False)


class PlannedChange(models.Model):
    """What differs between a row and its record, in one of the ways of `Action`."""

    class Action(models.TextChoices):
        CREATE = "create", _("create")  # a record that Airtable lacks
        CHANGE = "change", _("change")
        DELETE = "delete", _("delete")  # a record, by undoing its creation or on demand
        ORPHAN = "orphan", _("orphan")  # without a counterpart on the other side
        CONFLICT = "conflict", _("conflict")  # both sides changed
        HELD = "held", _("held back")  # undone before, and the same since
        PROBLEM = "problem", _("problem")  # a record or a cell that cannot be used

    # Those that write something.
    WRITES = (Action.CREATE, Action.CHANGE, Action.DELETE)

    plan = models.ForeignKey(SyncPlan, models.CASCADE, related_name="changes")
    action = models.CharField(_("action"), max_length=10, choices=Action)
    # id_fcu; None where the record has none that can be used.
    key = models.IntegerField(_("number"), null=True)
    record_id = models.CharField(_("record"), max_length=30, blank=True, default="")
    # What people know it by.
    label = models.CharField(_("name"), max_length=600, blank=True, default="")
    # By column: the cell before and the cell after; of a problem, the cell and the reason.
    cells = models.JSONField(_("cells"), default=dict)
    applied_at = models.DateTimeField(_("applied at"), null=True)

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        db_table = "airtable_changes"
        ordering = ["id"]
        verbose_name = _("planned change")
        verbose_name_plural = _("planned changes")

    def __str__(self) -> str:
        return f"{self.action} {self.key or self.record_id}"
