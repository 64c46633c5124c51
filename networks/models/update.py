"""Changes of geometry that wait until somebody applies them, and those that were applied."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from networks.fields import GeometryField


class GeometryUpdateQuerySet(models.QuerySet["GeometryUpdate"]):
    def pending(self) -> Self:
        return self.filter(applied_at__isnull=True)


class GeometryUpdate(models.Model):
    """One thing to create, change or delete; `networks.updates` applies it with the others."""

    class Action(models.TextChoices):
        CREATE = "create", _("create")
        CHANGE = "change", _("change")
        DELETE = "delete", _("delete")

    # A name of networks.kinds, such as heat-networks.
    kind = models.CharField(_("kind"), max_length=40)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    # The id_fcu of what is changed or deleted; of what was created, once it was.
    target = models.IntegerField(_("number"), null=True, blank=True)
    # The fields of what is created, besides its geometry.
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    geometry = GeometryField(null=True, blank=True)
    # What was there before it was applied: addresses near it are affected too.
    former_geometry = GeometryField(null=True, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"), db_default=Now())
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    objects: models.Manager["GeometryUpdate"] = GeometryUpdateQuerySet.as_manager()

    class Meta:
        db_table = "geometry_updates"
        ordering = ["id"]
        verbose_name = _("geometry update")
        verbose_name_plural = _("geometry updates")
        permissions = [("apply_geometryupdate", "Can apply geometry updates")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target"],
                condition=Q(applied_at__isnull=True),
                name="geometry_updates_one_pending_per_target",
            ),
            models.CheckConstraint(
                condition=Q(action="create") | Q(target__isnull=False),
                name="geometry_updates_have_a_target",
            ),
            models.CheckConstraint(
                condition=Q(action="delete") | Q(action="create") | Q(geometry__isnull=False),
                name="geometry_updates_change_to_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.target or ''}".strip()
