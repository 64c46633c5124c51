"""All networks under one sequence of numbers, so that arrays can speak of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from networks.models import DevelopmentPerimeter, HeatNetwork, NetworkUnderConstruction
from pro_eligibility.eligibility.facts import NetworkFacts
from pro_eligibility.eligibility.found import Flags
from pro_eligibility.eligibility.pieces import Numbers, Pieces, has_place
from pro_eligibility.eligibility.thresholds import Thresholds, thresholds_of


class Links(NamedTuple):
    """The numbers of the networks that a perimeter names, as far as they are known."""

    heat: list[int]
    future: list[int]


class Catalogue:
    """Heat networks, then those under construction, each by id_fcu: the order that decides ties.

    The perimeters follow: a verdict rests on one that names no network that is known.
    """

    def __init__(
        self,
        heat_networks: Iterable[HeatNetwork],
        under_construction: Iterable[NetworkUnderConstruction],
        perimeters: Iterable[DevelopmentPerimeter],
    ) -> None:
        heat = sorted(heat_networks, key=lambda row: row.id_fcu)
        future = sorted(under_construction, key=lambda row: row.id_fcu)
        areas = sorted(perimeters, key=lambda row: row.id_fcu)
        self.first_future = len(heat)
        self.first_perimeter = len(heat) + len(future)
        self.facts = [NetworkFacts.of_heat(row) for row in heat]
        self.facts += [NetworkFacts.of_future(row) for row in future]
        self.facts += [NetworkFacts(sncu=row.sncu) for row in areas]
        # So that -1, which stands for no network, has facts too.
        self.facts.append(NetworkFacts())
        self.pieces = Pieces.of([row.geometry for row in (*heat, *future)])
        self._enter_heat(heat)
        self._enter_future(future)
        self.links = [self._links(row) for row in areas]

    def _enter_heat(self, rows: list[HeatNetwork]) -> None:
        self.open_heat: dict[Thresholds, list[int]] = defaultdict(list)
        # The open network without trace of each commune; the first of several.
        self.without_trace: dict[str, int] = {}
        self._heat = {row.id_fcu: number for number, row in enumerate(rows)}
        self._by_sncu = {row.sncu: number for number, row in enumerate(rows)}
        for number, row in enumerate(rows):
            if not row.open_to_connections:
                continue
            if has_place(row):
                self.open_heat[thresholds_of(row.sncu)].append(number)
            else:
                for insee in row.communes_insee:
                    self.without_trace.setdefault(insee, number)

    def _enter_future(self, rows: list[NetworkUnderConstruction]) -> None:
        numbered = list(enumerate(rows, self.first_future))
        self._future = {row.id_fcu: number for number, row in numbered}
        self.zones = [number for number, row in numbered if row.is_zone]
        is_open = [(number, row) for number, row in numbered if row.open_to_connections]
        self.open_future = [number for number, row in is_open if not row.is_zone]
        self.open_zones = [number for number, row in is_open if row.is_zone]

    def is_future(self, numbers: Numbers) -> Flags:
        return (numbers >= self.first_future) & (numbers < self.first_perimeter)

    def _links(self, perimeter: DevelopmentPerimeter) -> Links:
        heat = {self._heat[key] for key in perimeter.heat_network_ids if key in self._heat}
        if perimeter.sncu in self._by_sncu:
            heat.add(self._by_sncu[perimeter.sncu])
        ids = perimeter.under_construction_ids
        return Links(
            sorted(heat), sorted({self._future[key] for key in ids if key in self._future})
        )
