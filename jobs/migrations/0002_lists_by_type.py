"""Indexes for the lists: by type and by user, in place of one by age that every state was put in.

The new ones are there before the old ones go, and nobody waits for either.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

LISTED = {
    "pending": Q(worker=None, finished_at=None),
    "finished": Q(finished_at__isnull=False, error__isnull=True),
    "error": Q(error__isnull=False),
}
OWNED = {"system": Q(user=None), "users": Q(user__isnull=False)}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("jobs", "0001_jobs")]

    operations = [
        *(
            AddIndexConcurrently(
                "job",
                models.Index(
                    fields=["type", "created_at", "id"],
                    name=f"jobs_{status}_of_{owner}",
                    condition=listed & owned,
                ),
            )
            for status, listed in LISTED.items()
            for owner, owned in OWNED.items()
        ),
        AddIndexConcurrently(
            "job",
            models.Index(
                fields=["user", "status", "type", "created_at", "id"],
                name="jobs_by_user",
                condition=Q(user__isnull=False),
            ),
        ),
        *(
            RemoveIndexConcurrently("job", name)
            for name in ("jobs_by_age", "jobs_in_error", "jobs_of_user")
        ),
    ]
