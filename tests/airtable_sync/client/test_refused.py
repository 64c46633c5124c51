"""What Airtable will not do, however often it is asked."""

import pytest
from requests import Response

from airtable_sync.client.answer import judged
from airtable_sync.client.errors import NotAirtable
from airtable_sync.errors import AirtableRefused
from services.patience import NotNow
from standins.airtable import Fault
from tests.airtable_sync.client.world import COLUMNS, TABLE

URL = "https://api.airtable.com"


def answer(status: int, body: str, reason: str = "", **headers: str) -> Response:
    response = Response()
    response.status_code, response.reason = status, reason
    response._content, response.encoding = body.encode(), "utf-8"
    response.headers.update(headers)
    return response


def as_it_is(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("body", "type", "message"),
    [
        ('{"error": "NOT_FOUND"}', "NOT_FOUND", ""),
        ('{"error": {"type": "INVALID", "message": "No."}}', "INVALID", "No."),
        ('{"error": {"type": "STALE"}}', "STALE", ""),
        ('{"errors": [{"error": "INVALID", "message": "No."}]}', "INVALID", "No."),
        ("<html>Who are you?</html>", "Forbidden", "<html>Who are you?</html>"),
        ("[]", "Forbidden", "[]"),
        ('{"errors": []}', "Forbidden", '{"errors": []}'),
    ],
)
def test_its_reason_is_told_in_whatever_form_it_comes(body, type, message):
    with pytest.raises(AirtableRefused) as error:
        judged(answer(403, body, "Forbidden"), URL, as_it_is)

    assert (error.value.status, error.value.type, error.value.message) == (403, type, message)


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"error": "OOPS"}', '{"records": ['])
def test_status_200_is_not_enough(body):
    with pytest.raises(NotNow):
        judged(answer(200, body), URL, as_it_is)


def test_a_redirect_is_not_followed_for_it_would_be_told_the_key():
    moved = answer(302, "", Location="https://example.org/v0/app")

    with pytest.raises(NotAirtable) as error:
        judged(moved, URL, as_it_is)

    assert str(error.value) == (
        "https://api.airtable.com cannot be asked as Airtable can: it answers 302 and leads to "
        "“https://example.org/v0/app”. Set AIRTABLE_URL to https://api.airtable.com, and look at "
        "the proxy that HTTPS_PROXY names, if any."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 401, 404, 413, 422])
def test_a_refusal_is_not_asked_again(standin, airtable, told, status):
    standin.faults.set(Fault("status", status=status))

    with pytest.raises(AirtableRefused) as error:
        airtable.records(TABLE, COLUMNS)

    assert (error.value.status, error.value.message) == (status, "Something is wrong.")
    assert standin.counters.requests == 1
    assert told == []


@pytest.mark.django_db
def test_an_answer_of_another_form_is_not_guessed_at(airtable, monkeypatch):
    def half(session, method, url, **options):
        return answer(200, '{"records": [{"id": "rec1"}]}')

    monkeypatch.setattr("requests.Session.request", half)

    with pytest.raises(NotAirtable, match="its answer has another form than expected"):
        airtable.records(TABLE, COLUMNS)


@pytest.mark.django_db
@pytest.mark.parametrize("proxy", ["http://", "socks5://127.0.0.1:9"])
def test_a_proxy_that_is_none_is_told_at_once(client_of, told, monkeypatch, proxy):
    monkeypatch.setenv("HTTP_PROXY", proxy)

    with pytest.raises(NotAirtable, match="cannot be asked as Airtable can"):
        client_of(url="http://airtable.invalid").records(TABLE, COLUMNS)

    assert told == []


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://", "http://*"])
def test_an_address_that_is_none_is_told(client_of, url):
    with pytest.raises(NotAirtable, match="cannot be asked as Airtable can"):
        client_of(url=url).records(TABLE, COLUMNS)
