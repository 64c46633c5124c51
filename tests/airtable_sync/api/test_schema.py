"""How the OpenAPI schema describes it."""

from typing import Any

import jsonschema
import pytest
from rest_framework.test import APIClient

from tests.airtable_sync.api.conftest import BOTH, HEAT


@pytest.fixture
def schema(anonymous: APIClient) -> dict[str, Any]:
    return anonymous.get("/api/schema/").json()


@BOTH
def test_every_answer_is_described(path: str, schema: dict[str, Any]) -> None:
    responses = schema["paths"][path]["post"]["responses"]

    assert sorted(responses) == ["202", "400", "401", "403", "406", "409", "415"]
    assert responses["202"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Job"
    }


@BOTH
@pytest.mark.parametrize(
    ("content", "is_taken"),
    [
        ({"name": HEAT}, True),
        ({"name": HEAT, "dry_run": True}, True),
        ({"name": HEAT, "plan_id": 5, "also": ["held"]}, True),
        ({}, False),
        ({"name": HEAT, "dry": True}, False),
        ({"name": HEAT, "plan_id": 0}, False),
        ({"name": HEAT, "plan_id": 5, "also": ["rivers"]}, False),
    ],
)
def test_what_is_taken_is_described(
    path: str, content: dict[str, Any], is_taken: bool, schema: dict[str, Any]
) -> None:
    request = schema["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]

    whole = request | {"components": schema["components"]}

    assert jsonschema.Draft202012Validator(whole).is_valid(content) is is_taken


def test_the_result_of_a_sync_is_described(schema: dict[str, Any]) -> None:
    result = schema["components"]["schemas"]["SyncGeometriesToAirtableJob"]["properties"]["result"]

    assert result["oneOf"][0] == {"$ref": "#/components/schemas/TableSynced"}
