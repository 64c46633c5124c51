"""What any client makes of answers over HTTP, and of their absence."""

from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from requests import Response

from services.clock import Clock

SHOWN = 200  # characters of what a service said
LOCAL = ("127.0.0.1", "localhost", "::1")


def may_need_a_proxy(url: str) -> bool:
    """A proxy of the environment is not for what runs on this machine."""
    return urlsplit(url).hostname not in LOCAL


def is_page(response: Response, body: bytes) -> bool:
    kind = response.headers.get("Content-Type", "")
    return kind.startswith("text/html") or body.lstrip()[:1] == b"<"


def shortened(text: str) -> str:
    """On one line."""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def cause_of(error: Exception) -> str:
    """What requests wraps tells more than its own words."""
    return shortened(str(getattr(error.args[0], "reason", error) if error.args else error))


def retry_after(response: Response, clock: Clock) -> float | None:
    """When the service wants to be asked again: in seconds, from a number of them or a date."""
    value = response.headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - clock.date())
    except (ValueError, OverflowError):
        return None
