import os
import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import demo, demo_airtable
from jobs.models import Job


class Command(BaseCommand):
    help = "Set up, load the sample data, run real jobs, then serve. SERVE=0 ends before serving."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *, port: int, **options: Any) -> None:
        serve = os.environ.get("SERVE", "1") != "0"
        if serve:
            self.refuse_taken(port)
        with demo.geocoder():
            self.say("Setting up the database and loading the sample data…")
            password = demo.set_up()
            with demo_airtable.airtable() as airtable:
                dry_runs = self.run_jobs(airtable)
                if serve:
                    self.say(demo.where_to_look(port, password))
                    self.say(demo_airtable.where_to_look(demo.root(port), airtable, dry_runs))
                    demo.serve(port)

    def run_jobs(self, airtable: str) -> list[Job]:
        self.say("Running the jobs: map tiles, a test of 434 addresses, a first sync both ways.")
        demo_airtable.enqueue_syncs()
        self.say(demo.run_jobs(**demo_airtable.FIRST_SYNC))
        self.say("Four cells are edited in Airtable. Dry runs say what a sync would do now.")
        demo_airtable.edit(airtable)
        dry_runs = demo_airtable.enqueue_syncs(dry_run=True)
        self.say(demo.run_jobs())
        return dry_runs

    def say(self, text: str) -> None:
        self.stdout.write(f"\n{text}")
        self.stdout.flush()

    def refuse_taken(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((demo.HOST, port))
            except (OSError, OverflowError) as error:
                raise CommandError(
                    f"Port {port} cannot be used ({error}). Choose another: PORT=8001 make demo."
                ) from None
