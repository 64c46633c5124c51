"""Job types that misbehave in every way a handler can, for tests with real workers."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "tests.probe"
    label = "probe"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jobs.registry import Backoff, job_types
        from tests.probe import handlers as does
        from tests.probe import other_people

        seconds = timedelta(seconds=1)
        long, short = {"timeout": 600 * seconds}, {"timeout": 2 * seconds}
        again = {"max_attempts": 3, "backoff": Backoff(first=seconds)}
        add = job_types.register
        add("probe_run", does.run, payload=does.Run, result=does.Ran, **long)
        add("probe_noop", does.noop)
        add("probe_object", does.object_to_it)
        add("probe_library", does.use_a_library)
        add("probe_refuse", does.refuse)
        add("probe_refuse_again", does.refuse, **again)
        add("probe_gated", does.wait_at_gate, payload=does.Gated, **long)
        add("probe_read", does.read, payload=does.Text)
        add("probe_pid", does.tell_pid)
        add("probe_sleep", does.sleep, payload=does.Run, result=does.Ran, **long)
        add("probe_brief", does.sleep, payload=does.Run, result=does.Ran, **short)
        add("probe_short", does.run, payload=does.Run, **short)
        add("probe_debug", does.debug, timeout=seconds)
        add("probe_swallow", does.swallow, **short)
        add("probe_deaf", does.swallow, **long)
        add("probe_query", does.query, **short)
        add("probe_stubborn_query", does.stubborn_query, **short)
        add("probe_end", does.end, payload=does.End)
        add("probe_raise", does.fail, payload=does.Raise)
        add("probe_again", does.fail, payload=does.Raise, **again)
        add("probe_return", does.give_back, payload=does.Return)
        add("probe_later", does.fail, payload=does.Raise, max_attempts=3)
        self.register_steady()
        other_people.register(add)
        add_by_release(add, newer=bool(os.environ.get("PROBE_NEWER")))

    def register_steady(self) -> None:
        """Types that are tried until they work, whatever becomes of the database meanwhile."""
        from jobs.registry import Backoff, job_types
        from tests.probe import handlers as does

        seconds = timedelta(seconds=1)
        steady = {"max_attempts": 20, "backoff": Backoff(first=seconds, most=4 * seconds)}
        add = job_types.register
        long = {"timeout": 600 * seconds}
        add("probe_steady", does.run, payload=does.Run, result=does.Ran, **long, **steady)
        add("probe_steady_atomic", does.write_a_row, payload=does.Run, atomic=True, **steady)
        add("probe_atomic", does.write_a_row, payload=does.Run, atomic=True, **long)


def add_by_release(add: Callable[..., Any], *, newer: bool) -> None:
    """What some workers do not know yet, while others run a newer release."""
    from tests.probe import handlers as does

    add("probe_paint", does.paint, payload=does.NewerPainted if newer else does.Painted)
    if newer:
        add("probe_newer", does.noop)
