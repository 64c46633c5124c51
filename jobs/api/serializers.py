"""A job, and a page of jobs, as JSON."""

from datetime import UTC
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from jobs.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job; its `data` and `result` are those of its `type`."""

    # Not the user: reading it would cost a query a row.
    user_id = serializers.UUIDField(read_only=True, allow_null=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "type",
            "status",
            "data",
            "result",
            "error",
            "progress",
            "user_id",
            "entity_id",
            "created_at",
            "updated_at",
            "started_at",
            "finished_at",
            "attempts",
        ]
        read_only_fields = fields

    def build_standard_field(
        self, field_name: str, model_field: Any
    ) -> tuple[type[serializers.Field[Any, Any, Any, Any]], dict[str, Any]]:
        field, options = super().build_standard_field(field_name, model_field)
        # The same text wherever the server stands.
        if issubclass(field, serializers.DateTimeField):
            options["default_timezone"] = UTC
        return field, options


class PaginationSerializer(serializers.Serializer[Any]):
    """Where a page is in the list."""

    total = serializers.IntegerField(
        min_value=0, help_text="Exact up to 10,000; beyond that an estimate (X-Total-Estimate)."
    )
    offset = serializers.IntegerField(min_value=0)
    limit = serializers.IntegerField(min_value=1)
    hasNext = serializers.BooleanField(source="has_next")  # noqa: N815


@extend_schema_serializer(many=False)
class JobPageSerializer(serializers.Serializer[Any]):
    """A page of the list of jobs."""

    jobs = JobSerializer(many=True)
    pagination = PaginationSerializer(source="*")
