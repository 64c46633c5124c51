"""The rows of a test as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from jobs.api.serializers import PaginationSerializer
from pro_eligibility.api.times import MODEL_FIELDS
from pro_eligibility.eligibility.verdict import EligibilityType
from pro_eligibility.models import Assessment, Outcome


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """What is said of a place, and how it differs from what was said before."""

    serializer_field_mapping = MODEL_FIELDS

    class Meta:
        model = Assessment
        exclude = ["id", "row", "job_id"]


class RowSerializer(serializers.Serializer[Any]):
    """A row of the file. Where it is a duplicate, all from `label` on is of the row it repeats."""

    number = serializers.IntegerField(source="row.number", help_text="From 1, as in the file.")
    cells = serializers.ListField(child=serializers.CharField(), source="row.cells")
    query = serializers.CharField(source="row.query", help_text="What the geocoder is asked.")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.CharField(help_text="Why, in a sentence.")
    duplicate_of = serializers.IntegerField(
        source="row.duplicate_of.number", default=None, allow_null=True
    )
    label = serializers.CharField(  # type: ignore[assignment]  # also a property of DRF
        source="place.label", help_text="The address that was found."
    )
    score = serializers.IntegerField(source="place.score", allow_null=True, help_text="In %.")
    citycode = serializers.CharField(source="place.citycode")
    longitude = serializers.FloatField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    result = AssessmentSerializer(allow_null=True)


class RowHistorySerializer(RowSerializer):
    """A row with all that was ever said of it, the newest first."""

    history = AssessmentSerializer(many=True)


class ExactPaginationSerializer(PaginationSerializer):
    """Where a page is in the list, which was counted."""

    total = serializers.IntegerField(min_value=0)


@extend_schema_serializer(many=False)
class RowPageSerializer(serializers.Serializer[Any]):
    """A page of rows."""

    rows = RowSerializer(many=True)
    pagination = ExactPaginationSerializer()


class CountsSerializer(serializers.Serializer[Any]):
    """How many rows became what."""

    threshold = serializers.IntegerField(help_text="The least score that is ok, in %.")
    outcomes = serializers.DictField(
        child=serializers.IntegerField(), help_text="Rows by outcome, each named."
    )
    types = serializers.DictField(
        child=serializers.IntegerField(), help_text="Located rows by eligibility, if there are any."
    )
    eligible = serializers.IntegerField()


class PointSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(default="Point")
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)


class PlacePropertiesSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # also a property of DRF
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    type = serializers.ChoiceField(choices=EligibilityType.choices, allow_null=True)
    eligible = serializers.BooleanField(allow_null=True)


class PlaceSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(default="Feature")
    geometry = PointSerializer()
    properties = PlacePropertiesSerializer()


class PlacesSerializer(serializers.Serializer[Any]):
    """GeoJSON: located rows, and whether there are more than were asked for."""

    type = serializers.CharField(default="FeatureCollection")
    features = PlaceSerializer(many=True)
    truncated = serializers.BooleanField()
