"""`manage.py sync_airtable reseaux-de-chaleur --dry-run`"""

import sys
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError, CommandParser

from airtable_sync.errors import AirtableSyncError
from airtable_sync.management.orders import DIRECTIONS, orders
from airtable_sync.management.plan_text import plan_text
from airtable_sync.management.running import plan_of, reason, run
from airtable_sync.payload import Also
from airtable_sync.tables import TABLES
from jobs.errors import InvalidPayload
from jobs.models import Job
from networks.following import listed

LINES = 50
ASKED = ("names", "direction", "dry_run", "apply", "undo", "also")


class Command(BaseCommand):
    help = (
        "Sync tables with Airtable here and now, and show what changed; or make a plan only, apply "
        "one, or undo one. Exits with 0 if every job finished, else with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("names", nargs="*", metavar="NAME", help=f"of {', '.join(TABLES.names())} (all)")
        add("--direction", choices=DIRECTIONS, help="one of the two (both)")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="make a plan and write nothing")
        what.add_argument("--apply", type=int, metavar="PLAN", help="the number of a plan")
        what.add_argument("--undo", type=int, metavar="PLAN", help="the number of a plan")
        also = "lines of the plan that are applied on demand only"
        add("--also", nargs="+", choices=get_args(Also), default=[], help=also)
        add("--enqueue", action="store_true", help="leave it to a worker, and show nothing")
        add("--all", action="store_true", help=f"show every line, not only the first {LINES}")

    def handle(self, *, enqueue: bool, all: bool, **options: Any) -> None:
        try:
            jobs = (order() for order in orders(**{name: options[name] for name in ASKED}))
            if enqueue:
                self.stdout.write(listed(jobs), ending="")
                return
            ended = [self.run(job, lines=None if all else LINES) for job in jobs]
        except (AirtableSyncError, InvalidPayload) as error:
            raise CommandError(str(error)) from None
        if any(job.status != Job.Status.FINISHED for job in ended):
            sys.exit(1)

    def run(self, job: Job, *, lines: int | None) -> Job:
        run(job, told=self.stderr.write)
        if plan := plan_of(job):
            self.stdout.write(plan_text(plan, lines=lines))
        named = f"{job.type} {job.data['name']} (job {job.pk})"
        if job.status == Job.Status.PENDING:
            raise CommandError(f"{named} is to be tried again: {reason(job)}")
        if job.status == Job.Status.ERROR:
            self.stderr.write(f"{named} failed: {reason(job)}")
        return job
