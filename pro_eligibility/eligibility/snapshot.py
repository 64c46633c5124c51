"""All that decides eligibility, read once and made ready for many points."""

from collections.abc import Sequence
from typing import Self

import numpy as np

from networks.models import (
    Commune,
    DevelopmentPerimeter,
    HeatNetwork,
    NetworkUnderConstruction,
    Revision,
)
from pro_eligibility.eligibility.areas import Areas
from pro_eligibility.eligibility.catalogue import Catalogue
from pro_eligibility.eligibility.data_version import data_version
from pro_eligibility.eligibility.facts import Place
from pro_eligibility.eligibility.found import NOTHING, Floats, Found
from pro_eligibility.eligibility.nearest import Nearest
from pro_eligibility.eligibility.perimeters import Perimeters
from pro_eligibility.eligibility.pieces import Numbers, Pieces
from pro_eligibility.eligibility.rules import verdicts
from pro_eligibility.eligibility.verdict import Verdict


class Snapshot:
    """The networks, perimeters and communes of one moment, to be asked about many points.

    Later changes of the database do not reach it.
    """

    def __init__(
        self,
        heat_networks: Sequence[HeatNetwork],
        under_construction: Sequence[NetworkUnderConstruction],
        perimeters: Sequence[DevelopmentPerimeter],
        communes: Sequence[Commune],
    ) -> None:
        self._revision = 0
        self.data_version = data_version(
            [*heat_networks, *under_construction, *perimeters, *communes]
        )
        self.catalogue = Catalogue(heat_networks, under_construction, perimeters)
        pieces = self.catalogue.pieces
        self.heat = {
            thresholds: Nearest(pieces.owned_by(numbers))
            for thresholds, numbers in self.catalogue.open_heat.items()
        }
        self.future = Nearest(pieces.owned_by(self.catalogue.open_future))
        self.zones = Areas(pieces.owned_by(self.catalogue.open_zones))
        in_order = sorted(perimeters, key=lambda row: row.id_fcu)
        areas = Areas(Pieces.of([row.geometry for row in in_order]))
        self.perimeters = Perimeters(areas, self.catalogue)
        by_insee = sorted(communes, key=lambda row: row.insee)
        self.communes = Areas(Pieces.of([row.geometry for row in by_insee]))
        # So that -1, which stands for no commune, has a place too.
        self.places = [*(Place.of(row) for row in by_insee), Place()]
        without_trace = self.catalogue.without_trace
        self._network_of_town = np.array(
            [without_trace.get(place.commune_insee, NOTHING) for place in self.places]
        )

    @classmethod
    def load(cls) -> Self:
        """Of the database, in five queries."""
        # First, so that a change in between makes this snapshot an old one.
        revision = Revision.current()
        snapshot = cls(
            list(HeatNetwork.objects.all()),
            list(NetworkUnderConstruction.objects.all()),
            list(DevelopmentPerimeter.objects.all()),
            list(Commune.objects.all()),
        )
        snapshot._revision = revision
        return snapshot

    def is_current(self) -> bool:
        """Whether nobody has changed the networks since it was loaded."""
        return Revision.current() == self._revision

    @classmethod
    def of(
        cls,
        *,
        heat_networks: Sequence[HeatNetwork] = (),
        under_construction: Sequence[NetworkUnderConstruction] = (),
        perimeters: Sequence[DevelopmentPerimeter] = (),
        communes: Sequence[Commune] = (),
    ) -> Self:
        """Of rows in memory, which need not be saved; networks and perimeters have an id_fcu."""
        return cls(heat_networks, under_construction, perimeters, communes)

    def assess(self, points: Floats) -> list[Verdict]:
        """A verdict for each point of an (n, 2) array in Lambert-93."""
        return list(verdicts(self, points))

    def network_of_town(self, commune: Numbers) -> Found:
        """For each point's commune its open network without trace."""
        network = self._network_of_town[commune]
        return Found.nothing(len(network))._replace(number=network)
