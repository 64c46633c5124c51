"""Job types that misbehave in every way a handler can, for tests with real workers."""

from datetime import timedelta

from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "tests.probe"
    label = "probe"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jobs.registry import job_types
        from tests.probe import handlers as does

        seconds = timedelta(seconds=1)
        add = job_types.register
        add("probe_run", does.run, payload=does.Run, result=does.Ran, timeout=600 * seconds)
        add("probe_short", does.run, payload=does.Run, timeout=2 * seconds)
        add("probe_swallow", does.swallow, timeout=2 * seconds)
        add("probe_query", does.query, timeout=2 * seconds)
        add("probe_end", does.end, payload=does.End)
        add("probe_raise", does.fail, payload=does.Raise)
        add("probe_atomic", does.write_a_row, payload=does.Run, atomic=True, timeout=600 * seconds)
