"""The settings of this app: which base, and how much is asked of it."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings

from airtable_sync.errors import NotConfigured


@dataclass(frozen=True)
class Conf:
    """`settings.AIRTABLE`. The key is in no representation of it."""

    api_key: str = field(repr=False)
    base: str
    url: str
    # Of all workers together.
    requests_per_second: float
    # Of one request, and of all attempts at it.
    timeout: timedelta
    patience: timedelta
    # Of the rows of a table: what changes more waits for a person.
    fuse_percent: float


def conf() -> Conf:
    """Raises NotConfigured where there is no key or no base."""
    if not is_configured():
        raise NotConfigured(
            [
                f"AIRTABLE_{name.upper()}"
                for name in ("api_key", "base")
                if not settings.AIRTABLE[name]
            ]
        )
    return Conf(**settings.AIRTABLE)


def is_configured() -> bool:
    return bool(settings.AIRTABLE["api_key"] and settings.AIRTABLE["base"])
