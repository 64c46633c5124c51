"""`manage.py apply_updates [--kind heat-networks]`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from networks.errors import NetworksError
from networks.following import listed
from networks.kinds import PLACED_KINDS
from networks.updates import apply_updates


class Command(BaseCommand):
    help = (
        "Apply the geometry updates that wait, all or none, and enqueue what follows: Airtable, "
        "tiles, and the recheck of the addresses that it matters to."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=sorted(PLACED_KINDS), help="only updates of this")

    def handle(self, *, kind: str | None, **options: Any) -> None:
        try:
            done = apply_updates(kind)
        except NetworksError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{done.created:,} created, {done.updated:,} updated, {done.deleted:,} deleted."
        )
        self.stdout.write(listed(done.jobs), ending="")
