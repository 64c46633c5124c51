"""`manage.py load_networks FILE --kind communes`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from networks.errors import NetworksError
from networks.following import listed
from networks.kinds import COMMUNES, KINDS
from networks.loading import load


class Command(BaseCommand):
    help = (
        "Load communes, networks or perimeters from a GeoJSON, GeoPackage, FlatGeobuf or zipped "
        "shapefile, in any coordinate system. Rows that are not in the file are kept. "
        "What follows is enqueued: Airtable, tiles, and the recheck of the addresses that it "
        "matters to. Load communes first: the others are placed in them (or run compute_crossings)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=sorted(KINDS))

    def handle(self, *, file: Path, kind: str, **options: Any) -> None:
        try:
            report = load(file, KINDS[kind])
        except NetworksError as error:
            raise CommandError(str(error)) from None
        for number, reason in report.rejected:
            self.stderr.write(f"row {number}: {reason}.")
        if len(report.rejected) == report.rows:
            raise CommandError(
                f"{file}: none of its {report.rows:,} rows could be loaded as {kind}."
            )
        self.stdout.write(
            f"{kind}: {report.created:,} created, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {len(report.rejected):,} rejected."
        )
        self.stdout.write(listed(report.jobs), ending="")
        if kind == COMMUNES.name and report.created + report.updated:
            self.stdout.write(
                "If networks were loaded before, run compute_crossings: "
                "it places them in these communes."
            )
