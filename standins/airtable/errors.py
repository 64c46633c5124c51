"""What the service refuses, in its own words."""

from typing import Any


class ApiError(Exception):
    """The request is refused with a status, and a body that says why."""

    def __init__(self, status: int, error: dict[str, str] | str) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        self.body: dict[str, Any] = {"error": error}


def refused(status: int, type: str, message: str) -> ApiError:
    return ApiError(status, {"type": type, "message": message})


def unauthenticated() -> ApiError:
    return refused(401, "AUTHENTICATION_REQUIRED", "Authentication required")


def forbidden() -> ApiError:
    """The same whether it is missing or not granted: the service doesn't tell."""
    message = (
        "Invalid permissions, or the requested model was not found. Check that both your user "
        "and your token have the required permissions, and that the model names and/or ids are "
        "correct."
    )
    return refused(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", message)


def not_found() -> ApiError:
    return ApiError(404, "NOT_FOUND")


def invalid_request() -> ApiError:
    message = "Invalid request: parameter validation failed. Check your request data."
    return refused(422, "INVALID_REQUEST_UNKNOWN", message)


def unreadable() -> ApiError:
    return refused(400, "INVALID_REQUEST_BODY", "Could not parse request body")


def too_long() -> ApiError:
    return refused(414, "URI_TOO_LONG", "The URL is longer than 16000 characters")


def too_large() -> ApiError:
    return refused(413, "REQUEST_TOO_LARGE", "The body is larger than the allowed payload")


def unknown_field(name: str) -> ApiError:
    return refused(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{name}"')


def invalid_value(name: str) -> ApiError:
    message = f'Field "{name}" cannot accept the provided value'
    return refused(422, "INVALID_VALUE_FOR_COLUMN", message)


def computed_field(name: str) -> ApiError:
    message = f'Field "{name}" cannot accept a value because the field is computed'
    return refused(422, "INVALID_VALUE_FOR_COLUMN", message)


def unknown_option(option: str) -> ApiError:
    message = f'Insufficient permissions to create new select option ""{option}""'
    return refused(422, "INVALID_MULTIPLE_CHOICE_OPTIONS", message)


def unknown_attachment(name: str) -> ApiError:
    message = f"Invalid attachment object for field {name}: there is no attachment with that id"
    return refused(422, "INVALID_ATTACHMENT_OBJECT", message)


def repeated_record() -> ApiError:
    message = "You cannot update the same record multiple times in a single request."
    return refused(422, "INVALID_RECORDS", message)


def several_matches(names: list[str]) -> ApiError:
    message = f"More than one record matches the provided values of: {', '.join(names)}"
    return refused(422, "INVALID_RECORDS", message)


def unknown_view(name: str) -> ApiError:
    return refused(422, "VIEW_NAME_NOT_FOUND", f"View {name} not found")


def invalid_formula(reason: str) -> ApiError:
    message = f"The formula for filtering records is invalid: {reason}"
    return refused(422, "INVALID_FILTER_BY_FORMULA", message)


def stale_iterator() -> ApiError:
    return ApiError(422, {"type": "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"})
