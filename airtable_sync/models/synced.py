"""What both sides were last seen to agree on: by it a change is told from a difference."""

from django.db import models


class SyncedRecord(models.Model):
    """One row and its record."""

    # Of Airtable: what one base says is nothing to another.
    base = models.CharField(max_length=30, default="")
    name = models.CharField(max_length=40)
    key = models.IntegerField()
    record_id = models.CharField(max_length=30, blank=True, default="")
    # By column: the cell that both sides had.
    agreed = models.JSONField(default=dict)
    # By column: the cell of its owner that was undone, so that it is not taken again.
    held = models.JSONField(default=dict)

    class Meta:
        db_table = "airtable_records"
        constraints = [
            models.UniqueConstraint(
                fields=["base", "name", "key"], name="airtable_records_one_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
