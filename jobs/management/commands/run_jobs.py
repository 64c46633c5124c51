import gc
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from jobs.checks import WORKER
from jobs.management.console import console
from jobs.management.numbers import between
from jobs.management.open_transaction import refuse_open_transaction
from jobs.models import Worker
from jobs.registry import job_types
from jobs.worker.supervisor import Supervisor
from jobs.worker.turn import due_of

logger = logging.getLogger("jobs.worker")


class Command(BaseCommand):
    requires_system_checks = [WORKER]
    help = "Run the jobs of the queue until told to stop: SIGTERM or Ctrl-C, twice to hurry."

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--slots", type=between(1, 100), default=2, help="jobs at once (%(default)s)")
        add("--types", nargs="+", metavar="TYPE", help="run only these types")
        add("--until-empty", action="store_true", help="end when nothing is due and nothing runs")
        add(
            "--poll",
            type=between(0.05, 3600, float),
            default=5.0,
            metavar="SECONDS",
            help="look at the table at least so often (%(default)g)",
        )
        add(
            "--grace",
            type=between(0, 3600, float),
            default=30.0,
            metavar="SECONDS",
            help="how long running jobs may go on after the first signal (%(default)g)",
        )
        add("--heartbeat-file", type=Path, metavar="FILE", help="touched while all is well")
        add("--max-jobs", type=between(1, 10**9), metavar="N", help="end after so many jobs")

    def handle(
        self, *, types: list[str] | None, heartbeat_file: Path | None, **options: Any
    ) -> None:
        refuse_open_transaction("run_jobs")
        names = self.known(types)
        refuse_missing_tables()
        supervisor = Supervisor(
            due_of(names),
            types=names,
            on_beat=partial(touch, heartbeat_file),
            console=console(),
            **{
                name: options[name]
                for name in ("slots", "poll", "grace", "until_empty", "max_jobs")
            },
        )
        keep_shared()
        sys.exit(supervisor.run())

    def known(self, types: list[str] | None) -> list[str]:
        if unknown := sorted(set(types or []) - set(job_types.names())):
            raise CommandError(
                f"--types: no handler for {', '.join(unknown)}; "
                f"registered: {', '.join(job_types.names()) or 'none'}."
            )
        if not job_types.names():
            raise CommandError("No app registers a job type; see AppConfig.ready() in the README.")
        return types or job_types.names()


def refuse_missing_tables() -> None:
    """A database that is away is waited for; one without the tables is a mistake."""
    try:
        Worker.objects.exists()
    except ProgrammingError as error:
        raise CommandError(f"{error}Run manage.py migrate first.") from None
    except OperationalError:
        pass


def keep_shared() -> None:
    """Let a child's collector leave alone what is here: what it looks at would be copied."""
    gc.collect()
    gc.freeze()


def touch(file: Path | None) -> None:
    """For probes that only look at its age, and need not start Django to do so."""
    if file is None:
        return
    try:
        file.touch()
    except OSError as error:  # the probe will notice
        logger.warning("The heartbeat file cannot be touched: %s.", error)
