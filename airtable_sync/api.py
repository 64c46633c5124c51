"""Syncing a table with Airtable, for administrators."""

from typing import Any, ClassVar, cast

from django.http import QueryDict
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from airtable_sync.errors import NotApplicable, NotConfigured, NothingToApply, UnknownPlan
from airtable_sync.payload import TYPES, Direction, SyncTable, enqueue_sync
from airtable_sync.plans import check_waits, known
from jobs.api.problems import CONFLICT, Conflict
from jobs.api.serializers import JobSerializer
from jobs.registry import job_types

# Described with the jobs, whose data it becomes.
CONTENT = {"application/json": {"$ref": "#/components/schemas/SyncTable"}}


class SyncView(APIView):
    """What both directions have in common."""

    permission_classes = [IsAdminUser]
    http_method_names = ["post"]
    # Forms too, as everywhere.
    parser_classes = [JSONParser, FormParser, MultiPartParser]
    direction: ClassVar[Direction]

    def sync(self, request: Request) -> Response:
        data, user = asked(self.direction, request.data), request.user
        assert user.is_authenticated  # permitted only then
        try:
            if data.plan_id is not None:
                check_waits(known(data.plan_id, name=data.name, direction=self.direction))
            job = enqueue_sync(self.direction, data, by=user)
        except UnknownPlan as error:
            raise ValidationError({"plan_id": str(error)}) from None
        except (NotConfigured, NotApplicable, NothingToApply) as error:
            raise Conflict(str(error)) from None
        location = reverse("job-detail", kwargs={"pk": job.pk})
        return Response(JobSerializer(job).data, status=202, headers={"Location": location})


class SyncGeometriesView(SyncView):
    direction = Direction.TO_AIRTABLE

    @extend_schema(
        operation_id="airtable_sync_geometries",
        summary="Send to Airtable what follows from geometries",
        request=CONTENT,
        responses={202: JobSerializer} | CONFLICT,
    )
    def post(self, request: Request) -> Response:
        """Enqueue the sync of a table, or return the one that waits already."""
        return self.sync(request)


class SyncMetadataView(SyncView):
    direction = Direction.FROM_AIRTABLE

    @extend_schema(
        operation_id="airtable_sync_metadata",
        summary="Take the metadata from Airtable",
        request=CONTENT,
        responses={202: JobSerializer} | CONFLICT,
    )
    def post(self, request: Request) -> Response:
        """Enqueue the sync of a table, or return the one that waits already."""
        return self.sync(request)


def asked(direction: Direction, content: Any) -> SyncTable:
    """Raises InvalidPayload, which names each field."""
    if isinstance(content, QueryDict):
        content = {
            name: values if name == "also" else values[-1] for name, values in content.lists()
        }
    return cast(SyncTable, job_types[TYPES[direction]].validate(content))
