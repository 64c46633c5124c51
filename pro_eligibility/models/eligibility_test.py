"""A file of addresses that somebody wants to know about."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from pro_eligibility.uploads.layout import Layout

DEFAULT_THRESHOLD = 60  # %


class EligibilityTestQuerySet(models.QuerySet["EligibilityTest"]):
    def present(self) -> Self:
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: object) -> Self:
        """Their own for users, all for administrators."""
        if getattr(user, "is_staff", False):
            return self.present()
        return self.present().filter(user=getattr(user, "pk", None))


class EligibilityTest(models.Model):
    """From the upload to the results; its rows are AddressRow."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=100, validators=[MinLengthValidator(1)])
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True)
    # When its addresses were removed for good.
    purged_at = models.DateTimeField(null=True, blank=True)

    layout_data = models.JSONField(default=dict, db_column="layout")
    columns = models.JSONField(default=list)  # the names of the file's columns
    row_count = models.IntegerField(default=0)
    # When the rows of the file became AddressRow: from then on the layout stays.
    read_at = models.DateTimeField(null=True)
    # The last run that ended well.
    completed_at = models.DateTimeField(null=True)
    data_version = models.CharField(max_length=20, blank=True, default="")

    score_threshold = models.SmallIntegerField(
        _("least score, %"),
        default=DEFAULT_THRESHOLD,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    wants_mail = models.BooleanField(_("tell me by e-mail"), default=False)
    has_unseen_results = models.BooleanField(default=False)
    has_unseen_changes = models.BooleanField(default=False)
    # The last one; no search through the jobs.
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")

    objects = models.Manager.from_queryset(EligibilityTestQuerySet)()

    class Meta:
        db_table = "eligibility_tests"
        ordering = ["-created_at", "-id"]
        verbose_name = _("eligibility test")
        verbose_name_plural = _("eligibility tests")
        indexes = [
            models.Index(
                fields=["user", "-created_at"],
                condition=Q(deleted_at__isnull=True),
                name="eligibility_tests_of_a_user",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def layout(self) -> Layout:
        return Layout.model_validate(self.layout_data)
