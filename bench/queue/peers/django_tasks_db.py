"""django-tasks-db at its best settings."""

from django.core.management import call_command

from bench.queue.errand import do, stamp
from bench.queue.peers.plain_django import start

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
PAUSE = 0.01  # seconds, after it found nothing

start("django_tasks_db", TASKS=TASKS)

from django_tasks import task  # type: ignore[import-not-found]  # noqa: E402


@task()  # type: ignore[untyped-decorator]
def noop(i: int) -> dict[str, bool]:
    return {"ok": True}


@task()  # type: ignore[untyped-decorator]
def stamped(at: float) -> None:
    stamp(at)


class DjangoTasksDb:
    def setup(self) -> None:
        call_command("migrate", verbosity=0)

    def enqueue(self, number: int) -> None:
        noop.enqueue(number)

    def enqueue_stamp(self, at: float) -> None:
        stamped.enqueue(at)

    def work(self, how: str, workers: int) -> None:
        call_command("db_worker", interval=PAUSE, reload=False, startup_delay=False, verbosity=0)


if __name__ == "__main__":
    do(DjangoTasksDb())
