"""How every request to Airtable is sent: in turn, and again as long as there is patience."""

from collections.abc import Callable
from typing import Any

import urllib3
from requests import PreparedRequest, ReadTimeout, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError

from airtable_sync.client.answer import judged, refusal
from airtable_sync.client.errors import NotAirtable
from airtable_sync.client.pace import SharedPace
from airtable_sync.client.redacted import redacted
from airtable_sync.conf import Conf
from airtable_sync.errors import AirtableRefused, AirtableUnavailable
from services.answers import cause_of, retry_after
from services.clock import Clock
from services.patience import NotNow, Patience

TOO_FAST = 429
TOO_FAST_TYPE = "RATE_LIMIT_REACHED"
# Of a month: another attempt in half a minute is of no use.
QUOTA = "PUBLIC_API_BILLING_LIMIT"
PENALTY = 30  # seconds for which a base then answers nothing else


class Adapter(HTTPAdapter):
    """Mounted where `pyairtable` sends its requests: each page and each batch comes through here.

    What it raises holds no request, for that has the key.
    """

    def __init__(
        self, conf: Conf, clock: Clock, check: Callable[[], None], told: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.requests = 0
        self._conf, self._clock, self._check, self._told = conf, clock, check, told
        self._pace = SharedPace(conf.base, conf.requests_per_second, clock)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """A whole answer. Raises AirtableUnavailable, AirtableRefused or NotAirtable."""
        patience = Patience(self._conf.patience, self._clock, told=self._tell, check=self._check)
        try:
            return patience.until_answered(lambda: self._ask(request, *args, **options))
        except NotNow as error:
            spent = patience.seconds, patience.attempts
            raise AirtableUnavailable(f"it {error}", *spent) from None

    def hide(self, text: str) -> str:
        return redacted(text, self._conf.api_key)

    def _ask(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        self._pace.wait(self._check)
        response = self._sent(request, *args, **options)
        if response.status_code == TOO_FAST:
            raise self._penalty(response)
        return judged(response, self._conf.url, self.hide)

    def _sent(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        self.requests += 1
        try:
            response = super().send(request, *args, **options)
            # Otherwise guessed, byte by byte.
            response.encoding = "utf-8"
            # Read now, while it can be asked again.
            _ = response.content
            return response
        except (RequestException, urllib3.exceptions.HTTPError) as error:
            failure = self._failure(error)
        # Not within the except, where the request would go along as the context.
        raise failure

    def _failure(self, error: Exception) -> Exception:
        if isinstance(error, ReadTimeout):
            return NotNow(f"was silent for {self._conf.timeout.total_seconds():g} s")
        if isinstance(error, ChunkedEncodingError):
            return NotNow("broke off its answer")
        cause = self.hide(cause_of(error))
        # A wrong address, or that of a wrong proxy: no patience mends it.
        if isinstance(error, ValueError):
            return NotAirtable(self._conf.url, cause)
        return NotNow(f"could not be reached: {cause}")

    def _penalty(self, response: Response) -> Exception:
        type, message = refusal(self.hide(response.text), TOO_FAST_TYPE)
        if type.startswith(QUOTA):
            return AirtableRefused(TOO_FAST, type, message)
        # However long it asks for: nobody is held off for longer than a person was told.
        most = max(PENALTY, self._conf.patience.total_seconds())
        seconds = min(max(PENALTY, retry_after(response, self._clock) or 0), most)
        self._pace.hold_off(seconds)
        return NotNow(f"says {TOO_FAST}", seconds)

    def _tell(self, why: str) -> None:
        self._told(f"Airtable {why}")
