"""Claims by type: its index begins with the type. What a dead worker ran is known, and suspects."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_lists_by_type")]

    operations = [
        migrations.RemoveIndex("job", "jobs_for_claim"),
        migrations.AddIndex(
            "job",
            models.Index(
                F("type"),
                F("priority").desc(),
                F("run_at"),
                F("id"),
                name="jobs_for_claim",
                condition=Q(status="pending") & Q(due=True),
            ),
        ),
        migrations.AddField("job", "suspect", models.BooleanField(db_default=False)),
        migrations.AddField("job", "superseded_by", models.UUIDField(null=True)),
        migrations.AddField(
            "worker",
            "running",
            django.contrib.postgres.fields.ArrayField(models.UUIDField(), default=list),
        ),
    ]
