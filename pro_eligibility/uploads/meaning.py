"""Which columns of a table hold the addresses or the coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pro_eligibility.uploads.addresses import has_postcode, looks_like_address, share
from pro_eligibility.uploads.names import Role, role_of
from pro_eligibility.uploads.points import Points, best_points

NEARLY_ALL, HALF = 0.95, 0.5
JOINED: list[Role] = ["number", "kind", "street", "postcode", "city"]


@dataclass(frozen=True)
class Meaning:
    """The fields of a Layout that say what the columns mean, and what its owner should know."""

    fields: dict[str, Any]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sample:
    """The first rows of a table, ragged as they are; its names are None if it has no header."""

    names: list[str] | None
    rows: list[list[str]]

    @property
    def width(self) -> int:
        return len(self.names) if self.names else max(map(len, self.rows), default=0)

    def role(self, column: int) -> Role | None:
        return role_of(self.names[column]) if self.names else None

    def columns(self, role: Role) -> list[int]:
        return [column for column in range(self.width) if self.role(column) == role]

    def filled(self, column: int) -> list[str]:
        return [cell for row in self.rows if column < len(row) and (cell := row[column].strip())]


def meaning_of(sample: Sample) -> Meaning | None:
    """None if there is neither an address nor a coordinate."""
    points = best_points([sample.role(n) for n in range(sample.width)], sample.rows)
    addresses = address_columns(sample)
    if points and (not addresses or points.valid >= NEARLY_ALL):
        return with_points(points, bool(addresses))
    if not addresses:
        return None
    notes = []
    if points:
        notes.append(
            _(
                "The addresses are used: only {share} % of the rows have coordinates in France."
            ).format(share=round(points.valid * 100))
        )
    return Meaning({"mode": "address", "address_columns": addresses}, notes)


def with_points(points: Points, has_addresses: bool) -> Meaning:
    notes = []
    if has_addresses:
        notes.append(_("The coordinates are used, not the addresses."))
    if points.swapped:
        notes.append(
            _("The columns of latitude and longitude are swapped, to judge by their values; "
              "they are read the right way round.")
        )  # fmt: skip
    if points.crs == "EPSG:2154":
        notes.append(_("The coordinates are metres in Lambert-93 (EPSG:2154)."))
    return Meaning(points.fields(), notes)


def address_columns(sample: Sample) -> list[int]:
    """In the order in which they are joined."""
    address = main_address(sample)
    if address is None:
        return parts_of_address(sample)
    if is_whole(sample.filled(address)):
        return [address]
    postcode, city = (nearest(sample.columns(role), address) for role in ("postcode", "city"))
    return [address, *(column for column in (postcode, city) if column is not None)]


def main_address(sample: Sample) -> int | None:
    """The column of that name; of several, the one that looks most like it; else by content."""
    if named := sample.columns("address"):
        return max(named, key=lambda column: round(likeness(sample, column), 1))
    if sample.columns("street"):
        return None
    likely = max(range(sample.width), key=lambda column: likeness(sample, column), default=None)
    return likely if likely is not None and likeness(sample, likely) >= HALF else None


def likeness(sample: Sample, column: int) -> float:
    return share(map(looks_like_address, sample.filled(column)))


def is_whole(cells: Sequence[str]) -> bool:
    return share(map(has_postcode, cells)) >= HALF


def parts_of_address(sample: Sample) -> list[int]:
    streets = sample.columns("street")
    if not streets:
        return []
    street = streets[0]
    if is_whole(sample.filled(street)):
        return [street]
    roles = JOINED
    if share(cell[0].isdigit() for cell in sample.filled(street)) >= HALF:
        roles = ["street", "postcode", "city"]
    found = (nearest(sample.columns(role), street) for role in roles)
    return [column for column in found if column is not None]


def nearest(columns: list[int], to: int) -> int | None:
    """A postcode belongs to the address it stands next to."""
    return min(columns, key=lambda column: abs(column - to), default=None)
