"""A row of an uploaded file, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What is known of a row, whatever score is asked for."""

    WAITING = "waiting", _("waiting for the geocoder")
    LOCATED = "located", _("located")
    NOT_FOUND = "not_found", _("not found")
    DUPLICATE = "duplicate", _("duplicate")
    INVALID = "invalid", _("invalid")


class Outcome(models.TextChoices):
    """What a person is told: a located row is to be reviewed if its score is under the test's."""

    OK = "ok", _("ok")
    TO_REVIEW = "to_review", _("to review")
    NOT_FOUND = "not_found", _("not found")
    DUPLICATE = "duplicate", _("duplicate")
    INVALID = "invalid", _("invalid")
    WAITING = "waiting", _("waiting")


class Reason(models.TextChoices):
    """Why a row is what it is; `{…}` are its facts, which `AddressRow.sentence` puts in."""

    LOCATED = "located", _("Located by the geocoder with a score of {score} %.")
    GIVEN = "given", _("The coordinates of the file were used.")
    LOW_SCORE = "low_score", _("The geocoder is unsure: {score} % where {threshold} % is asked.")
    NOT_FOUND = "not_found", _("The geocoder found no such address.")
    REFUSED = "refused", _("The geocoder refused the row: {message}")
    DUPLICATE = "duplicate", _("The same place as row {row}, whose result it shares.")
    EMPTY = "empty", _("There is no address in the row.")
    TOO_LONG = "too_long", _("The address has {length} characters; at most {most} are taken.")
    TOTAL = "total", _("It looks like a total, not like an address.")
    NO_COORDINATES = "no_coordinates", _("The row has no coordinates.")
    NOT_A_NUMBER = "not_a_number", _("“{value}” is not a coordinate.")
    OUTSIDE = "outside", _("The place ({value}) is not in metropolitan France.")
    WAITING = "waiting", _("The geocoder has not been asked yet.")


class AddressRowQuerySet(QuerySet["AddressRow"]):
    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def located(self) -> Self:
        return self.filter(state=State.LOCATED)

    def with_outcome(self, threshold: int) -> Self:
        """Each with `outcome`, an Outcome; `threshold` is the least score taken as ok, in %."""
        unsure = Q(state=State.LOCATED, score__lt=threshold)
        outcome = Case(
            When(unsure, then=Value(Outcome.TO_REVIEW)),
            When(state=State.LOCATED, then=Value(Outcome.OK)),
            default=F("state"),
        )
        return self.annotate(outcome=outcome)

    def with_results(self) -> Self:
        """Each with what it takes to show it, in one query."""
        return self.select_related("assessment", "duplicate_of__assessment")


class AddressRow(models.Model):
    """Rows in = rows out: each row of the file is one of these, in its order."""

    test = models.ForeignKey("pro_eligibility.EligibilityTest", models.CASCADE, related_name="rows")
    number = models.IntegerField()  # from 1, in the order of the file
    cells = models.JSONField()  # as they were uploaded, all as text
    # What the geocoder is asked: an address with single blanks. "" if the file has coordinates.
    query = models.TextField(blank=True, default="")
    # `query` without case and accents; the rows with one key are asked about once.
    query_key = models.TextField(blank=True, default="")

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=20, choices=Reason, default=Reason.WAITING)
    facts = models.JSONField(default=dict)  # of the reason
    duplicate_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="duplicates")

    # Lambert-93, metres: given by the file, or by the geocoder.
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    label = models.TextField(blank=True, default="")  # the address that was found
    score = models.SmallIntegerField(null=True)  # 0–100; null for given coordinates
    citycode = models.CharField(max_length=10, blank=True, default="")
    geocoded_at = models.DateTimeField(null=True)

    # The last of its history. No constraint: it would be checked for each entry that is purged.
    assessment = models.ForeignKey(
        "pro_eligibility.Assessment",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    objects = models.Manager.from_queryset(AddressRowQuerySet)()

    class Meta:
        db_table = "eligibility_test_rows"
        ordering = ["test", "number"]
        indexes = [
            # pro_eligibility.geocode: what is left to ask, in order.
            models.Index(
                fields=["test", "number"],
                condition=Q(state="waiting"),
                name="eligibility_rows_waiting",
            ),
            # pro_eligibility.geocode.reuse: what is known already of an address.
            models.Index(
                "query_key",
                condition=Q(state="located") & ~Q(query_key=""),
                name="eligibility_rows_known",
            ),
            # pro_eligibility.recheck, and the map of a test: its rows in a box.
            models.Index(
                fields=["test", "x", "y"],
                condition=Q(state="located"),
                name="eligibility_rows_by_place",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["test", "number"], name="eligibility_rows_one_per_line"
            ),
            models.CheckConstraint(
                condition=~Q(state="located") | Q(x__isnull=False, y__isnull=False),
                name="eligibility_rows_located_have_a_place",
            ),
            models.CheckConstraint(
                condition=Q(state="duplicate", duplicate_of__isnull=False)
                | (~Q(state="duplicate") & Q(duplicate_of__isnull=True)),
                name="eligibility_rows_duplicates_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.query or self.label}"

    @property
    def place(self) -> "AddressRow":
        """The row whose place and results are shown: itself, or the one it is a duplicate of."""
        return self.duplicate_of or self

    def outcome_at(self, threshold: int) -> Outcome:
        """What `with_outcome` gives."""
        if self.state != State.LOCATED:
            return Outcome(self.state)
        unsure = self.score is not None and self.score < threshold
        return Outcome.TO_REVIEW if unsure else Outcome.OK

    def sentence(self, threshold: int) -> str:
        """Why it is what it is, in the reader's language."""
        unsure = self.outcome_at(threshold) == Outcome.TO_REVIEW
        reason = Reason.LOW_SCORE if unsure else Reason(self.reason)
        return str(reason.label).format(**self.facts | {"threshold": threshold})
