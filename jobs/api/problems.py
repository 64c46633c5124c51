"""Every error of the API as problem details (RFC 9457)."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from jobs.errors import InvalidPayload, JobLocked, NotStorable, TooLarge, WrongState

CONTENT_TYPE = "application/problem+json"


class ProblemSerializer(serializers.Serializer[Any]):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # also a property of DRF
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with each parameter or field.",
    )


# Of the schema: `responses={200: …} | CONFLICT`. The other errors document themselves.
CONFLICT = {(409, CONTENT_TYPE): ProblemSerializer}


class Conflict(APIException):
    """The thing is not in a state that allows this."""

    status_code = 409
    default_detail = "The request does not fit the present state."
    default_code = "conflict"


def problem_details(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The response to an error raised in a view; None (therefore a 500) if it is a defect."""
    error = as_api_exception(error)
    response = exception_handler(error, dict(context))
    if response is None:
        return None
    response.data = problem(response.status_code, response.data, isinstance(error, ValidationError))
    response.content_type = CONTENT_TYPE
    return response


def as_api_exception(error: Exception) -> Exception:
    """What the queue refuses, as the API says it."""
    match error:
        case WrongState() | JobLocked():
            return Conflict(str(error))
        case InvalidPayload():
            return ValidationError(error.fields)
        case TooLarge() | NotStorable():
            return ValidationError({"data": str(error)})
    return error


def problem(status: int, content: Any, invalid: bool) -> dict[str, Any]:
    details = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if not invalid:
        return details | {"detail": str(content["detail"])}
    errors: dict[str, list[str]] = {}
    for name, message in named("", content):
        errors.setdefault(name, []).append(message)
    return details | {"detail": sentence(errors), "errors": errors}


def sentence(errors: dict[str, list[str]]) -> str:
    parts = [f"{name}: {' '.join(messages).rstrip('.')}" for name, messages in errors.items()]
    return f"{'; '.join(parts)}."


def named(name: str, content: Any) -> Iterator[tuple[str, str]]:
    """Each message with the path of its field: 'rows.3.address', or 'request' for the whole."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from named(f"{name}.{key}".strip("."), value)
    elif isinstance(content, list):
        for value in content:
            yield from named(name, value)
    else:
        yield name or "request", str(content)
