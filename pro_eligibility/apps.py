from datetime import timedelta
from smtplib import SMTPException

from django.apps import AppConfig


class ProEligibilityConfig(AppConfig):
    """Bulk address tests against the heat networks."""

    name = "pro_eligibility"
    verbose_name = "Eligibility tests"

    def ready(self) -> None:
        from jobs.registry import Backoff, job_types
        from pro_eligibility.geocoding.errors import GeocoderUnavailable
        from pro_eligibility.handlers import RowsTested, RunTest, run_test
        from pro_eligibility.mail import Mail, Sent, send
        from pro_eligibility.recheck import Changes, Rechecked, notify_changes
        from pro_eligibility.tile_source import TESTED_PLACES
        from tiles.sources import tile_sources

        tile_sources.register(TESTED_PLACES)
        job_types.register(
            "pro_eligibility_test",
            run_test,
            payload=RunTest,
            result=RowsTested,
            timeout=timedelta(hours=12),
            # Each attempt goes on where the last one stopped.
            max_attempts=5,
            retry_on=(GeocoderUnavailable,),
            backoff=Backoff(first=timedelta(minutes=1)),
            label="Test addresses",
        )
        job_types.register(
            "pro_eligibility_test_notify_changes",
            notify_changes,
            payload=Changes,
            result=Rechecked,
            timeout=timedelta(hours=2),
            # An attempt goes on with what the last one left, and tells of all that both changed.
            max_attempts=5,
            label="Test addresses again",
        )
        job_types.register(
            "pro_eligibility_mail",
            send,
            payload=Mail,
            result=Sent,
            max_attempts=8,
            retry_on=(OSError, SMTPException),
            backoff=Backoff(first=timedelta(minutes=1)),
            label="Tell by e-mail",
        )
