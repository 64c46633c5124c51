"""The pages where operators see what is wrong and put it right."""

from jobs.admin.job import JobAdmin
from jobs.admin.worker import WorkerAdmin

__all__ = ["JobAdmin", "WorkerAdmin"]
