"""An eligibility test as JSON, and what may be said of one."""

from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from jobs.api.job_schema import PROGRESS
from jobs.models import Job
from pro_eligibility.api.layout_field import LayoutField
from pro_eligibility.api.row_serializers import (
    CountsSerializer,
    ExactPaginationSerializer,
    RowSerializer,
)
from pro_eligibility.api.times import MODEL_FIELDS
from pro_eligibility.models import EligibilityTest
from pro_eligibility.models.eligibility_test import LONGEST_NAME, Stage
from pro_eligibility.results import eligible_count, outcome_counts, verdict_counts


class RunErrorSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="As of a job's `error`.")
    message = serializers.CharField()


@extend_schema_field(PROGRESS)
class ProgressField(serializers.JSONField):
    """As of a job."""


class RunSerializer(serializers.ModelSerializer[Job]):
    """The last job of a test: how far it is, or why it failed."""

    progress = ProgressField(read_only=True)
    error = RunErrorSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Job
        fields = ["id", "status", "progress", "error"]
        read_only_fields = fields


class TestSerializer(serializers.ModelSerializer[EligibilityTest]):
    """A file of addresses, and how far it is."""

    serializer_field_mapping = MODEL_FIELDS
    user_id = serializers.UUIDField(read_only=True)
    stage = serializers.ChoiceField(choices=get_args(Stage), read_only=True)
    job = RunSerializer(read_only=True, allow_null=True)

    class Meta:
        model = EligibilityTest
        fields = [
            "id",
            "name",
            "user_id",
            "stage",
            "row_count",
            "score_threshold",
            "wants_mail",
            "has_unseen_results",
            "has_unseen_changes",
            "data_version",
            "created_at",
            "updated_at",
            "estimated_end_at",
            "completed_at",
            "purged_at",
            "job",
        ]
        read_only_fields = fields


class TestDetailSerializer(TestSerializer):
    """A test with how its file is read, and how many rows became what so far."""

    layout = LayoutField(read_only=True)
    columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    notes = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="What was noticed when the file was uploaded.",
    )
    counts = serializers.SerializerMethodField()

    class Meta(TestSerializer.Meta):
        fields = [*TestSerializer.Meta.fields, "layout", "columns", "notes", "counts"]
        read_only_fields = fields

    @extend_schema_field(CountsSerializer)
    def get_counts(self, test: EligibilityTest) -> dict[str, Any]:
        return counts_of(test, test.score_threshold)


@extend_schema_serializer(many=False)
class TestPageSerializer(serializers.Serializer[Any]):
    """A page of tests, the newest first."""

    tests = TestSerializer(many=True)
    pagination = ExactPaginationSerializer()


class PreviewSerializer(serializers.Serializer[Any]):
    """The first rows of the file under a layout."""

    columns = serializers.ListField(child=serializers.CharField())
    titles = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The lines above the header, which are left out.",
    )
    row_count = serializers.IntegerField()
    rows = RowSerializer(many=True)


class UploadedSerializer(TestDetailSerializer):
    """A new test, with its first rows as they will be read."""

    preview = PreviewSerializer(read_only=True)

    class Meta(TestDetailSerializer.Meta):
        fields = [*TestDetailSerializer.Meta.fields, "preview"]
        read_only_fields = fields


class TriedSerializer(serializers.Serializer[Any]):
    """Some rows, with what they would become."""

    rows = RowSerializer(many=True)


class Strict(serializers.Serializer[Any]):
    """Refuses what it does not know, which would otherwise be lost without a word."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if hasattr(data, "keys") else set()
        if unknown:
            says = f"Unknown field; this takes {', '.join(sorted(self.fields))}."
            raise serializers.ValidationError({name: [says] for name in sorted(unknown)})
        return super().to_internal_value(data)


class UploadSerializer(Strict):
    """The file: CSV, TXT, XLSX or ODS."""

    file = serializers.FileField(allow_empty_file=True)
    name = serializers.CharField(
        max_length=LONGEST_NAME, required=False, help_text="Unless given, that of the file."
    )
    wants_mail = serializers.BooleanField(
        default=False, help_text="Whether its owner is told by e-mail when it is done."
    )


class ChangesSerializer(Strict, serializers.ModelSerializer[EligibilityTest]):
    """What may be changed of a test; the layout only before its first start."""

    layout = LayoutField(required=False)

    class Meta:
        model = EligibilityTest
        fields = ["name", "wants_mail", "score_threshold", "layout"]


class LayoutSerializer(Strict):
    """How the file would be read; what is not given is as it is now."""

    layout = LayoutField(required=False)


def counts_of(test: EligibilityTest, threshold: int) -> dict[str, Any]:
    return {
        "threshold": threshold,
        "outcomes": outcome_counts(test, threshold),
        "types": verdict_counts(test),
        "eligible": eligible_count(test),
    }
