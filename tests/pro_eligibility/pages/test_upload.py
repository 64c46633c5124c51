"""The page that takes a file."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pro_eligibility.models import EligibilityTest
from pro_eligibility.uploads.limits import MAX_BYTES
from tests.pro_eligibility.pages.conftest import said, text, url

pytestmark = pytest.mark.django_db
NEW = "/eligibility-tests/new/"
LIMITS = "CSV, TXT, XLSX or ODS; at most 50 MB and 200,000 rows, one address in each."
CONTENT = b"adresse\n1 rue de la Paix 03000 Moulins\n"


class Endless(BytesIO):
    """What a browser sends, without an end; it remembers the most it was asked for at once."""

    most = total = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0
        self.most, self.total = max(self.most, size), self.total + size
        return b"\0" * size


def send(page: Client, content: bytes = CONTENT, **fields: Any) -> Any:
    file = SimpleUploadedFile("moulins.csv", content)
    return page.post(NEW, {"file": file, **fields}, follow=True)


def send_too_much(page: Client, size: int, body: BytesIO) -> Any:
    return page.post(NEW, CONTENT_LENGTH=str(size), **{"wsgi.input": body})


def test_the_limits_are_said_before_the_upload(page):
    assert LIMITS in text(page.get(NEW))


def test_a_file_becomes_a_draft_whose_layout_is_shown(page, alice):
    sent = send(page)

    test = EligibilityTest.objects.get()
    assert (test.user, test.name, test.stage, test.wants_mail) == (
        alice,
        "moulins.csv",
        "draft",
        False,
    )
    assert sent.request["PATH_INFO"] == url(test, "layout/")
    assert said(sent) == ["The file was received. Check how it is read."]


def test_a_name_and_a_mail_can_be_asked_for(page):
    send(page, name="Moulins", wants_mail="on")

    test = EligibilityTest.objects.get()
    assert (test.name, test.wants_mail) == ("Moulins", True)


def test_the_test_remembers_the_language_of_its_owner(page):
    page.post("/language/setlang/", {"language": "fr"})

    send(page)

    assert EligibilityTest.objects.get().language == "fr"


def test_a_file_is_asked_for(page):
    refused = page.post(NEW, {"name": "Moulins"})

    assert refused.status_code == 400
    assert refused.context["form"].errors == {"file": ["This field is required."]}


def test_a_refused_file_shows_the_reason_beside_the_field(page):
    refused = send(page, b"")

    reason = "The file is empty. Give a CSV, TXT, XLSX or ODS file with one address on each line."
    assert refused.status_code == 400
    assert refused.context["form"].errors == {"file": [reason]}
    assert 'aria-describedby="id_file_helptext id_file_error"' in refused.content.decode()
    assert not EligibilityTest.objects.exists()


def test_a_refused_file_shows_the_limits_again(page):
    assert LIMITS in text(send(page, b""))


def test_a_name_of_more_than_a_hundred_characters_is_refused(page):
    refused = send(page, name="a" * 101)

    reason = "Ensure this value has at most 100 characters (it has 101)."
    assert refused.context["form"].errors == {"name": [reason]}


def test_a_file_that_is_too_large_is_refused_with_the_reason(page):
    refused = send_too_much(page, 60 * 1024 * 1024, Endless())

    [reason] = refused.context["form"].errors["file"]
    assert refused.status_code == 413
    assert reason == (
        "The file has 60 MB; at most 50 MB are taken. "
        "Leave out what is not needed, or split it into several files."
    )


def test_a_file_that_is_too_large_is_never_in_memory(page):
    body = Endless()

    send_too_much(page, 2 * MAX_BYTES, body)

    assert body.total == 2 * MAX_BYTES
    assert body.most == 64 * 1024


def test_a_browser_that_never_stops_sending_is_cut_off(page):
    body = Endless()

    send_too_much(page, 1000 * MAX_BYTES, body)

    assert body.total == 20 * MAX_BYTES


def test_an_upload_without_a_token_is_refused(alice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    assert send(strict).status_code == 403
    assert not EligibilityTest.objects.exists()
