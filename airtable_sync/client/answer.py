"""What an answer of Airtable means: it is whole, or why it is not."""

import json
from collections.abc import Callable
from typing import Any

from requests import Response

from airtable_sync.client.errors import NotAirtable
from airtable_sync.errors import AirtableRefused
from services.answers import is_page, shortened
from services.patience import NotNow

# Each answer that is whole has one of these.
CONTENTS = {"records", "id", "bases", "tables"}


def judged(response: Response, url: str, hide: Callable[[str], str]) -> Response:
    """The answer if it is whole; or NotNow, AirtableRefused, NotAirtable.

    `hide` takes the key out of what these repeat: a proxy may have sent it back.
    """
    status = response.status_code
    if status == 200:
        return whole(response)
    if 300 <= status < 400:
        # Not followed: what is there would be told the key.
        leads = hide(response.headers.get("Location", ""))
        raise NotAirtable(url, f"it answers {status} and leads to “{shortened(leads)}”")
    type, message = map(hide, refusal(response.text, response.reason or ""))
    if 400 <= status < 500:
        raise AirtableRefused(status, type, message)
    raise NotNow(f"says {status} {type}: “{message}”")


def whole(response: Response) -> Response:
    if is_page(response, response.content):
        raise NotNow("answered with a web page")
    body = parsed(response.content)
    if body is None:
        raise NotNow("answered with something that is no JSON")
    if not isinstance(body, dict) or not CONTENTS & body.keys():
        raise NotNow("answered with JSON of another form than ever")
    return response


def refusal(text: str, otherwise: str) -> tuple[str, str]:
    """Its type and its message, in any of the forms in which Airtable says them."""
    try:
        body = json.loads(text)
        error = body["error"] if "error" in body else body["errors"][0]
        if isinstance(error, str):
            return error, shortened(str(body.get("message", "")))
        return str(error.get("type") or error["error"]), shortened(str(error.get("message", "")))
    except (ValueError, LookupError, TypeError, AttributeError):
        return otherwise, shortened(text)


def parsed(content: bytes) -> Any:
    """None if it is no JSON. No exception is left over, which would hold all of it."""
    try:
        return json.loads(content)
    except ValueError:
        return None
