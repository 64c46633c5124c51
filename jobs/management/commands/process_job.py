import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.checks import WORKER
from jobs.errors import WrongState
from jobs.management.console import console
from jobs.management.open_transaction import refuse_open_transaction
from jobs.models import Job
from jobs.registry import job_types
from jobs.worker.supervisor import Supervisor
from jobs.worker.turn import only

FINISHED, FAILED, MISSING, TAKEN = 0, 1, 3, 4


class Command(BaseCommand):
    requires_system_checks = [WORKER]
    help = (
        "Run one job now, in the foreground, whatever its hour. Exits with 0 if it finished, "
        "1 if it failed, 3 if there is no such job, 4 if it cannot be run: another worker has it, "
        "it waits for another job, or it has ended (see --force)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=UUID)
        parser.add_argument("--force", action="store_true", help="run it again if it has ended")

    def handle(self, *, id: UUID, force: bool, **options: Any) -> None:
        refuse_open_transaction("process_job")
        job = self.found(id)
        if force and job.status in (Job.Status.FINISHED, Job.Status.ERROR):
            self.reopen(job)
        lease = job.lease
        supervisor = Supervisor(
            only(id),
            types=job_types.names(),
            slots=1,
            max_jobs=1,
            until_empty=True,
            console=console(),
        )
        stopped = supervisor.run()
        job = self.found(id)
        sys.exit(stopped or self.outcome(job, ran=job.lease > lease))

    def found(self, id: UUID) -> Job:
        job = Job.objects.filter(pk=id).first()
        if job is None:
            raise CommandError(f"There is no job {id}.", returncode=MISSING)
        return job

    def reopen(self, job: Job) -> None:
        try:
            job.repeat()
        except WrongState as error:  # somebody else was faster
            raise CommandError(str(error), returncode=TAKEN) from None

    def outcome(self, job: Job, *, ran: bool) -> int:
        if not ran:
            raise CommandError(f"Job {job.pk} was not run: {why_not(job)}.", returncode=TAKEN)
        if job.status == Job.Status.FINISHED:
            return FINISHED
        if job.status == Job.Status.PENDING:
            self.stderr.write(f"Job {job.pk} failed; it will be tried again at {job.run_at}.")
        return FAILED


def why_not(job: Job) -> str:
    if job.status == Job.Status.PROCESSING:
        return "another worker has it"
    if job.status != Job.Status.PENDING:
        return f"it has ended ({job.status}); --force runs it again"
    if job.blocked_by:
        return f"it waits for job {job.blocked_by}"
    return f"another job with the unique_key {job.unique_key!r} runs, or its row is locked"
