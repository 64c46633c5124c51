"""django-q2 on its ORM broker, at its best settings."""

from django.core.management import call_command

from bench.queue.errand import do, stamp
from bench.queue.peers.plain_django import start

CLUSTER = {
    "orm": "default",
    "workers": 2,
    "bulk": 50,
    "queue_limit": 200,
    "poll": 0.01,
    "save_limit": 0,  # keep every result
    "recycle": 100_000,
    "retry": 60,
    "timeout": 50,
    "log_level": "ERROR",
}

if __name__ == "__main__":
    start("django_q", Q_CLUSTER=CLUSTER)

from django_q.tasks import async_task  # type: ignore[import-not-found]  # noqa: E402


def noop(i: int) -> dict[str, bool]:
    return {"ok": True}


def stamped(at: float) -> None:
    stamp(at)


class DjangoQ2:
    def setup(self) -> None:
        call_command("migrate", verbosity=0)

    def enqueue(self, number: int) -> None:
        async_task(f"{HERE}.noop", number)

    def enqueue_stamp(self, at: float) -> None:
        async_task(f"{HERE}.stamped", at)

    def work(self, how: str, workers: int) -> None:
        call_command("qcluster")


HERE = "bench.queue.peers.django_q2"

if __name__ == "__main__":
    do(DjangoQ2())
