"""A file of geometries becomes rows: all that fit, in one transaction, with a report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from networks.errors import Unfit, UnreadableFile
from networks.kinds import Entry, Kind
from networks.reading import GeometryFile, Row


class Rejected(NamedTuple):
    """A row of the file, counted from 1, that was left out."""

    row: int
    reason: str


@dataclass
class Report:
    """What a load did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + len(self.rejected)


def load(path: Path, kind: Kind) -> Report:
    """Create or update a row of the model for each row of the file; what it lacks is kept.

    Raises UnreadableFile, and then nothing was written.
    """
    file = GeometryFile.open(path)
    load = Load(kind, kind.columns_in(file))
    with transaction.atomic():
        for rows in file.rows():
            load.add(rows)
    if not load.report.rows:
        raise UnreadableFile(path, "it has no rows.")
    return load.report


class Load:
    """One file on its way into its table."""

    def __init__(self, kind: Kind, columns: dict[str, str]) -> None:
        self.kind, self.columns = kind, columns
        self.fields = [*columns, "geometry"]
        self.report = Report()
        self._rows: dict[str, int] = {}  # the row of each identifier met so far

    def add(self, rows: Iterable[Row]) -> None:
        entries = [entry for row in rows if (entry := self._entry(row))]
        present = self._present(entries)
        changed = [entry for entry in entries if self._differs(entry, present)]
        updated = sum(self._key(entry) in present for entry in changed)
        self._save(changed)
        self.report.created += len(changed) - updated
        self.report.updated += updated
        self.report.unchanged += len(entries) - len(changed)

    def _entry(self, row: Row) -> Entry | None:
        try:
            entry = self.kind.entry(row, self.columns)
            first = self._rows.setdefault(self._key(entry), row.number)
            if first != row.number:
                raise Unfit(f"identifier {self._key(entry)} is that of row {first} too")
        except Unfit as why:
            self.report.rejected.append(Rejected(row.number, str(why)))
            return None
        return entry

    def _present(self, entries: list[Entry]) -> dict[str, Entry]:
        keys = [self._key(entry) for entry in entries]
        # _base_manager is typed for both models at once.
        known = self.kind.model._base_manager.filter(**{f"{self.kind.key}__in": keys})
        return {self._key(entry): entry for entry in known}

    def _differs(self, entry: Entry, present: dict[str, Entry]) -> bool:
        known = present.get(self._key(entry))
        return known is None or any(
            getattr(entry, name) != getattr(known, name) for name in self.fields
        )

    def _save(self, entries: list[Entry]) -> None:
        # In the order of the key, so that two loads at once wait for each other in turn.
        self.kind.model._base_manager.bulk_create(
            sorted(entries, key=self._key),  # type: ignore[arg-type]
            update_conflicts=True,
            unique_fields=[self.kind.key],
            update_fields=self.fields,
            batch_size=1_000,
        )

    def _key(self, entry: Entry) -> str:
        return str(getattr(entry, self.kind.key))
