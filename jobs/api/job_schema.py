"""How the OpenAPI schema describes a job: one of as many kinds as there are types.

Front-ends narrow `data` and `result` by comparing `type`.
"""

from collections.abc import Iterable
from typing import Any, get_args

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core.core_schema import ModelSchema

from jobs.outcome import Kind
from jobs.payload import Model, models_in
from jobs.registry import JobType, job_types

JsonSchema = dict[str, Any]
ANY_OBJECT: JsonSchema = {"type": "object", "additionalProperties": True}
ERROR = {
    "description": "Why the job failed; null unless its status is `error`.",
    "type": ["object", "null"],
    "properties": {
        "kind": {"type": "string", "enum": list(get_args(Kind))},
        "message": {"type": "string"},
        "traceback": {"type": "string"},
    },
    "required": ["kind", "message", "traceback"],
}
PROGRESS = {
    "description": "How far a running job is; null if it has not said.",
    "type": ["object", "null"],
    "properties": {
        "done": {"type": "number"},
        "total": {"type": "number"},
        "message": {"type": "string"},
    },
    "required": ["done", "total", "message"],
}


class JobSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """`Job` in the schema."""

    target_class = "jobs.api.serializers.JobSerializer"

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> JsonSchema:
        base = auto_schema._map_serializer(  # type: ignore[no-untyped-call]
            self.target, direction, bypass_extensions=True
        )
        models = add_models(auto_schema)
        kinds = {
            job_type.name: add(
                auto_schema,
                f"{camel(job_type.name)}Job",
                kind_of_job(base, differences(job_type, models)),
            )
            for job_type in job_types
        }
        fallback = add(auto_schema, "RetiredJob", kind_of_job(base, retired()))
        return {
            "description": base["description"],
            "oneOf": [*kinds.values(), fallback],
            # Without it, generated TypeScript could not tell a retired type (any text) from others.
            "discriminator": {
                "propertyName": "type",
                "mapping": {name: ref["$ref"] for name, ref in kinds.items()},
            },
        }


def differences(job_type: JobType, models: dict[Any, JsonSchema]) -> JsonSchema:
    result = models[job_type.result] if job_type.result else ANY_OBJECT
    return {
        "type": {"type": "string", "const": job_type.name},
        "data": models[job_type.payload],
        "result": {"oneOf": [result, {"type": "null"}]},
    }


def retired() -> JsonSchema:
    """A job of a type that no app registers any more."""
    others = {"not": {"enum": job_types.names()}} if job_types.names() else {}
    return {
        "type": {"type": "string", "description": "A type that is no longer registered."} | others,
        "data": ANY_OBJECT,
        "result": {"oneOf": [ANY_OBJECT, {"type": "null"}]},
    }


def kind_of_job(base: JsonSchema, own: JsonSchema) -> JsonSchema:
    properties = base["properties"] | {"error": ERROR, "progress": PROGRESS} | own
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def add_models(auto_schema: AutoSchema) -> dict[Any, JsonSchema]:
    """Add the payloads and results to the components; return a reference to each."""
    payloads = {job_type.payload for job_type in job_types}
    results = {job_type.result for job_type in job_types if job_type.result}
    # All at once, so that two models of one name get different ones.
    references, definitions = models_json_schema(
        [(model, "serialization") for model in sorted(payloads | results, key=str)],
        ref_template="#/components/schemas/{model}",
        schema_generator=as_stored(payloads, results),
    )
    for name, schema in definitions.get("$defs", {}).items():
        add(auto_schema, name, closed(schema))
    return {model: reference for (model, _), reference in references.items()}


def as_stored(payloads: Iterable[Model], results: Iterable[Model]) -> type[GenerateJsonSchema]:
    """A generator that leaves out what is not stored of a payload: its computed fields."""
    of_payloads, of_results = (
        {part for model in models for part in models_in(model)} for models in (payloads, results)
    )

    class AsStored(GenerateJsonSchema):
        def model_schema(self, schema: ModelSchema) -> JsonSchema:
            described, model = super().model_schema(schema), schema["cls"]
            if model in of_payloads:
                computed = model.model_computed_fields.items()
                names = {field.alias or name for name, field in computed}
                without(described, names, everywhere=model not in of_results)
            return described

    return AsStored


def without(schema: JsonSchema, names: set[str], *, everywhere: bool) -> None:
    """Not required, and `everywhere` not there at all, nor anything unknown."""
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in names]
    if everywhere:
        schema["additionalProperties"] = False
        for name in names & schema.get("properties", {}).keys():
            del schema["properties"][name]


def closed(schema: JsonSchema) -> JsonSchema:
    """Without room for unknown fields, which the queue refuses."""
    return {"additionalProperties": False} | schema if "properties" in schema else schema


def add(auto_schema: AutoSchema, name: str, schema: JsonSchema) -> JsonSchema:
    component = ResolvedComponent(  # type: ignore[no-untyped-call]
        name, ResolvedComponent.SCHEMA, schema, object=name
    )
    auto_schema.registry.register_on_missing(component)
    return dict(component.ref)


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.replace("-", "_").split("_"))
