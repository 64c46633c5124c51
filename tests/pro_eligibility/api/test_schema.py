"""The OpenAPI schema of eligibility tests, and that the API keeps to it."""

from typing import Any

import jsonschema
import pytest
from rest_framework.test import APIClient

from pro_eligibility.models import EligibilityTest, Reason, State
from tests.factories import JobFactory
from tests.pro_eligibility.api.conftest import TESTS, path_of
from tests.pro_eligibility.factories import (
    AddressRowFactory,
    AssessmentFactory,
    EligibilityTestFactory,
)


@pytest.fixture
def schema(anonymous: APIClient) -> dict[str, Any]:
    return anonymous.get("/api/schema/").json()


def check(schema: dict[str, Any], component: str, instance: Any) -> None:
    whole = {"$ref": f"#/components/schemas/{component}", "components": schema["components"]}
    jsonschema.Draft202012Validator(whole).validate(instance)


@pytest.fixture
def with_rows(draft: EligibilityTest) -> EligibilityTest:
    first = AssessmentFactory(row__test=draft, row__number=1).row
    AssessmentFactory(row__test=draft, row__number=2, network_kind="", id_fcu=None, distance=None)
    AddressRowFactory(
        test=draft, number=3, state=State.DUPLICATE, reason=Reason.DUPLICATE, facts={"row": 1},
        duplicate_of=first, x=None, y=None,
    )  # fmt: skip
    AddressRowFactory(test=draft, number=4, waiting=True, score=None)
    return draft


@pytest.mark.parametrize(
    ("rest", "component"),
    [
        ("", "TestDetail"),
        ("preview/", "Preview"),
        ("rows/", "RowPage"),
        ("rows/1/", "RowHistory"),
        ("counts/", "Counts"),
        ("points/", "Places"),
    ],
)
def test_what_is_shown_is_as_described(
    rest: str, component: str, schema: Any, alice: APIClient, with_rows: EligibilityTest
) -> None:
    check(schema, component, alice.get(path_of(with_rows, rest)).json())


@pytest.mark.parametrize("trait", ["pending", "processing", "failed", "finished"])
def test_the_list_is_as_described(trait: str, schema: Any, alice: Any) -> None:
    EligibilityTestFactory(user=alice.user, job=JobFactory(**{trait: True}))
    EligibilityTestFactory(user=alice.user)

    check(schema, "TestPage", alice.get(TESTS).json())


def test_each_export_has_its_media_type(schema: Any) -> None:
    given = {
        path.removeprefix("/api/eligibility-tests/{id}/"): list(
            operations["get"]["responses"]["200"]["content"]
        )
        for path, operations in schema["paths"].items()
        if "export" in path or "summary" in path
    }

    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert given == {
        "export.csv": ["text/csv; charset=utf-8"],
        "export.geojson": ["application/geo+json"],
        "export.xlsx": [workbook],
        "summary.csv": ["text/csv; charset=utf-8"],
        "summary.xlsx": [workbook],
    }


@pytest.mark.parametrize(
    ("file", "described"),
    [
        ("export.geojson", {"type": "object", "additionalProperties": {}}),
        ("export.csv", {"type": "string", "format": "binary"}),
        ("export.xlsx", {"type": "string", "format": "binary"}),
    ],
)
def test_an_export_is_json_or_binary(file: str, described: Any, schema: Any) -> None:
    answer = schema["paths"][f"{TESTS}{{id}}/{file}"]["get"]["responses"]["200"]

    (content,) = answer["content"].values()
    assert content["schema"] == described


def test_the_upload_is_a_form_with_a_file(schema: Any) -> None:
    upload = schema["paths"][TESTS]["post"]["requestBody"]["content"]

    assert list(upload) == ["multipart/form-data"]


@pytest.mark.parametrize(
    ("path", "method", "codes"),
    [
        ("", "post", ["201", "400", "401", "403", "406", "413", "415"]),
        ("{id}/start/", "post", ["202", "400", "401", "403", "404", "406", "409", "415"]),
        ("{id}/try/", "post", ["200", "400", "401", "403", "404", "406", "409", "415", "503"]),
        ("{id}/export.csv", "get", ["200", "401", "404", "406", "409"]),
    ],
)
def test_every_error_is_documented(
    path: str, method: str, codes: list[str], schema: dict[str, Any]
) -> None:
    assert sorted(schema["paths"][TESTS + path][method]["responses"]) == codes
