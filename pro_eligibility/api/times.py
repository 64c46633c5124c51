"""Times that read the same wherever the server stands."""

from datetime import UTC
from typing import Any

from django.db import models
from rest_framework import serializers


class UTCField(serializers.DateTimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


MODEL_FIELDS = serializers.ModelSerializer.serializer_field_mapping | {
    models.DateTimeField: UTCField
}
