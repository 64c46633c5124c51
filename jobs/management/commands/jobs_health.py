import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs.checks import WORKER
from jobs.management.numbers import between
from jobs.summary import Summary


class Command(BaseCommand):
    requires_system_checks = [WORKER]
    help = "Exit with 0 if a worker was seen lately, else with 1; say what the queue looks like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--max-age",
            type=between(1, 86_400, float),
            default=60.0,
            metavar="SECONDS",
            help="how long ago a worker may have been seen (%(default)g)",
        )

    def handle(self, *, max_age: float, **options: Any) -> None:
        summary = Summary.read()
        seen = [line for line in summary.workers if line.age <= timedelta(seconds=max_age)]
        self.stdout.write(f"workers seen in the last {max_age:g} s: {len(seen)}")
        for line in summary.workers:
            self.stdout.write(f"  {line.name}: seen {line.ago} ago")
        if oldest := summary.oldest:
            self.stdout.write(f"oldest due job: {oldest.name}, due for {oldest.ago}")
        for line in summary.unserved:
            self.stdout.write(f"no worker serves {line.name}: {line.count} due for {line.ago}")
        sys.exit(not seen)
