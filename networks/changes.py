"""What one transaction changed: of which kinds, and where addresses feel it."""

from networks.affected import Box, Cell, boxes_around, cells_of
from networks.crossing import Communes
from networks.kinds import Kind
from networks.models import ColdNetwork, HeatNetwork, NetworkUnderConstruction
from networks.models.placed import Placed
from networks.perimeters import perimeters_of


class Changes:
    """Told of each row as it was, and as it is; it keeps no shapes, so there may be many."""

    def __init__(self, communes: Communes) -> None:
        self.kinds: set[str] = set()
        self._communes = communes
        self._cells: set[Cell] = set()
        # Codes of communes that a heat network serves by being somewhere in them.
        self._served: set[str] = set()
        # What perimeters name networks by.
        self._numbers: set[str] = set()
        self._heat: set[int] = set()
        self._under_construction: set[int] = set()

    def add(self, kind: Kind, row: Placed | None) -> None:
        """One state of a row of this kind; None before it was there, or after."""
        if row is None:
            return
        self.kinds.add(kind.name)
        if isinstance(row, ColdNetwork):
            return  # No address can be connected to it.
        if row.geometry is not None:
            self._cells.update(cells_of(row.geometry))
        if isinstance(row, HeatNetwork):
            self._add_heat(row)
        if isinstance(row, NetworkUnderConstruction):
            self._under_construction.add(row.pk)

    def add_kind(self, kind: Kind) -> None:
        """Something of this kind changed that no address feels."""
        self.kinds.add(kind.name)

    def boxes(self) -> list[Box]:
        """Where addresses may have another answer now."""
        cells = set(self._cells)
        for area in self._communes.areas_of(self._served):
            cells.update(cells_of(area))
        # The answer in a perimeter rests on its networks, however far away they are.
        for area in perimeters_of(self._numbers, self._heat, self._under_construction):
            cells.update(cells_of(area))
        return boxes_around(cells)

    def _add_heat(self, row: HeatNetwork) -> None:
        self._numbers.add(row.sncu)
        self._heat.add(row.pk)
        if row.geometry is None:
            self._served.update(row.communes_insee)
