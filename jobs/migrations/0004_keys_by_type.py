"""A unique_key belongs to its type: the same key of another type is another job."""

from django.db import migrations, models
from django.db.models import Q

KEPT = {"jobs_one_pending_per_key": "pending", "jobs_one_running_per_key": "processing"}


class Migration(migrations.Migration):
    dependencies = [("jobs", "0003_claims_by_type")]

    operations = [
        *(migrations.RemoveConstraint("job", name) for name in KEPT),
        *(
            migrations.AddConstraint(
                "job",
                models.UniqueConstraint(
                    fields=["type", "unique_key"],
                    name=name,
                    condition=Q(status=status) & ~Q(unique_key=""),
                ),
            )
            for name, status in KEPT.items()
        ),
    ]
