"""Building tiles, for administrators."""

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs.api.serializers import JobSerializer
from jobs.models import Job
from tiles.views import known


class BuildView(APIView):
    permission_classes = [IsAdminUser]
    http_method_names = ["post"]
    # Forms too, because a client without anything to say may say it as an empty form.
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(
        operation_id="tiles_build",
        summary="Build the tiles of a source",
        request=None,
        responses={202: JobSerializer},
    )
    def post(self, request: Request, source: str) -> Response:
        """Enqueue a build, or return the one that waits already. For administrators."""
        if request.data:
            raise ParseError("This request takes no content; send an empty body.")
        name = known(source).id
        with transaction.atomic():
            job = Job.objects.enqueue(
                "build_tiles", {"name": name}, user=request.user, unique_key=f"build_tiles:{name}"
            )
        location = reverse("job-detail", kwargs={"pk": job.pk})
        return Response(JobSerializer(job).data, status=202, headers={"Location": location})
