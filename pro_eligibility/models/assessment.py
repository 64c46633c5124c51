"""The history of an address: entries are added, never changed and never removed by a re-run."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from pro_eligibility.eligibility.verdict import EligibilityType, NetworkKind, Transition, Verdict


class Assessment(models.Model):
    """A verdict on a row, kept with what it rests on and how it differs from the one before."""

    row = models.ForeignKey("pro_eligibility.AddressRow", models.CASCADE, related_name="history")
    calculated_at = models.DateTimeField(db_default=Now())
    # The job that found it, so that a job that was interrupted knows what it changed before.
    job_id = models.UUIDField(null=True)
    transition = models.CharField(max_length=40, choices=Transition)
    # Of `networks`: equal if and only if all that decides eligibility was equal.
    data_version = models.CharField(max_length=20)
    rules_version = models.SmallIntegerField()

    # The fields of Verdict.
    type = models.CharField(max_length=40, choices=EligibilityType)
    eligible = models.BooleanField()
    distance = models.IntegerField(null=True)
    network_kind = models.CharField(max_length=20, choices=NetworkKind, blank=True, default="")
    id_fcu = models.IntegerField(null=True)
    sncu = models.CharField(max_length=10, blank=True, default="")
    network_name = models.CharField(max_length=500, blank=True, default="")
    taux_enrr = models.FloatField(null=True)
    contenu_co2_acv = models.FloatField(null=True)
    commune_insee = models.CharField(max_length=5, blank=True, default="")
    commune = models.CharField(max_length=200, blank=True, default="")
    departement = models.CharField(max_length=200, blank=True, default="")
    region = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "eligibility_assessments"
        ordering = ["id"]
        indexes = [
            # pro_eligibility.recheck: what this job has changed so far.
            models.Index(
                fields=["job_id"],
                condition=~Q(transition=Transition.INITIAL),
                name="eligibility_changes_by_job",
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.transition})"

    @property
    def verdict(self) -> Verdict:
        values = {name: getattr(self, name) for name in Verdict._fields}
        return Verdict(**values | {"type": EligibilityType(self.type)})
