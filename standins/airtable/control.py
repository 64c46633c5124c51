"""What tests and the demo ask of the stand-in itself, beside the API."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from standins.airtable.base import Base


class Change(BaseModel):
    """What a person edits in one record, or in those where columns have these values."""

    model_config = ConfigDict(extra="forbid")

    table: str
    record: str = ""
    where: dict[str, Any] = {}
    fields: dict[str, Any]

    def apply(self, base: Base) -> list[str]:
        """The ids of the records that were changed. Raises ValueError if there is none."""
        with base.lock:
            table = base.table(self.table)
            records = [self.record] if self.record else table.where(self.where)
            if not records:
                raise ValueError(f"No record of {self.table!r} is where {self.where}.")
            for record in records:
                table.change(record, self.fields)
        return records
