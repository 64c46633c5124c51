"""The OpenAPI schema, and that the API keeps to it."""

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml
from django.contrib.staticfiles import finders
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from pydantic import BaseModel, ConfigDict, Field, computed_field, create_model
from rest_framework.test import APIClient

from jobs.content import stored
from jobs.models import Job
from jobs.registry import job_types
from tests.api.conftest import JOBS
from tests.factories import JobFactory, UserFactory

ERRORS_OF_THE_LIST = ["400", "401", "403", "406"]
ERRORS_OF_A_CHANGE = ["400", "401", "403", "404", "406", "409", "415"]


@pytest.fixture
def schema(anonymous: APIClient) -> dict[str, Any]:
    return anonymous.get("/api/schema/").json()


@pytest.fixture
def parameters(schema: dict[str, Any]) -> dict[str, Any]:
    found = schema["paths"][JOBS]["get"]["parameters"]
    return {parameter["name"]: parameter["schema"] for parameter in found}


def check(schema: dict[str, Any], component: str, instance: Any) -> None:
    whole = {"$ref": f"#/components/schemas/{component}", "components": schema["components"]}
    jsonschema.Draft202012Validator(whole).validate(instance)


def test_it_is_openapi_3_1() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)

    assert schema["openapi"] == "3.1.0"
    validate_schema(schema)


def test_it_is_generated_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn")

    assert capsys.readouterr().err == ""


def test_it_is_given_as_yaml_too(anonymous: APIClient, schema: dict[str, Any]) -> None:
    response = anonymous.get("/api/schema/", headers={"Accept": "application/yaml"})

    assert yaml.safe_load(response.content) == schema


def test_a_page_to_try_it_loads_nothing_from_elsewhere(anonymous: APIClient) -> None:
    response = anonymous.get("/api/docs/")

    loaded = re.findall(r'(?:src|href)="([^"]+)"', response.content.decode())
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in loaded
    assert all(finders.find(address.removeprefix("/static/")) for address in loaded)
    assert '"validatorUrl": null' in response.content.decode()


def test_each_parameter_has_its_default_and_range(parameters: dict[str, Any]) -> None:
    words = {"type": "string"}

    assert parameters == {
        "types": {"type": "array", "items": words | {"enum": job_types.names()}},
        "statuses": {
            "type": "array",
            "items": words | {"enum": ["pending", "processing", "finished", "error"]},
        },
        "userId": words | {"format": "uuid"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
        "offset": {"type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 0},
        "orderBy": words
        | {"enum": ["created_at", "status", "type", "updated_at"], "default": "created_at"},
        "orderDirection": words | {"enum": ["asc", "desc"], "default": "desc"},
    }


@pytest.mark.parametrize(
    ("path", "method", "codes"),
    [
        (JOBS, "get", ERRORS_OF_THE_LIST),
        (JOBS + "{id}/", "get", ["401", "404", "406"]),
        (JOBS + "{id}/retry/", "post", ERRORS_OF_A_CHANGE),
        (JOBS + "{id}/cancel/", "post", ERRORS_OF_A_CHANGE),
    ],
)
def test_every_error_is_documented(
    path: str, method: str, codes: list[str], schema: dict[str, Any]
) -> None:
    responses = schema["paths"][path][method]["responses"]

    assert sorted(responses) == ["200", *codes]
    for code in codes:
        assert responses[code]["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        }


def test_the_header_of_an_estimate_is_documented(schema: dict[str, Any]) -> None:
    response = schema["paths"][JOBS]["get"]["responses"]["200"]

    assert list(response["headers"]) == ["X-Total-Estimate"]


@pytest.mark.parametrize("trait", ["pending", "processing", "finished", "failed"])
@pytest.mark.parametrize("type", ["probe", "retired"])
def test_the_list_is_as_described(
    trait: str, type: str, schema: dict[str, Any], staff: APIClient
) -> None:
    JobFactory(**{trait: True}, type=type, user=UserFactory())

    check(schema, "JobPage", staff.get(JOBS).json())


def test_a_job_is_as_described(schema: dict[str, Any], staff: APIClient) -> None:
    job = JobFactory(processing=True, progress={"done": 1, "total": 2, "message": ""})

    check(schema, "ProbeJob", staff.get(f"{JOBS}{job.pk}/").json())


def test_a_problem_is_as_described(schema: dict[str, Any], staff: APIClient) -> None:
    check(schema, "Problem", staff.get(JOBS, {"limit": 0}).json())
    check(schema, "Problem", staff.get(f"{JOBS}x/").json())


@pytest.mark.parametrize(
    "change", [{"data": {"word": 1}}, {"data": {"word": "a", "more": 1}}, {"result": {}}, {"x": 1}]
)
def test_a_job_has_the_data_and_result_of_its_type_and_nothing_else(
    change: dict[str, Any], schema: dict[str, Any], staff: APIClient
) -> None:
    job = staff.get(f"{JOBS}{JobFactory(finished=True).pk}/").json()
    check(schema, "Job", job)

    with pytest.raises(jsonschema.ValidationError):
        check(schema, "Job", job | change)


def test_generated_code_tells_the_types_apart(schema: dict[str, Any]) -> None:
    job = schema["components"]["schemas"]["Job"]

    assert job["discriminator"]["propertyName"] == "type"
    assert job["discriminator"]["mapping"]["probe"] == "#/components/schemas/ProbeJob"
    assert job["oneOf"][-1] == {"$ref": "#/components/schemas/RetiredJob"}
    assert schema["components"]["schemas"]["ProbeJob"]["properties"]["type"] == {
        "type": "string",
        "const": "probe",
    }


def test_payloads_of_one_name_are_kept_apart(anonymous: APIClient) -> None:
    for name, field in [("one", "a"), ("two", "b")]:
        model = create_model("Same", __module__=f"tests.{name}", **{field: (int, ...)})
        job_types.register(name, lambda job: None, payload=model)

    schemas = anonymous.get("/api/schema/").json()["components"]["schemas"]

    assert fields_of_data(schemas, "OneJob") == ["a"]
    assert fields_of_data(schemas, "TwoJob") == ["b"]


def test_the_data_are_described_as_they_are_stored(anonymous: APIClient) -> None:
    job_types.register("visit", lambda job: None, payload=Visit, result=Visited)
    job = Job.objects.enqueue("visit", {"street": "Long", "doors": [{"n": 1}]})
    schema = anonymous.get("/api/schema/").json()
    schemas = schema["components"]["schemas"]

    assert fields_of_data(schemas, "VisitJob") == list(job.data) == ["street", "doors"]
    assert schemas["Visit"]["required"] == ["street"]
    assert schemas["Visit"]["additionalProperties"] is False
    check(schema, "Visit", job.data)


def test_a_result_is_described_as_it_is_stored(anonymous: APIClient) -> None:
    job_types.register("visit", lambda job: None, payload=Visit, result=Visited)
    schema = anonymous.get("/api/schema/").json()
    doors = [Door(number=1)]

    result = json.loads(stored("the result", Visited(seen=doors)))

    assert result == {"Seen": [{"n": 1, "even": False}], "count": 1}
    check(schema, "Visited", result)


class Door(BaseModel):
    number: int = Field(alias="n")

    model_config = ConfigDict(populate_by_name=True)

    @computed_field
    def even(self) -> bool:
        return self.number % 2 == 0


class Visit(BaseModel):
    road: str = Field(alias="street")
    doors: list[Door] = []

    model_config = ConfigDict(extra="allow")

    @computed_field
    def address(self) -> str:
        return f"{self.road} Street"


class Visited(BaseModel):
    seen: list[Door] = Field(serialization_alias="Seen")

    @computed_field
    def count(self) -> int:
        return len(self.seen)


def fields_of_data(schemas: dict[str, Any], job: str) -> list[str]:
    reference = schemas[job]["properties"]["data"]["$ref"]
    return list(schemas[reference.removeprefix("#/components/schemas/")]["properties"])
