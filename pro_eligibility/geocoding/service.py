"""One request to the geocoder: a whole answer, or the reason why there is none."""

import json
from datetime import timedelta

import requests
import urllib3

from pro_eligibility.geocoding.errors import GeocoderMisconfigured
from services.answers import cause_of, is_page, may_need_a_proxy, retry_after, shortened
from services.clock import Clock
from services.patience import NotNow

CONNECT = timedelta(seconds=10)
# An answer may come slowly, but not for ever: so many times the longest silence.
SILENCES = 5
MOST_BYTES = 20_000_000
PIECE = 65_536
USER_AGENT = "district-heating-jobs (pro_eligibility)"
ROWS_AT_FAULT = (400, 413, 422)
LATER = (408, 425, 429)
Fields = list[tuple[str, str]]


class RowsRefused(Exception):
    """It takes no request with these rows; the message is its own."""


class Service:
    """What is at GEOCODER_URL. `timeout` is the longest silence."""

    def __init__(self, url: str, timeout: timedelta, clock: Clock) -> None:
        self.url, self._clock = url.rstrip("/"), clock
        self._silence = timeout.total_seconds()
        self._session = requests.Session()
        # As bytes, so that their number is the size, and the end is known.
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
        self._session.trust_env = may_need_a_proxy(url)

    def post(self, path: str, table: bytes, fields: Fields) -> bytes:
        """Raises NotNow, RowsRefused or GeocoderMisconfigured."""
        try:
            # Not redirected: what is posted would be lost, or reach somebody else.
            with self._session.post(
                f"{self.url}/{path}",
                files={"data": ("rows.csv", table, "text/csv")},
                data=fields,
                timeout=(min(self._silence, CONNECT.total_seconds()), self._silence),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._read(response)
        except requests.exceptions.InvalidURL as error:
            raise GeocoderMisconfigured(self.url, shortened(str(error))) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise NotNow(self._failure(error)) from error
        return self._judged(response, body)

    def _read(self, response: requests.Response) -> bytes:
        """Piece by piece, as they come: a server that drips is never silent."""
        end, body = self._clock.now() + SILENCES * self._silence, bytearray()
        while piece := response.raw.read1(PIECE):
            body += piece
            if len(body) > MOST_BYTES:
                raise NotNow(f"its answer was longer than {MOST_BYTES:,} bytes")
            if self._clock.now() > end:
                raise NotNow(f"its answer took longer than {SILENCES * self._silence:g} s")
        return bytes(body)

    def _failure(self, error: Exception) -> str:
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            return f"it was silent for {self._silence:g} s"
        if isinstance(error, urllib3.exceptions.HTTPError):
            return "its answer broke off"
        return f"the connection failed: {cause_of(error)}"

    def _judged(self, response: requests.Response, body: bytes) -> bytes:
        status = response.status_code
        if status == 200 and not is_page(response, body):
            return body
        if status in ROWS_AT_FAULT:
            raise RowsRefused(message_of(body))
        said = f"it answered {status} {response.reason}: “{message_of(body)}”"
        if status in LATER or status >= 500 or status < 300:
            raise NotNow(said, retry_after(response, self._clock))
        if leads := response.headers.get("Location", ""):
            said = f"it answered {status} {response.reason} and leads to {shortened(leads)}"
        raise GeocoderMisconfigured(self.url, said)


def message_of(body: bytes) -> str:
    """Of an error as the service describes it, or what it sent instead."""
    text = body.decode(errors="replace")
    try:
        return shortened(str(json.loads(text)["message"]))
    except (ValueError, TypeError, KeyError):
        return shortened(text) or "nothing"
