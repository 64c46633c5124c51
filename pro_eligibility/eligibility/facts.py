"""What a verdict repeats of a network and of a commune, in the order of its fields."""

from typing import NamedTuple, Self

from networks.models import Commune, HeatNetwork, NetworkUnderConstruction
from networks.territory import departements_of
from pro_eligibility.eligibility.verdict import NetworkKind


class NetworkFacts(NamedTuple):
    """Of the network that a verdict rests on: the figures are its own."""

    network_kind: str = ""
    id_fcu: int | None = None
    sncu: str = ""
    network_name: str = ""
    taux_enrr: float | None = None
    contenu_co2_acv: float | None = None

    @classmethod
    def of_heat(cls, network: HeatNetwork) -> Self:
        return cls(
            NetworkKind.HEAT_NETWORK.value,
            network.id_fcu,
            network.sncu,
            network.name,
            network.taux_enrr,
            network.contenu_co2_acv,
        )

    @classmethod
    def of_future(cls, network: NetworkUnderConstruction) -> Self:
        kind = NetworkKind.UNDER_CONSTRUCTION.value
        return cls(kind, network.id_fcu, network_name=network.name)


class Place(NamedTuple):
    """The commune of a point and what it belongs to."""

    commune_insee: str = ""
    commune: str = ""
    departement: str = ""
    region: str = ""

    @classmethod
    def of(cls, commune: Commune) -> Self:
        # None of a code that is no département's, such as one made up.
        departement, region = next(departements_of([commune.insee]), ("", ""))
        return cls(commune.insee, commune.name, departement, region)
