"""`manage.py compute_crossings`"""

from typing import Any

from django.core.management.base import BaseCommand

from networks.crossing import compute_crossings
from networks.following import listed


class Command(BaseCommand):
    help = (
        "Compute again which communes each network and perimeter crosses, and how long it is, "
        "and enqueue what follows: Airtable and tiles; to be run when communes were loaded."
    )

    def handle(self, **options: Any) -> None:
        done = compute_crossings()
        self.stdout.write(f"{done.changed:,} networks and perimeters changed.")
        self.stdout.write(listed(done.jobs), ending="")
