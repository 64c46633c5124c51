"""A file of addresses that somebody wants to know about, and all that can be done with it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from jobs.errors import WrongState
from jobs.models import Job
from pro_eligibility import sql
from pro_eligibility.errors import AlreadyRead, AlreadyRunning, Discarded, NotRunning, Purged
from pro_eligibility.models.address_row import Reason, State
from pro_eligibility.models.upload import Upload
from pro_eligibility.uploads.layout import Layout

DEFAULT_THRESHOLD = 60  # %
LONGEST_NAME = 100
TILES = "tests-adresses"

# draft: uploaded, not started; waiting and running: its job is; failed: it ended in error; done.
Stage = Literal["draft", "waiting", "running", "failed", "done", "purged"]


class EligibilityTestQuerySet(models.QuerySet["EligibilityTest"]):
    def present(self) -> Self:
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """Their own for users, all for administrators."""
        return self.present() if user.is_staff else self.present().filter(user=user.pk)


class EligibilityTestManager(models.Manager["EligibilityTest"]):
    @transaction.atomic
    def upload(
        self, user: Any, *, filename: str, content: bytes, name: str = "", wants_mail: bool = False
    ) -> "EligibilityTest":
        """Keep a file, and how it seems to be laid out. Raises UploadRefused."""
        # Every process imports the models; what reads files, which is heavy, only one that does.
        from pro_eligibility.uploads.detection import detect

        found = detect(content, filename)
        test = self.create(
            name=(name or filename)[:LONGEST_NAME],
            user=user,
            wants_mail=wants_mail,
            language=get_language() or settings.LANGUAGE_CODE,
            layout_data=found.layout.model_dump(),
            columns=found.columns,
            row_count=found.row_count,
            notes=[str(note) for note in found.notes],
        )
        Upload.objects.create(
            test=test, filename=filename[-255:], content=content, size=len(content)
        )
        return test


class EligibilityTest(models.Model):
    """From the upload to the results; its rows are AddressRow."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, validators=[MinLengthValidator(1)])
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # In which its owner is written to.
    language = models.CharField(max_length=10, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True)
    # When its addresses were removed for good.
    purged_at = models.DateTimeField(null=True, blank=True)

    layout_data = models.JSONField(default=dict, db_column="layout")
    columns = models.JSONField(default=list)  # the names of the file's columns
    notes = models.JSONField(default=list)  # what was noticed when it was uploaded, in sentences
    row_count = models.IntegerField(default=0)
    # When the rows of the file became AddressRow: from then on the layout stays.
    read_at = models.DateTimeField(null=True)
    estimated_end_at = models.DateTimeField(null=True)
    # The last run that ended well, and its job.
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    data_version = models.CharField(max_length=20, blank=True, default="")
    # The last recheck that changed something here.
    changed_by = models.UUIDField(null=True)

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

    objects = EligibilityTestManager.from_queryset(EligibilityTestQuerySet)()

    class Meta:
        db_table = "eligibility_tests"
        ordering = ["-created_at", "-id"]
        verbose_name = _("eligibility test")
        verbose_name_plural = _("eligibility tests")
        permissions = [("purge_eligibilitytest", "Can purge an eligibility test")]
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

    @property
    def stage(self) -> Stage:
        if self.purged_at:
            return "purged"
        if self.job is None:
            return "done" if self.completed_at else "draft"
        stages: dict[str, Stage] = {
            Job.Status.PENDING: "waiting",
            Job.Status.PROCESSING: "running",
            Job.Status.ERROR: "failed",
        }
        return stages.get(self.job.status, "done")

    @property
    def is_active(self) -> bool:
        return self.stage in ("waiting", "running")

    # -- by people ---------------------------------------------------------------------------------

    def set_layout(self, layout: Layout) -> None:
        """Read the file otherwise. Raises LayoutRefused, AlreadyRunning, AlreadyRead or Purged."""
        from pro_eligibility.uploads.preview import check_layout, preview

        with self.changing() as test:
            if test.read_at:
                raise AlreadyRead(test.name)
            if test.is_active:
                raise AlreadyRunning(test.name)
            content = bytes(test.upload.content)
            check_layout(content, layout)
            seen = preview(content, layout)
            test.layout_data = layout.model_dump()
            test.columns, test.row_count = seen.columns, seen.row_count
            test.save(update_fields=["layout_data", "columns", "row_count"])

    def start(self) -> Job:
        """Enqueue the run, or the next: what was not found or was refused is asked again.

        Raises AlreadyRunning or Purged.
        """
        with self.changing() as test:
            if test.is_active:
                raise AlreadyRunning(test.name)
            if test.completed_at:
                lost = Q(state=State.NOT_FOUND) | Q(reason=Reason.REFUSED)
                test.rows.filter(lost).update(state=State.WAITING, reason=Reason.WAITING)
            test.job = Job.objects.enqueue(
                "pro_eligibility_test",
                {"test_id": str(test.pk)},
                user=test.user,
                entity_id=test.pk,
                unique_key=f"pro_eligibility_test:{test.pk}",
            )
            test.estimated_end_at = None
            test.save(update_fields=["job", "estimated_end_at"])
        return test.job

    def cancel(self) -> None:
        """End its job; what it found so far stays. Raises NotRunning."""
        try:
            if self.job is None:
                raise NotRunning(self.name)
            self.job.cancel()
        except WrongState:
            raise NotRunning(self.name) from None

    def delete_softly(self) -> None:
        """Out of sight, its job ended; an administrator can still purge it."""
        with self.changing(anyway=True) as test:
            test._stop()
            test.deleted_at = Now()
            test.save(update_fields=["deleted_at"])
            build_tiles()

    def purge(self) -> None:
        """Remove its addresses, its results and its file for good; its name and dates stay."""
        with self.changing(anyway=True) as test, connection.cursor() as cursor:
            test._stop()
            for statement in sql.PURGE:
                cursor.execute(statement, [test.pk])
            test.purged_at = Now()
            test.columns, test.notes, test.estimated_end_at = [], [], None
            test.save(update_fields=["purged_at", "columns", "notes", "estimated_end_at"])
            build_tiles()

    def mark_seen(self) -> None:
        seen = {"has_unseen_results": False, "has_unseen_changes": False}
        EligibilityTest.objects.filter(pk=self.pk).update(**seen)

    # -- how it is changed -------------------------------------------------------------------------

    @contextmanager
    def changing(self, *, anyway: bool = False) -> Iterator["EligibilityTest"]:
        """The test as it is now, locked until the block ends.

        Raises Discarded if it was deleted and Purged if it was purged, unless `anyway`. Its job
        takes the same lock for each of its commits, so none comes after a purge.
        """
        with transaction.atomic():
            # Without its job: after a wait for the lock, a join would give what it was before.
            test = EligibilityTest.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
            if test is None or (test.deleted_at and not anyway):
                raise Discarded(self.pk)
            if test.purged_at and not anyway:
                raise Purged(test.name)
            yield test
            EligibilityTest.objects.filter(pk=self.pk).update(updated_at=Now())
        self.refresh_from_db()

    def _stop(self) -> None:
        with suppress(NotRunning):
            self.cancel()


def build_tiles() -> None:
    """Let the map of all tested addresses follow, once for however many changes wait."""
    Job.objects.enqueue("build_tiles", {"name": TILES}, unique_key=f"build_tiles:{TILES}")
