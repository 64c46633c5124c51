"""What eligibility tests refuse, as problem details."""

import logging
from collections.abc import Mapping
from typing import Any, get_args

from django.core.exceptions import SuspiciousOperation
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, ParseError, ValidationError
from rest_framework.response import Response

from jobs.api.problems import CONTENT_TYPE, Conflict, ProblemSerializer
from jobs.api.problems import problem_details as details_of_any
from pro_eligibility.errors import Discarded, NotNow
from pro_eligibility.geocoding.errors import GeocoderError
from pro_eligibility.uploads.errors import Kind, LayoutRefused, UploadRefused

logger = logging.getLogger(__name__)


class UploadProblemSerializer(ProblemSerializer):
    """What went wrong with a file (RFC 9457)."""

    kind = serializers.ChoiceField(
        choices=get_args(Kind), required=False, help_text="Why the file is refused, for programs."
    )


class BodyTooLarge(APIException):
    """Refused before it is in memory."""

    status_code = 413

    def __init__(self, refused: UploadRefused) -> None:
        super().__init__(str(refused))
        self.kind = refused.kind


class GeocoderAway(APIException):
    """Somebody waits for an answer, and the geocoder gives none in time."""

    status_code = 503
    default_detail = _(
        "No row was tried, because the geocoder does not answer. Try again in some minutes, or "
        "start the test: its job waits for the geocoder."
    )


# Of the schema: `responses={200: …} | NO_GEOCODER`.
FILE_REFUSED = {
    (400, CONTENT_TYPE): UploadProblemSerializer,
    (413, CONTENT_TYPE): UploadProblemSerializer,
}
NO_GEOCODER = {(503, CONTENT_TYPE): ProblemSerializer}


def problem_details(error: Exception, context: Mapping[str, Any]) -> Response | None:
    response = details_of_any(as_api_exception(error), context)
    if response and isinstance(error, UploadRefused | BodyTooLarge):
        response.data["kind"] = error.kind
    return response


def as_api_exception(error: Exception) -> Exception:
    match error:
        case NotNow():
            return Conflict(str(error))
        case Discarded():
            return NotFound()
        case UploadRefused():
            return ValidationError({"file": str(error)})
        case LayoutRefused():
            return ValidationError({"layout": error.fields})
        case SuspiciousOperation():  # more fields than Django takes, or larger ones
            return ParseError(str(error))
        case GeocoderError():
            logger.warning("No row was tried: %s", error)
            return GeocoderAway()
    return error
