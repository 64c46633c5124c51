"""A file of geometries becomes rows: all that fit, and what follows, in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone

from jobs.models import Job
from networks.changes import Changes
from networks.crossing import Communes, computed
from networks.errors import Unfit, UnreadableFile
from networks.following import enqueue_following
from networks.kinds import HEAT_NETWORKS, Entry, Kind
from networks.models.placed import Placed
from networks.perimeters import refresh_has_pdp
from networks.reading import GeometryFile, Row
from networks.writing import move_numbers_beyond, one_writer


class Rejected(NamedTuple):
    """A row of the file, counted from 1, that was left out."""

    row: int
    reason: str


@dataclass
class Report:
    """What a load did, and the jobs that follow, in their order."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + len(self.rejected)


def load(path: Path, kind: Kind) -> Report:
    """Create or update a row of the model for each row of the file; what it lacks is kept.

    Enqueues what follows, except from communes. Raises UnreadableFile; then nothing was written.
    """
    file = GeometryFile.open(path)
    columns = kind.columns_in(file)
    with one_writer():
        load = (LoadOfPlaces if issubclass(kind.model, Placed) else Load)(kind, columns)
        for rows in file.rows():
            load.add(rows)
        load.finish()
    if not load.report.rows:
        raise UnreadableFile(path, "it has no rows.")
    return load.report


class Load:
    """One file on its way into its table."""

    def __init__(self, kind: Kind, columns: dict[str, str]) -> None:
        self.kind, self.columns = kind, columns
        # What is compared, and what is written where it differs.
        self.fields = [*(field for field in columns if field != "id_fcu"), "geometry"]
        self.written = self.fields
        self.report = Report()
        self._rows: dict[str, int] = {}  # the row of each identifier met so far

    def add(self, rows: Iterable[Row]) -> None:
        entries = [entry for row in rows if (entry := self._entry(row))]
        present = self._present(entries)
        for entry in entries:
            self._keep(entry, present.get(self._key(entry)))
        changed = [entry for entry in entries if self._differs(entry, present)]
        updated = sum(self._key(entry) in present for entry in changed)
        self._complete(changed, present)
        self._save(changed)
        self.report.created += len(changed) - updated
        self.report.updated += updated
        self.report.unchanged += len(entries) - len(changed)

    def finish(self) -> None:
        """What remains to be done once all rows are added."""

    def _entry(self, row: Row) -> Entry | None:
        try:
            entry = self.kind.entry(row, self.columns)
            first = self._rows.setdefault(self._key(entry), row.number)
            if first != row.number:
                raise Unfit(f"identifier {self._key(entry)} is that of row {first} too")
            self._identify(entry)
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

    def _identify(self, entry: Entry) -> None:
        """Raise Unfit if it is not who it says."""

    def _keep(self, entry: Entry, known: Entry | None) -> None:
        """Take over what the file does not say."""

    def _complete(self, entries: list[Entry], present: dict[str, Entry]) -> None:
        """Add what follows from the rest."""

    def _save(self, entries: list[Entry]) -> None:
        self.kind.model._base_manager.bulk_create(
            entries,  # type: ignore[arg-type]
            update_conflicts=True,
            unique_fields=[self.kind.key],
            update_fields=self.written,
            batch_size=1_000,
        )

    def _key(self, entry: Entry) -> str:
        return str(getattr(entry, self.kind.key))


class LoadOfPlaces(Load):
    """A file of what has a number, and a place from which more follows."""

    def __init__(self, kind: Kind, columns: dict[str, str]) -> None:
        super().__init__(kind, columns)
        self.model: type[Placed] = kind.model  # type: ignore[assignment]
        self.computed = computed(self.model)
        self.written = [*dict.fromkeys([*self.fields, *self.computed, "geometry_changed_at"])]
        self.communes = Communes()
        self.changes = Changes(self.communes)
        numbers = self.model._base_manager.values_list(kind.key, "id_fcu")
        self._numbers = {str(key): number for key, number in numbers}
        self._owners = {number: key for key, number in self._numbers.items()}

    def finish(self) -> None:
        if refresh_has_pdp():
            self.changes.add_kind(HEAT_NETWORKS)
        self.report.jobs = enqueue_following(self.changes.kinds, self.changes.boxes(), by=None)

    def _identify(self, entry: Any) -> None:
        key, number = self._key(entry), entry.id_fcu
        if number is None:
            return
        if self._numbers.setdefault(key, number) != number:
            raise Unfit(f"id_fcu: it is {self._numbers[key]} here, and {number} in the file")
        if self._owners.setdefault(number, key) != key:
            raise Unfit(f"id_fcu: {number} is that of {self._owners[number]}")

    def _keep(self, entry: Any, known: Any) -> None:
        given = entry.communes_insee
        for name in [*self.computed, "geometry_changed_at"] if known else []:
            setattr(entry, name, getattr(known, name))
        if "communes_insee" in self.columns:
            # A geometry says better what it crosses.
            traced = known is not None and entry.geometry is not None
            entry.communes_insee = known.communes_insee if traced else sorted(set(given))

    def _complete(self, entries: list[Any], present: dict[str, Any]) -> None:
        self.communes.fill(entries)
        for entry in entries:
            former = present.get(self._key(entry))
            if entry.geometry != (former and former.geometry):
                entry.geometry_changed_at = timezone.now()
            self.changes.add(self.kind, former)

    def _save(self, entries: list[Any]) -> None:
        # First, because rows without a number may stand beside others in one file.
        move_numbers_beyond(self.model, max(self._owners, default=1))
        super()._save(entries)
        for entry in entries:
            self._owners[entry.id_fcu] = self._key(entry)
            self.changes.add(self.kind, entry)
