"""What may be in a request, as models: what they don't know is refused, as the service does."""

import re
from collections import defaultdict
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from standins.airtable import errors


class Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    @classmethod
    def of(cls, content: dict[str, Any]) -> Self:
        try:
            return cls.model_validate(content)
        except ValidationError:
            raise errors.invalid_request() from None


class Sort(Body):
    field: str
    direction: Literal["asc", "desc"] = "asc"


class Reading(Body):
    """How records are to be shown."""

    return_fields_by_field_id: bool = False
    cell_format: Literal["json", "string"] = "json"
    time_zone: str = ""
    user_locale: str = ""

    @model_validator(mode="after")
    def text_is_of_a_place(self) -> Self:
        if self.cell_format == "string" and not (self.time_zone and self.user_locale):
            raise ValueError("cellFormat=string needs timeZone and userLocale.")
        return self


class Listing(Reading):
    page_size: int = Field(100, ge=1, le=100)
    max_records: int | None = Field(None, ge=1)
    offset: str = ""
    fields: list[str] | None = None
    sort: list[Sort] = []
    view: str = ""
    filter_by_formula: str = ""
    record_metadata: list[Literal["commentCount"]] = []


class Written(Body):
    id: str | None = None
    fields: dict[str, Any]


class Upsert(Body):
    fields_to_merge_on: list[str] = Field(min_length=1, max_length=3)


class Batch(Body):
    records: list[Written] = Field(min_length=1, max_length=10)
    typecast: bool = False
    return_fields_by_field_id: bool = False
    perform_upsert: Upsert | None = None

    @classmethod
    def of_one(cls, content: dict[str, Any], record_id: str | None = None) -> Self:
        """From the body that writes a single record."""
        rest = {name: value for name, value in content.items() if name != "fields"}
        if "records" in rest or "performUpsert" in rest:
            raise errors.invalid_request()
        return cls.of(rest | {"records": [{"id": record_id, "fields": content.get("fields")}]})


def options_of(query: list[tuple[str, str]]) -> dict[str, Any]:
    """The same as a body has them, from `fields[]=…&sort[0][field]=…`."""
    options: dict[str, Any] = {}
    sorts: dict[str, dict[str, str]] = defaultdict(dict)
    for name, value in query:
        if found := re.fullmatch(r"(fields|recordMetadata)\[\d*\]", name):
            options.setdefault(found[1], []).append(value)
        elif found := re.fullmatch(r"sort\[(\d+)\]\[(\w+)\]", name):
            sorts[found[1]][found[2]] = value
        else:
            options[name] = value
    return options | ({"sort": [sorts[place] for place in sorted(sorts, key=int)]} if sorts else {})
