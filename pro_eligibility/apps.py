from datetime import timedelta
from smtplib import SMTPException

from django.apps import AppConfig
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _


class ProEligibilityConfig(AppConfig):
    """Bulk address tests against the heat networks."""

    name = "pro_eligibility"
    verbose_name = "Eligibility tests"

    def ready(self) -> None:
        from pro_eligibility.tile_source import TESTED_PLACES
        from tiles.sources import tile_sources

        tile_sources.register(TESTED_PLACES)
        self.register_test()
        self.register_recheck()
        self.register_mail()

    def register_test(self) -> None:
        from jobs.registry import Backoff, job_types
        from pro_eligibility.geocoding.errors import GeocoderUnavailable
        from pro_eligibility.handlers import RowsTested, RunTest, run_test

        job_types.register(
            "pro_eligibility_test",
            run_test,
            payload=RunTest,
            result=RowsTested,
            timeout=timedelta(hours=12),
            # Each attempt goes on where the last one stopped.
            max_attempts=5,
            retry_on=(GeocoderUnavailable, DatabaseError),
            backoff=Backoff(first=timedelta(minutes=1)),
            label=_("Test addresses"),
        )

    def register_recheck(self) -> None:
        from jobs.registry import job_types
        from pro_eligibility.handlers import NotifyChanges, Rechecked, notify_changes

        job_types.register(
            "pro_eligibility_test_notify_changes",
            notify_changes,
            payload=NotifyChanges,
            result=Rechecked,
            timeout=timedelta(hours=2),
            # An attempt goes on with what the last one left, and tells of all that both changed.
            max_attempts=5,
            label=_("Test addresses again"),
        )

    def register_mail(self) -> None:
        from jobs.registry import Backoff, job_types
        from pro_eligibility.mail import Mail, Sent, send

        job_types.register(
            "pro_eligibility_mail",
            send,
            payload=Mail,
            result=Sent,
            max_attempts=8,
            retry_on=(OSError, SMTPException),
            backoff=Backoff(first=timedelta(minutes=1)),
            label=_("Tell by e-mail"),
        )
