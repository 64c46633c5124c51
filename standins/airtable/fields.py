"""A field of a table: what it is called, what it takes."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from standins.airtable.ids import made_up
from standins.airtable.schema import FieldSchema

TEXTS = frozenset(["singleLineText", "multilineText", "richText", "url", "email", "phoneNumber"])
NUMBERS = frozenset(["number", "percent", "currency", "rating", "duration"])
SELECTS = frozenset(["singleSelect", "multipleSelects"])
COMPUTED = frozenset(
    [
        "aiText",
        "autoNumber",
        "button",
        "count",
        "createdBy",
        "createdTime",
        "externalSyncSource",
        "formula",
        "lastModifiedBy",
        "lastModifiedTime",
        "multipleLookupValues",
        "rollup",
    ]
)
# By which an upsert may find its records.
MERGEABLE = frozenset(
    ["number", "singleLineText", "multilineText", "singleSelect", "multipleSelects", "date"]
)
ISO_DATE = {"name": "iso", "format": "YYYY-MM-DD"}
USUAL_OPTIONS: dict[str, dict[str, Any]] = {
    "number": {"precision": 8},
    "percent": {"precision": 8},
    "currency": {"precision": 2, "symbol": "€"},
    "checkbox": {"icon": "check", "color": "greenBright"},
    "date": {"dateFormat": ISO_DATE},
    "dateTime": {
        "dateFormat": ISO_DATE,
        "timeFormat": {"name": "24hour", "format": "HH:mm"},
        "timeZone": "utc",
    },
    "singleSelect": {"choices": []},
    "multipleSelects": {"choices": []},
    "multipleAttachments": {"isReversed": False},
    "formula": {"isValid": True, "formula": ""},
}


@dataclass
class Field:
    id: str
    name: str
    type: str
    options: dict[str, Any]

    @classmethod
    def of(cls, schema: FieldSchema, table: str) -> "Field":
        name, type = schema["name"], schema["type"]
        options = deepcopy(USUAL_OPTIONS.get(type, {}) | schema.get("options", {}))
        field = cls(schema.get("id") or made_up("fld", table, name), name, type, options)
        for choice in options.get("choices", []):
            choice.setdefault("id", field.choice_id(choice["name"]))
        return field

    @property
    def is_computed(self) -> bool:
        return self.type in COMPUTED

    @property
    def choices(self) -> list[str]:
        return [choice["name"] for choice in self.options["choices"]]

    def learn(self, cell: Any) -> None:
        """Make the options that a select is about to hold for the first time."""
        if self.type not in SELECTS or cell is None:
            return
        for name in cell if isinstance(cell, list) else [cell]:
            if name not in self.choices:
                self.options["choices"].append({"id": self.choice_id(name), "name": name})

    def choice_id(self, name: str) -> str:
        return made_up("sel", self.id, name)

    def described(self) -> dict[str, Any]:
        described = {"id": self.id, "name": self.name, "type": self.type}
        return described | ({"options": deepcopy(self.options)} if self.options else {})
