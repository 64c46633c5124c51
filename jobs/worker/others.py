"""Looks after what other workers have left behind: any living worker does it for all."""

import logging
from uuid import UUID

from jobs.models import Job, Worker
from jobs.worker.console import facts_of
from jobs.worker.line import bounded_statement
from jobs.worker.rounds import Looked
from jobs.worker.writer import Writer

logger = logging.getLogger("jobs.worker")


class Others:
    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        # Whether a worker has died or a job was left unsettled, as far as this one has seen.
        self.need_it = False
        self.swept: UUID | None = None  # where the last look at what waits ended

    def note(self, looked: Looked) -> None:
        """Take note of what a look has found; where it found nothing, the next one goes on."""
        if looked.others_need_it:
            self.need_it = True
        else:
            self.swept = looked.swept

    def look_after(self) -> bool:
        """Bury dead workers, rescue what they held, settle what waits; True if it did any of it."""
        with bounded_statement():
            Worker.objects.bury()
        with bounded_statement():
            lost = Job.objects.of_the_dead()
        written, _ = self.writer.end(lost.values())
        for job in lost:
            if str(job.pk) in written:
                message = "Rescued a job whose worker died: %s %s."
                logger.warning(message, job.type, job.pk, extra=facts_of(job))
        with bounded_statement():
            ended, self.swept = Job.objects.ended_unsettled(self.swept)
        self.writer.unsettled.update(map(str, ended))
        settled = self.writer.settle()
        self.need_it = False
        return bool(settled or written)
