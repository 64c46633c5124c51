"""`manage.py airtable_check`"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from airtable_sync.checking import findings


class Command(BaseCommand):
    help = (
        "Say whether Airtable is as a sync needs it: the settings, the key, the base, its tables "
        "and their columns; and how to mend what is not. Nothing is written. Exits with 0 if all "
        "is right, else with 1."
    )

    def handle(self, **options: Any) -> None:
        all_right = True
        for finding in findings(told=self.stderr.write):
            all_right &= finding.is_right
            if finding.is_right:
                self.stdout.write(f"{self.style.SUCCESS('right')}  {finding.what}")
            else:
                self.stdout.write(f"{self.style.ERROR('wrong')}  {finding.what}")
                self.stdout.write(f"       {finding.mend}")
        if not all_right:
            sys.exit(1)
