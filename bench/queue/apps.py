"""The job types of the benchmark."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "bench.queue"
    label = "bench_queue"

    def ready(self) -> None:
        from bench.queue import handlers as does
        from jobs.registry import job_types

        job_types.register("bench_noop", does.noop, payload=does.Number)
        job_types.register("bench_text", does.noop, payload=does.Text)
        job_types.register("bench_pause", does.pause, payload=does.Number)
        job_types.register("bench_stamp", does.stamp_it, payload=does.Moment)
