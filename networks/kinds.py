"""What `load_networks` can load, and what its columns may be called."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from shapely.geometry.base import BaseGeometry

from networks.errors import MissingColumn, Unfit
from networks.models import Commune, HeatNetwork
from networks.reading import GeometryFile, Row
from networks.shapes import AREAS, LINES, Shape

Entry = Commune | HeatNetwork


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One model and how a row of a file becomes one of it."""

    name: str
    model: type[Commune] | type[HeatNetwork]
    key: str
    shape: Shape
    needs_geometry: bool
    # The fields that every file has to bring.
    required: tuple[str, ...]
    # The names a field may have in a file.
    columns: dict[str, tuple[str, ...]]

    def columns_in(self, file: GeometryFile) -> dict[str, str]:
        """Field → column, for the fields this file has."""
        # Backwards, so that of several the first is taken.
        found = {
            field: name
            for field, names in self.columns.items()
            for name in reversed(names)
            if name in file.columns
        }
        for field in self.required:
            if field not in found:
                raise MissingColumn(file.path, field, self.columns[field], file.columns)
        return found

    def entry(self, row: Row, columns: dict[str, str]) -> Entry:
        """The row as a row of the model, not saved yet; Unfit if it cannot be one."""
        values = {field: plain(row.values[column]) for field, column in columns.items()}
        given = {field: value for field, value in values.items() if value is not None}
        if self.key not in given:
            raise Unfit(f"no identifier in the column {columns[self.key]}")
        entry = self.model(**given)
        check(entry)
        entry.geometry = self.geometry(row.geometry)
        return entry

    def geometry(self, geometry: BaseGeometry | None) -> Any:
        if geometry is not None and not geometry.is_empty:
            return self.shape.of(geometry)
        if self.needs_geometry:
            raise Unfit("no geometry, or one that cannot be decoded")
        return None


def plain(value: Any) -> Any:
    """A value of a file as Python has it; None if there is none."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        value = value.strip()
    return None if value == "" or value != value else value  # NaN differs from itself


def check(entry: Entry) -> None:
    try:
        entry.clean_fields(exclude=["geometry", "id", "id_fcu"])
    except ValidationError as error:
        reasons = (f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())
        raise Unfit("; ".join(reasons).rstrip(".")) from None


COMMUNES = Kind(
    name="communes",
    model=Commune,
    key="insee",
    required=("insee", "name"),
    shape=AREAS,
    needs_geometry=True,
    columns={"insee": ("code", "insee", "INSEE_COM"), "name": ("nom", "name", "NOM")},
)
HEAT_NETWORKS = Kind(
    name="heat-networks",
    model=HeatNetwork,
    key="sncu",
    required=("sncu",),
    shape=LINES,
    # A network may be known before its trace is.
    needs_geometry=False,
    columns={
        "sncu": ("id", "sncu", "Identifiant reseau"),
        "name": ("nom", "name", "nom_reseau"),
        "manager": ("gestionnaire", "manager", "Gestionnaire"),
        "taux_enrr": ("taux_enrr", "Taux EnR&R"),
        "url": ("url",),
    },
)
KINDS = {kind.name: kind for kind in (COMMUNES, HEAT_NETWORKS)}
