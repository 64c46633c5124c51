"""POST /api/eligibility-tests/"""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.response import Response
from rest_framework.test import APIClient

from jobs.models import Job
from pro_eligibility.api import body_size
from pro_eligibility.models import EligibilityTest, Upload
from tests.pro_eligibility.api.conftest import TESTS, is_problem

ADDRESSES = "nom;adresse\nÉcole;1 rue de la Paix 03000 Moulins\nMairie;\n"


def send(client: APIClient, content: bytes | str, query: str = "", **fields: Any) -> Response:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("Bâtiments.csv", data)
    return client.post(f"{TESTS}{query}", {"file": file} | fields)


def test_a_file_becomes_a_draft_of_its_owner(alice: Any) -> None:
    response = send(alice, ADDRESSES, name="Écoles", wants_mail=True)

    test = EligibilityTest.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"{TESTS}{test.pk}/"
    assert (test.user, test.name, test.wants_mail, test.stage) == (
        alice.user, "Écoles", True, "draft",
    )  # fmt: skip
    assert bytes(test.upload.content).decode() == ADDRESSES


def test_the_answer_shows_how_the_file_is_read(alice: APIClient) -> None:
    shown = send(alice, ADDRESSES).json()

    assert shown["name"] == "Bâtiments.csv"
    assert shown["columns"] == ["nom", "adresse"]
    assert shown["row_count"] == 2
    assert shown["layout"]["delimiter"] == ";"
    assert shown["layout"]["address_columns"] == [1]
    assert isinstance(shown["notes"], list)


def test_the_answer_shows_the_first_rows(alice: APIClient) -> None:
    preview = send(alice, ADDRESSES).json()["preview"]

    assert preview["columns"] == ["nom", "adresse"]
    assert preview["row_count"] == 2
    assert [(row["cells"], row["query"], row["outcome"]) for row in preview["rows"]] == [
        (["École", "1 rue de la Paix 03000 Moulins"], "1 rue de la Paix 03000 Moulins", "waiting"),
        (["Mairie", ""], "", "invalid"),
    ]
    assert preview["rows"][1]["reason"] == "There is no address in the row."


def test_it_shows_ten_rows_at_most(alice: APIClient) -> None:
    lines = [f"{number} rue de la Paix 03000 Moulins" for number in range(1, 13)]

    preview = send(alice, "\n".join(["adresse", *lines])).json()["preview"]

    assert [row["number"] for row in preview["rows"]] == list(range(1, 11))


def test_it_may_be_started_at_once(alice: APIClient) -> None:
    shown = send(alice, ADDRESSES, "?start=true").json()

    assert shown["stage"] == "waiting"
    assert shown["job"]["id"] == str(Job.objects.get(type="pro_eligibility_test").pk)


def test_it_is_not_started_otherwise(alice: APIClient) -> None:
    send(alice, ADDRESSES, "?start=false")

    assert not Job.objects.exists()


def test_the_file_is_in_a_table_of_its_own_and_in_no_job(alice: APIClient) -> None:
    """D-3.5"""
    send(alice, ADDRESSES, "?start=true")

    test = EligibilityTest.objects.get()
    assert Job.objects.get().data == {"test_id": str(test.pk)}
    assert Upload.objects.get().test == test


def test_without_a_file_there_is_no_test(alice: APIClient) -> None:
    """D-3.6"""
    response = alice.post(TESTS, {"name": "Nothing"})

    assert is_problem(response, 400)
    assert response.json()["errors"] == {"file": ["No file was submitted."]}
    assert not EligibilityTest.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "empty_file"), (b"adresse\n", "no_rows"), (b"\x89PNG\r\n\x1a\n\x00\x00", "binary_file")],
)
def test_a_file_that_is_refused_says_why(content: bytes, kind: str, alice: APIClient) -> None:
    response = send(alice, content)

    assert is_problem(response, 400)
    assert response.json()["kind"] == kind
    assert list(response.json()["errors"]) == ["file"]
    assert not EligibilityTest.objects.exists()


def test_the_reason_is_a_sentence(alice: APIClient) -> None:
    assert send(alice, b"").json()["errors"]["file"] == [
        "The file is empty. Give a CSV, TXT, XLSX or ODS file with one address on each line."
    ]


def test_an_unknown_field_is_refused(alice: APIClient) -> None:
    response = send(alice, ADDRESSES, nom="Écoles")

    assert response.json()["errors"] == {
        "nom": ["Unknown field; this takes file, name, wants_mail."]
    }


def test_a_wrong_parameter_is_refused_and_nothing_kept(alice: APIClient) -> None:
    response = send(alice, ADDRESSES, "?start=yes")

    assert response.json()["errors"] == {"start": ["Given 'yes'; it takes one of false, true."]}
    assert not EligibilityTest.objects.exists()


class Unread(BytesIO):
    """The body of a request that must not be looked at."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("The body was read.")


@pytest.mark.parametrize("client", ["alice", "anonymous"])
def test_a_body_that_says_it_is_too_large_is_not_read(
    client: str, request: pytest.FixtureRequest, db: None
) -> None:
    response = request.getfixturevalue(client).generic(
        "POST", TESTS, b"", "multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(60 * 1024 * 1024), "wsgi.input": Unread()},
    )  # fmt: skip

    assert is_problem(response, 413)
    assert response.json()["kind"] == "too_large"
    assert response.json()["detail"] == (
        "The request has 60 MB; at most 52 MB are taken. "
        "Leave out what is not needed, or split it into several files."
    )


def test_a_file_that_turns_out_too_large_is_refused_on_the_way(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body_size, "MAX_BYTES", 1024 * 1024)

    response = send(alice, b"a" * (1024 * 1024 + 1))

    assert is_problem(response, 413)
    assert response.json()["detail"] == (
        "The file has 2 MB; at most 1 MB are taken. "
        "Leave out what is not needed, or split it into several files."
    )
    assert not EligibilityTest.objects.exists()


def test_other_requests_take_no_large_body(alice: APIClient, draft: EligibilityTest) -> None:
    response = alice.generic(
        "PATCH", f"{TESTS}{draft.pk}/", b"", "application/json",
        **{"CONTENT_LENGTH": "3000000", "wsgi.input": Unread()},
    )  # fmt: skip

    assert is_problem(response, 413)


def test_a_field_that_is_too_large_is_refused(alice: APIClient) -> None:
    assert is_problem(send(alice, ADDRESSES, name="a" * 2_600_000), 400)
    assert not EligibilityTest.objects.exists()
