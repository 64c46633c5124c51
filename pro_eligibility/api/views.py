"""Eligibility tests, for their owners and for administrators."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from jobs.api.problems import CONFLICT
from jobs.api.serializers import JobSerializer
from pro_eligibility.api.base import TestAPI
from pro_eligibility.api.changes import change
from pro_eligibility.api.pages import Page
from pro_eligibility.api.parameters import (
    PageOptions,
    TestFilters,
    UploadOptions,
    asked,
    in_schema,
)
from pro_eligibility.api.problems import FILE_REFUSED, NO_GEOCODER
from pro_eligibility.api.sample import preview_of, with_layout
from pro_eligibility.api.serializers import (
    ChangesSerializer,
    LayoutSerializer,
    PreviewSerializer,
    TestDetailSerializer,
    TestPageSerializer,
    TriedSerializer,
    UploadedSerializer,
    UploadSerializer,
)
from pro_eligibility.exports.records import records
from pro_eligibility.models import EligibilityTest
from pro_eligibility.trial import try_rows


class TestViewSet(TestAPI, GenericViewSet[EligibilityTest]):
    serializer_class = TestDetailSerializer
    http_method_names = ["get", "head", "post", "patch", "delete"]

    def takes_a_file(self) -> bool:
        return self.action == "create"

    def takes_parameters(self) -> bool:
        return self.action in ("list", "create")

    @extend_schema(
        summary="List eligibility tests",
        parameters=[*in_schema(TestFilters({}).form), *in_schema(PageOptions())],
        responses=TestPageSerializer,
    )
    def list(self, request: Request) -> Response:
        """Your own, the newest first; for administrators all, or those of a user."""
        tests = self.get_queryset().defer("layout_data", "columns", "notes")
        filters, options = (
            TestFilters(request.query_params, tests),
            PageOptions(request.query_params),
        )
        given = asked(request.query_params, filters.form, options)
        page = Page.of(filters.qs, given)
        return Response(TestPageSerializer({"tests": page.items, "pagination": page}).data)

    @extend_schema(
        summary="Upload a file of addresses",
        parameters=in_schema(UploadOptions()),
        request={"multipart/form-data": UploadSerializer},
        responses={201: UploadedSerializer} | FILE_REFUSED,
    )
    def create(self, request: Request) -> Response:
        """How it is read is detected: look at the preview, and correct it before the start."""
        start = asked(request.query_params, UploadOptions(request.query_params))["start"]
        upload = UploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        given = dict(upload.validated_data)
        file = given.pop("file")
        content = file.read()
        with transaction.atomic():
            test = EligibilityTest.objects.upload(
                request.user, filename=file.name, content=content, **given
            )
            if start == "true":
                test.start()
        shown = self._shown(test) | {"preview": preview_of(test)}
        location = reverse("eligibility-test-api-detail", kwargs={"pk": test.pk})
        return Response(shown, status=201, headers={"Location": location})

    @extend_schema(summary="Show an eligibility test")
    def retrieve(self, request: Request, pk: str) -> Response:
        """With how far it is, and why it failed if it did."""
        return Response(self._shown(self.get_object()))

    @extend_schema(
        summary="Change an eligibility test",
        request=ChangesSerializer,
        responses={200: TestDetailSerializer} | CONFLICT,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Its name, e-mail and threshold at any time; how its file is read before the start."""
        test = self.get_object()
        changes = ChangesSerializer(test, data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        change(test, changes.validated_data)
        return Response(self._shown(test))

    @extend_schema(summary="Delete an eligibility test", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Its job ends; to remove the addresses from the database too, purge it before."""
        self.get_object().delete_softly()
        return Response(status=204)

    @extend_schema(
        operation_id="eligibility_tests_start",
        summary="Start an eligibility test",
        request=None,
        responses={202: JobSerializer} | CONFLICT,
    )
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Or run it again: what was not found is asked again, the history is kept."""
        self.refuse_content()
        job = self.get_object().start()
        location = reverse("job-detail", kwargs={"pk": job.pk})
        return Response(JobSerializer(job).data, status=202, headers={"Location": location})

    @extend_schema(
        operation_id="eligibility_tests_cancel",
        summary="Cancel an eligibility test",
        request=None,
        responses={200: TestDetailSerializer} | CONFLICT,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """End its job; what it found so far stays."""
        return self._after(EligibilityTest.cancel)

    @extend_schema(
        operation_id="eligibility_tests_purge",
        summary="Remove the addresses",
        request=None,
        responses=TestDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def purge(self, request: Request, pk: str) -> Response:
        """Its file, its rows and their results go for good; its name and dates stay."""
        return self._after(EligibilityTest.purge)

    @extend_schema(
        operation_id="eligibility_tests_seen",
        summary="Mark as seen",
        request=None,
        responses=TestDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def seen(self, request: Request, pk: str) -> Response:
        """Its results, and the changes since, were looked at."""
        return self._after(EligibilityTest.mark_seen)

    @extend_schema(
        operation_id="eligibility_tests_preview",
        summary="Show the first rows",
        responses={200: PreviewSerializer} | CONFLICT,
    )
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        """Ten, as they are read at present."""
        return Response(preview_of(self.get_object()))

    @extend_schema(
        operation_id="eligibility_tests_preview_layout",
        summary="Show the first rows otherwise",
        request=LayoutSerializer,
        responses={200: PreviewSerializer} | CONFLICT,
    )
    @preview.mapping.post
    def preview_layout(self, request: Request, pk: str) -> Response:
        """Ten, read by the layout that is given; nothing is saved."""
        return Response(preview_of(self._otherwise()))

    @extend_schema(
        operation_id="eligibility_tests_try",
        summary="Try some rows",
        request=LayoutSerializer,
        responses={200: TriedSerializer} | CONFLICT | NO_GEOCODER,
    )
    @action(detail=True, methods=["post"], url_path="try")
    def try_some(self, request: Request, pk: str) -> Response:
        """Five from all over the file, geocoded and assessed at once; nothing is saved."""
        test = self._otherwise()
        rows = records(try_rows(test), test.score_threshold)
        return Response(TriedSerializer({"rows": rows}).data)

    def _shown(self, test: EligibilityTest) -> dict[str, Any]:
        return dict(self.get_serializer(test).data)

    def _after(self, verb: Any) -> Response:
        self.refuse_content()
        verb(self.get_object())
        return Response(self._shown(self.get_object()))

    def _otherwise(self) -> EligibilityTest:
        """The test as if the layout that is given, if any, were its own."""
        test = self.get_object()
        given = LayoutSerializer(test, data=self.request.data)
        given.is_valid(raise_exception=True)
        return with_layout(test, given.validated_data.get("layout"))
