"""Where a benchmark keeps its rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test.runner import DiscoverRunner


@contextmanager
def database() -> Iterator[None]:
    """An empty database of its own, gone afterwards."""
    runner = DiscoverRunner(verbosity=0, interactive=False)
    names = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(names)
