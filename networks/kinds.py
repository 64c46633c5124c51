"""What can be loaded, drawn and changed, and what its fields may be called."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from networks.errors import MissingColumn, Unfit
from networks.models import (
    ColdNetwork,
    Commune,
    DevelopmentPerimeter,
    HeatNetwork,
    NetworkUnderConstruction,
)
from networks.models.placed import Placed
from networks.shapes import AREAS, LINES, LINES_OR_AREAS, Shape
from networks.values import plain, value_of

if TYPE_CHECKING:
    # Every process imports this file; the libraries of geometry, only those that meet one.
    from shapely.geometry.base import BaseGeometry

    from networks.reading import GeometryFile, Row

Entry = Commune | Placed


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One model and how a row of a file becomes one of it."""

    name: str
    model: type[Commune] | type[Placed]
    key: str
    shape: Shape
    needs_geometry: bool
    # The fields that every file has to bring.
    required: tuple[str, ...]
    # The names a field may have in a file.
    columns: dict[str, tuple[str, ...]]

    def columns_in(self, file: "GeometryFile") -> dict[str, str]:
        """Field → column, for the fields this file has."""
        found = self.columns_among(file.columns)
        for field in self.required:
            if field not in found:
                raise MissingColumn(file.path, field, self.columns[field], file.columns)
        return found

    def columns_among(self, given: Collection[str]) -> dict[str, str]:
        # Backwards, so that of several the first is taken.
        return {
            field: name
            for field, names in self.columns.items()
            for name in reversed(names)
            if name in given
        }

    def entry(self, row: "Row", columns: dict[str, str]) -> Entry:
        """The row as a row of the model, not saved yet; Unfit if it cannot be one."""
        if plain(row.values[columns[self.key]]) is None:
            raise Unfit(f"no identifier in the column {columns[self.key]}")
        values = {field: row.values[column] for field, column in columns.items()}
        return self.made(values, row.geometry)

    def made(self, values: Mapping[str, Any], geometry: "BaseGeometry | None") -> Entry:
        """A row of the model with these values of its fields, not saved yet; or Unfit."""
        fields: Any = self.model._meta
        given = {name: value_of(fields.get_field(name), value) for name, value in values.items()}
        entry = self.model(**{name: value for name, value in given.items() if value is not None})
        check(entry)
        entry.geometry = self.geometry(geometry)
        return entry

    def numbered(self, number: int | None) -> QuerySet[Any]:
        """The one with this key, if there is one."""
        return cast(QuerySet[Any], self.model._base_manager.filter(pk=number or 0))

    def geometry(self, geometry: "BaseGeometry | None") -> Any:
        if geometry is not None and not geometry.is_empty:
            return self.shape.of(geometry)
        if self.needs_geometry:
            raise Unfit("no geometry, or one that cannot be decoded")
        return None


def check(entry: Entry) -> None:
    try:
        entry.clean_fields(exclude=["geometry"])
    except ValidationError as error:
        reasons = (f"{field}: {' '.join(said)}" for field, said in error.message_dict.items())
        raise Unfit("; ".join(reasons).rstrip(".")) from None


# What Airtable and the open data call an energy, and what it is called here.
ENERGIES = {
    "gaz_naturel": "gaz_naturel",
    "charbon": "charbon",
    "fioul_domestique": "fioul_domestique",
    "fioul_lourd": "fioul_lourd",
    "GPL": "gpl",
    "biomasse_solide": "biomasse_solide",
    "dechets_internes": "dechets_internes",
    "UIOM": "uiom",
    "biogaz": "biogaz",
    "geothermie": "geothermie",
    "PAC": "pac",
    "solaire_thermique": "solaire_thermique",
    "chaleur_industiel": "chaleur_industrielle",
    "autre_chaleur_recuperee": "autre_chaleur_recuperee",
    "chaudieres_electriques": "chaudieres_electriques",
    "autres": "autres",
    "autres_ENR": "autres_enr",
}
CUSTOMERS = ("agriculture", "autre", "industrie", "residentiel", "tertiaire", "totale")

PLACED_COLUMNS = {
    "id_fcu": ("id_fcu",),
    "name": ("nom", "name", "nom_reseau"),
    "communes_insee": ("communes_insee",),
}
NETWORK_COLUMNS = {
    **PLACED_COLUMNS,
    "manager": ("gestionnaire", "manager", "Gestionnaire"),
    "owner": ("MO", "owner"),
    "open_to_connections": ("ouvert_aux_raccordements", "open_to_connections"),
}
BUILT_COLUMNS = {
    **NETWORK_COLUMNS,
    "sncu": ("id", "sncu", "Identifiant reseau"),
    "manager_website": ("website_gestionnaire", "manager_website"),
    "further_information": ("informationsComplementaires", "further_information"),
    "moyenne_annee_dpe": ("Moyenne-annee-DPE", "moyenne_annee_dpe"),
    "is_classified": ("reseaux classes", "is_classified"),
    "taux_enrr": ("taux_enrr", "Taux EnR&R"),
    "contenu_co2": ("contenu_co2", "contenu CO2"),
    "contenu_co2_acv": ("contenu_co2_acv", "contenu CO2 ACV"),
    "rend_percent": ("Rend%", "rend_percent"),
    "annee_creation": ("annee_creation",),
    "longueur_reseau": ("longueur_reseau",),
    "nb_pdl": ("nb_pdl",),
    **{
        f"livraisons_{to}_mwh": (f"livraisons_{to}_MWh", f"livraisons_{to}_mwh") for to in CUSTOMERS
    },
    "production_totale_mwh": ("production_totale_MWh", "production_totale_mwh"),
    "puissance_totale_mw": ("puissance_totale_MW", "puissance_totale_mw"),
}
HEAT_COLUMNS = {
    **BUILT_COLUMNS,
    "url": ("url",),
    "is_technical": ("reseaux_techniques", "is_technical"),
    "pm": ("PM", "pm"),
    "pm_l": ("PM_L", "pm_l"),
    "pm_t": ("PM_T", "pm_t"),
    "pv_percent": ("PV%", "pv_percent"),
    "pf_percent": ("PF%", "pf_percent"),
    "dev_reseau_percent": ("Dev_reseau%", "dev_reseau_percent"),
    "eau_chaude": ("eau_chaude",),
    "eau_surchauffee": ("eau_surchauffee",),
    "vapeur": ("vapeur",),
    **{
        f"prod_mwh_{our}": (f"prod_MWh_{their}", f"prod_mwh_{our}")
        for their, our in ENERGIES.items()
    },
    **{
        f"puissance_mw_{our}": (f"puissance_MW_{their}", f"puissance_mw_{our}")
        for their, our in ENERGIES.items()
    },
}

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
    columns=HEAT_COLUMNS,
)
COLD_NETWORKS = Kind(
    name="cold-networks",
    model=ColdNetwork,
    key="sncu",
    required=("sncu",),
    shape=LINES,
    needs_geometry=False,
    columns=BUILT_COLUMNS,
)
NETWORKS_UNDER_CONSTRUCTION = Kind(
    name="networks-under-construction",
    model=NetworkUnderConstruction,
    key="id_fcu",
    required=("id_fcu",),
    shape=LINES_OR_AREAS,
    needs_geometry=True,
    columns={**NETWORK_COLUMNS, "commissioning": ("mise_en_service", "commissioning")},
)
DEVELOPMENT_PERIMETERS = Kind(
    name="development-perimeters",
    model=DevelopmentPerimeter,
    key="id_fcu",
    required=("id_fcu",),
    shape=AREAS,
    needs_geometry=True,
    columns={
        **PLACED_COLUMNS,
        "sncu": ("Identifiant reseau", "sncu"),
        "heat_network_ids": ("reseau_de_chaleur_ids", "heat_network_ids"),
        "under_construction_ids": ("reseau_en_construction_ids", "under_construction_ids"),
    },
)
# What geometry updates are of, in the order in which they are followed up.
PLACED_KINDS = {
    kind.name: kind
    for kind in (HEAT_NETWORKS, COLD_NETWORKS, NETWORKS_UNDER_CONSTRUCTION, DEVELOPMENT_PERIMETERS)
}
KINDS = {COMMUNES.name: COMMUNES, **PLACED_KINDS}
