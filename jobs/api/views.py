"""The jobs, for their owners and for administrators."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny, BasePermission, IsAdminUser, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from jobs import audit
from jobs.api.filters import JobFilters
from jobs.api.problems import CONFLICT
from jobs.api.serializers import JobPageSerializer, JobSerializer
from jobs.models import Job

ESTIMATED = OpenApiParameter(
    "X-Total-Estimate",
    location=OpenApiParameter.HEADER,
    response=[200],
    description="`true` when `total` is an estimate.",
)


class JobViewSet(GenericViewSet[Job]):
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilters
    # OPTIONS is not among them: the list answers GET alone.
    http_method_names = ["get", "head", "post"]
    # Forms too, because a client without anything to say may say it as an empty form.
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.action == "retrieve" else IsAdminUser()]

    def get_queryset(self) -> QuerySet[Job]:
        """All jobs for an administrator; for others theirs, so that the rest is not found."""
        # Asked for anew, for it is tied to the database that a router names. And only what is
        # shown, for `errors` may be large.
        user, jobs = self.request.user, Job.objects.only(*JobSerializer.Meta.fields)
        return jobs if user.is_staff else jobs.filter(user=user.pk)

    @extend_schema(summary="List jobs", parameters=[ESTIMATED], responses=JobPageSerializer)
    def list(self, request: Request) -> Response:
        """For administrators."""
        filters = JobFilters(request.query_params, self.get_queryset())
        filters.check()
        page = filters.page()
        return Response(JobPageSerializer(page).data, headers=page.headers)

    @extend_schema(summary="Show a job")
    def retrieve(self, request: Request, pk: str) -> Response:
        """For its owner and for administrators."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="jobs_retry",
        summary="Retry a job",
        request=None,
        responses={200: JobSerializer} | CONFLICT,
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Begin anew a job that ended in error. For administrators."""
        return self._change("retried", Job.retry)

    @extend_schema(
        operation_id="jobs_cancel",
        summary="Cancel a job",
        request=None,
        responses={200: JobSerializer} | CONFLICT,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """End a pending job, or ask its worker to stop a running one. For administrators."""
        return self._change("cancelled", Job.cancel)

    def _change(self, verb: audit.Verb, change: Any) -> Response:
        if self.request.data:
            raise ParseError("This request takes no content; send an empty body.")
        job, user = self.get_object(), self.request.user
        assert user.is_authenticated  # permitted only then
        with transaction.atomic():
            change(job)
            audit.record(user, job, verb)
        return Response(self.get_serializer(self.get_object()).data)


class SchemaView(SpectacularAPIView):
    """JSON first: it is what most readers want, and YAML's readers can read it."""

    renderer_classes = list(reversed(SpectacularAPIView.renderer_classes))


@extend_schema(exclude=True)
class UnknownPath(APIView):
    """What is asked for under /api/ and is not there."""

    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound(f"There is nothing at {request.path}; GET /api/schema/ lists what there is.")
