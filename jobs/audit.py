"""Who did what to a job, as the admin's history shows it."""

from typing import Literal

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser

from jobs.models import Job

Verb = Literal["retried", "cancelled"]


def record(user: AbstractBaseUser, job: Job, verb: Verb) -> None:
    """Note that this user did it; call it in the transaction of the change."""
    if not apps.is_installed("django.contrib.admin"):
        return
    from django.contrib.admin.models import CHANGE, LogEntry

    LogEntry.objects.log_actions(
        user.pk, [job], CHANGE, f"{verb.capitalize()}.", single_object=True
    )
