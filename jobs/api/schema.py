"""The OpenAPI schema: what every operation has in common, and the parameters of the list."""

from typing import Any

from django import forms
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.permissions import IsAdminUser

from jobs.api import job_schema  # noqa: F401  registers how a job is described
from jobs.api.filters import Choice, Digits, JobFilters, choices, takes
from jobs.api.problems import CONTENT_TYPE, ProblemSerializer

ERRORS = {
    "400": "A parameter, or the content, is refused; `errors` names what is wrong.",
    "401": "Sign in.",
    "403": "Not for this user, or the CSRF token is missing.",
    "404": "There is no such thing, or it is not for this user.",
    "406": "None of the accepted media types is offered.",
    "415": "The media type of the content is not understood.",
}


class Schema(AutoSchema):
    """Adds the errors that follow from an operation's kind, so that no view has to."""

    def get_override_parameters(self) -> list[Any]:
        given = super().get_override_parameters()
        if getattr(self.view, "action", "") != "list" or not self._filters():
            return given
        return given + [described(name, field) for name, field in JobFilters().form.fields.items()]

    def _filters(self) -> bool:
        return getattr(self.view, "filterset_class", None) is JobFilters

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for code in sorted(self._errors() - bodies.keys()):
            body = self._get_response_for_code(  # type: ignore[no-untyped-call]
                ProblemSerializer, code, [CONTENT_TYPE]
            )
            bodies[code] = body | {"description": ERRORS[code]}
        return bodies

    def _errors(self) -> set[str]:
        codes = {"406"}
        if self.get_auth() and {} not in self.get_auth():
            codes |= {"401"}
        if self.method != "GET":
            codes |= {"400", "403", "415"}
        if any(isinstance(permission, IsAdminUser) for permission in self.view.get_permissions()):
            codes |= {"403"}
        where = {parameter["in"] for parameter in self._get_parameters()}
        return (
            codes
            | ({"404"} if "path" in where else set())
            | ({"400"} if "query" in where else set())
        )


def described(name: str, field: forms.Field) -> OpenApiParameter:
    text = f"Takes {takes(field)}."
    if isinstance(field, Choice):
        return OpenApiParameter(
            name, str, description=text, enum=choices(field), default=field.initial
        )
    if isinstance(field, Digits):
        schema = {"type": "integer", "minimum": field.least, "maximum": field.most}
        return OpenApiParameter(name, schema, description=text, default=field.initial)
    if isinstance(field, forms.UUIDField):
        return OpenApiParameter(name, {"type": "string", "format": "uuid"}, description=text)
    item = {"type": "string"} | ({"enum": choices(field)} if choices(field) else {})
    return OpenApiParameter(
        name,
        {"type": "array", "items": item},
        description=f"{text} Repeat it, or separate the values by commas.",
    )
