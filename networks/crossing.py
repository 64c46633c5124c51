"""What follows from a geometry: the communes it crosses, and how long it is."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import shapely

from jobs.models import Job
from networks.following import enqueue_following
from networks.geometry import Geometries
from networks.kinds import PLACED_KINDS
from networks.models import Commune
from networks.models.placed import Network, Placed
from networks.territory import departements_of
from networks.writing import one_writer

# So far inside a commune a network has to come, in metres: to touch a border is not to cross it.
INSIDE = 150
# What `fill` computes; length_m is of networks alone.
COMPUTED = ("communes_insee", "communes", "departement", "region")
ROWS_AT_ONCE = 500

Indices = npt.NDArray[np.intp]


class Recomputed(NamedTuple):
    """How many rows changed, and the jobs that follow, in their order."""

    changed: int
    jobs: list[Job]


def computed(model: type[Placed]) -> list[str]:
    """The fields of this model that `Communes.fill` fills in."""
    return [*COMPUTED, "length_m"] if issubclass(model, Network) else [*COMPUTED]


def compute_crossings() -> Recomputed:
    """Fill in all that is stored, and enqueue what follows, in one transaction."""
    with one_writer():
        communes = Communes()
        changed = {
            name: refill(cast(type[Placed], kind.model), communes)
            for name, kind in PLACED_KINDS.items()
        }
        kinds = [name for name, count in changed.items() if count]
        # No boxes: of what has a trace, the communes that it crosses decide about no address.
        return Recomputed(sum(changed.values()), enqueue_following(kinds, [], by=None))


def refill(model: type[Placed], communes: "Communes") -> int:
    changed, fields = 0, computed(model)
    rows = model._default_manager.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        before = [[getattr(row, name) for name in fields] for row in batch]
        communes.fill(batch)
        differing = [
            row
            for row, values in zip(batch, before, strict=True)
            if values != [getattr(row, name) for name in fields]
        ]
        model._default_manager.bulk_update(differing, fields)
        changed += len(differing)
    return changed


class Communes:
    """All communes as they are now, to look places up in."""

    def __init__(self) -> None:
        rows = list(Commune.objects.order_by("insee").values_list("insee", "name", "geometry"))
        self.names = {insee: name for insee, name, _ in rows}
        self._areas: Geometries = np.array([area for *_, area in rows], dtype=object)
        self._codes = np.array([insee for insee, *_ in rows], dtype=object)
        self._insides: Geometries = np.full(len(rows), None, dtype=object)
        self._tree = shapely.STRtree(self._areas)

    def fill(self, rows: Sequence[Placed]) -> None:
        """Set what follows from the geometry of each, without saving it.

        What has no geometry keeps the communes it was given.
        """
        drawn = [row for row in rows if row.geometry is not None]
        found = self.crossed(np.array([row.geometry for row in drawn], dtype=object))
        for row, codes in zip(drawn, found, strict=True):
            row.communes_insee = codes
        for row in rows:
            self._name(row)
            if isinstance(row, Network):
                row.length_m = length(row.geometry)

    def crossed(self, geometries: Geometries) -> list[list[str]]:
        """The codes of the communes that each geometry enters; if none, of those it touches."""
        # Part by part, because the box around a whole network covers communes it never meets.
        parts, owners = shapely.get_parts(geometries, return_index=True)
        part, commune = self._tree.query(parts)
        owner = owners[part]
        enters = shapely.intersects(self._inside(commune), parts[part])
        left = ~np.isin(owner, owner[enters])
        touches = np.zeros(len(owner), dtype=bool)
        touches[left] = shapely.intersects(self._areas[commune[left]], parts[part[left]])
        found: list[list[str]] = [[] for _ in geometries]
        pairs = np.column_stack([owner, commune])[enters | touches]
        for one, index in np.unique(pairs, axis=0):
            found[one].append(self._codes[index])
        return found

    def areas_of(self, codes: Iterable[str]) -> Geometries:
        """Where these communes are, as far as they are loaded."""
        return self._areas[np.isin(self._codes, list(codes))]

    def _inside(self, communes: Indices) -> Geometries:
        """The communes without their borders, shrunk once and only where something is near."""
        new = [index for index in np.unique(communes) if self._insides[index] is None]
        self._insides[new] = shapely.buffer(self._areas[new], -INSIDE)
        shapely.prepare(self._areas[new])
        shapely.prepare(self._insides[new])
        return self._insides[communes]

    def _name(self, row: Placed) -> None:
        codes: list[Any] = sorted(set(row.communes_insee))
        row.communes_insee = codes
        # A commune that is not loaded goes by its code, so that names and codes stay in step.
        row.communes = [self.names.get(code, code) for code in codes]
        departements = list(departements_of(codes))
        row.departement = joined(one.name for one in departements)
        row.region = joined(one.region for one in departements)


def joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def length(geometry: Any) -> float | None:
    """In metres; None of an area, or of nothing."""
    return None if geometry is None or shapely.get_dimensions(geometry) != 1 else geometry.length
