"""The tile sources of what `networks` holds."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from networks.models import (
    ColdNetwork,
    Commune,
    DevelopmentPerimeter,
    HeatNetwork,
    NetworkUnderConstruction,
)
from networks.models.placed import Placed
from tiles.sources import Feature, TileSource

ROWS_AT_ONCE = 1_000
# Every feature stays at the low zooms: a network that disappears there looks like none.
KEEP_ALL = ("-r1",)
FRANCE_CHALEUR_URBAINE = "France Chaleur Urbaine, Licence Ouverte 2.0"

Properties = Callable[[Any], Mapping[str, Any]]


def communes() -> Iterator[Feature]:
    return features(Commune.objects.order_by("pk"), commune_properties)


def heat_networks() -> Iterator[Feature]:
    return placed(HeatNetwork, heat_network_properties)


def cold_networks() -> Iterator[Feature]:
    return placed(ColdNetwork, in_service_properties)


def networks_under_construction() -> Iterator[Feature]:
    return placed(NetworkUnderConstruction, under_construction_properties)


def development_perimeters() -> Iterator[Feature]:
    return placed(DevelopmentPerimeter, perimeter_properties)


def placed(model: type[Placed], properties: Properties) -> Iterator[Feature]:
    with_geometry = model._default_manager.filter(geometry__isnull=False)
    return features(with_geometry.order_by("pk"), properties)


def commune_properties(commune: Commune) -> Mapping[str, Any]:
    return {"code": commune.insee, "nom": commune.name}


def heat_network_properties(network: HeatNetwork) -> Mapping[str, Any]:
    return {
        **in_service_properties(network),
        "contenu CO2": network.contenu_co2,
        "PM": network.pm,
        "annee_creation": network.annee_creation,
        "ouvert_aux_raccordements": network.open_to_connections,
        **energy_ratios(network),
    }


def in_service_properties(network: HeatNetwork | ColdNetwork) -> Mapping[str, Any]:
    return {
        "id_fcu": network.id_fcu,
        "Identifiant reseau": network.sncu,
        "nom_reseau": network.name or None,
        "Gestionnaire": network.manager or None,
        "MO": network.owner or None,
        "reseaux classes": network.is_classified,
        "Taux EnR&R": network.taux_enrr,
        "contenu CO2 ACV": network.contenu_co2_acv,
        "livraisons_totale_MWh": network.livraisons_totale_mwh,
        "nb_pdl": network.nb_pdl,
        "has_trace": True,
    }


def energy_ratios(network: HeatNetwork) -> Mapping[str, float | None]:
    """Which part of its heat a network makes from each energy, 0 to 1."""
    parts = {
        "biomasse": network.prod_mwh_biomasse_solide,
        "geothermie": network.prod_mwh_geothermie,
        "uve": both(network.prod_mwh_dechets_internes, network.prod_mwh_uiom),
        "chaleurIndustrielle": network.prod_mwh_chaleur_industrielle,
        "solaireThermique": network.prod_mwh_solaire_thermique,
        "pompeAChaleur": network.prod_mwh_pac,
        "gaz": network.prod_mwh_gaz_naturel,
        "fioul": both(network.prod_mwh_fioul_domestique, network.prod_mwh_fioul_lourd),
    }
    whole = network.production_totale_mwh
    return {f"energie_ratio_{energy}": ratio(part, whole) for energy, part in parts.items()}


def both(one: float | None, other: float | None) -> float | None:
    """None if one of them is not known."""
    return None if one is None or other is None else one + other


def ratio(part: float | None, whole: float | None) -> float | None:
    """None if it is not known; nothing is 0 of whatever it is a part of."""
    if not part:
        return part
    return part / whole if whole else None


def under_construction_properties(network: NetworkUnderConstruction) -> Mapping[str, Any]:
    return {
        "id_fcu": network.id_fcu,
        "nom_reseau": network.name or None,
        "gestionnaire": network.manager or None,
        "MO": network.owner or None,
        "mise_en_service": network.commissioning or None,
        "is_zone": network.is_zone,
        "ouvert_aux_raccordements": network.open_to_connections,
    }


def perimeter_properties(perimeter: DevelopmentPerimeter) -> Mapping[str, Any]:
    return {"id_fcu": perimeter.id_fcu, "Identifiant reseau": perimeter.sncu or None}


def features(rows: QuerySet[Any], properties: Properties) -> Iterator[Feature]:
    """A feature for each row, as many in memory as are converted at once."""
    # Every process imports this file; the libraries of geometry, only one that builds.
    import numpy as np

    from networks.geometry import to_wgs_84

    left = rows.iterator(chunk_size=ROWS_AT_ONCE)
    while batch := list(islice(left, ROWS_AT_ONCE)):
        places = to_wgs_84(np.array([row.geometry for row in batch]))
        for row, place in zip(batch, places, strict=True):
            yield Feature(row.pk, place, properties(row))


COMMUNES = TileSource(
    id="communes",
    label="Communes",
    features=communes,
    options=KEEP_ALL,
    attribution="IGN Admin Express, Licence Ouverte",
)
HEAT_NETWORKS = TileSource(
    id="reseaux-de-chaleur",
    label="Réseaux de chaleur",
    features=heat_networks,
    options=KEEP_ALL,
    cache="short",
    attribution=FRANCE_CHALEUR_URBAINE,
)
COLD_NETWORKS = TileSource(
    id="reseaux-de-froid",
    label="Réseaux de froid",
    features=cold_networks,
    options=KEEP_ALL,
    cache="short",
    may_be_empty=True,
    attribution=FRANCE_CHALEUR_URBAINE,
)
NETWORKS_UNDER_CONSTRUCTION = TileSource(
    id="reseaux-en-construction",
    label="Réseaux en construction",
    features=networks_under_construction,
    options=KEEP_ALL,
    cache="short",
    may_be_empty=True,
    attribution=FRANCE_CHALEUR_URBAINE,
)
DEVELOPMENT_PERIMETERS = TileSource(
    id="perimetres-de-developpement-prioritaire",
    label="Périmètres de développement prioritaire",
    features=development_perimeters,
    options=KEEP_ALL,
    cache="short",
    may_be_empty=True,
    attribution=FRANCE_CHALEUR_URBAINE,
)
SOURCES = (
    COMMUNES,
    HEAT_NETWORKS,
    COLD_NETWORKS,
    NETWORKS_UNDER_CONSTRUCTION,
    DEVELOPMENT_PERIMETERS,
)
