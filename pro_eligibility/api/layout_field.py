"""How a file is read, as JSON: what is not given stays as it is."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from pydantic import ValidationError as Invalid
from rest_framework import serializers

from jobs.errors import InvalidPayload
from pro_eligibility.uploads.layout import Layout


@extend_schema_field(Layout)  # type: ignore[arg-type]  # drf_spectacular.contrib.pydantic
class LayoutField(serializers.Field[Any, Any, Any, Any]):
    """Shown whole; given, it may be a part of it."""

    def to_representation(self, value: Layout) -> dict[str, Any]:
        return value.model_dump()

    def to_internal_value(self, data: Any) -> Layout:
        if not isinstance(data, dict):
            raise serializers.ValidationError("It takes an object.")
        assert self.parent.instance  # the test
        before = self.parent.instance.layout.model_dump()
        try:
            return Layout.model_validate(before | data, extra="forbid")
        except Invalid as error:
            fields = InvalidPayload.of("layout", error, Layout.model_fields).fields
            raise serializers.ValidationError(fields) from None
