"""`manage.py compute_crossings`"""

from typing import Any

from django.core.management.base import BaseCommand

from networks.crossing import compute_crossings


class Command(BaseCommand):
    help = (
        "Compute again which communes each network and perimeter crosses, and how long it is; "
        "to be run when communes were loaded."
    )

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{compute_crossings():,} networks and perimeters changed.")
