"""Status 429 that means something else than too many requests of a moment."""

from collections.abc import Callable

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from airtable_sync.client import Airtable
from airtable_sync.errors import AirtableRefused, AirtableUnavailable
from services.clock import VirtualClock
from standins.airtable import AirtableStandin

pytestmark = pytest.mark.django_db
SPENT = b"""{"errors": [{"error": "PUBLIC_API_BILLING_LIMIT_EXCEEDED", "message": "Upgrade"}]}"""


def answering(monkeypatch: pytest.MonkeyPatch, content: bytes, **headers: str) -> list[str]:
    """Let every request be refused with 429 and this; return who was asked."""
    asked: list[str] = []

    def send(self: HTTPAdapter, request: PreparedRequest, **options: object) -> Response:
        asked.append(str(request.url))
        response = Response()
        response.status_code, response._content = 429, content
        response.headers.update(headers)
        return response

    monkeypatch.setattr(HTTPAdapter, "send", send)
    return asked


def test_a_month_that_is_used_up_is_said_at_once(
    standin: AirtableStandin, airtable_of: Callable[..., Airtable], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answering(monkeypatch, SPENT)

    with pytest.raises(AirtableRefused, match="PUBLIC_API_BILLING_LIMIT_EXCEEDED: Upgrade"):
        airtable_of(standin).whoami()
    assert len(asked) == 1


def test_a_day_in_retry_after_holds_nobody_off_for_a_day(
    standin: AirtableStandin,
    airtable_of: Callable[..., Airtable],
    clock: VirtualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, b"{}", **{"Retry-After": "86400"})

    with pytest.raises(AirtableUnavailable):
        airtable_of(standin).whoami()
    assert clock.now() < 700
