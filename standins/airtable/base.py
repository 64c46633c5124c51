"""The base: its tables, and what the key may do with them."""

from collections.abc import Collection, Sequence
from threading import RLock
from typing import Any, Literal, get_args

from standins.airtable import errors
from standins.airtable.schema import TableSchema
from standins.airtable.table import Table

# Constants, so that a process can be told.
KEY = "patMadeUp.and-of-no-use-elsewhere"
BASE = "appStandin0000001"
BASE_NAME = "Stand-in"
USER = "usrStandin0000001"

Permission = Literal["read", "comment", "edit", "create"]
READ, WRITE, SCHEMA = "data.records:read", "data.records:write", "schema.bases:read"
SCOPES = frozenset([READ, WRITE, SCHEMA])


class Base:
    def __init__(self, schema: Sequence[TableSchema]) -> None:
        self.lock = RLock()  # held by each request for as long as it reads or writes
        self.tables = [Table(one, self.lock) for one in schema]
        self.permission: Permission | None = "create"
        self.scopes: Collection[str] = SCOPES

    def grant(self, permission: Permission | None) -> None:
        known = get_args(Permission)
        if permission is not None and permission not in known:
            raise ValueError(f"{permission!r}; expected one of {', '.join(known)}, or None.")
        self.permission = permission

    def table(self, name: str) -> Table:
        if found := self.find_table(name):
            return found
        known = ", ".join(one.name for one in self.tables)
        raise ValueError(f"There is no table {name!r}; there are: {known}.")

    def find_table(self, name_or_id: str) -> Table | None:
        return next((one for one in self.tables if name_or_id in (one.id, one.name)), None)

    def require(self, scope: str) -> None:
        """Raises ApiError unless the key was given this scope."""
        if scope not in self.scopes:
            raise errors.forbidden()

    def open(self, base_id: str, scope: str) -> None:
        """Raises ApiError unless the key may do this with the base."""
        self.require(scope)
        may_write = self.permission in ("edit", "create")
        if base_id != BASE or self.permission is None or (scope == WRITE and not may_write):
            raise errors.forbidden()

    def listed(self) -> list[dict[str, Any]]:
        """The bases that the key was given: this one, or none."""
        if self.permission is None:
            return []
        return [{"id": BASE, "name": BASE_NAME, "permissionLevel": self.permission}]
