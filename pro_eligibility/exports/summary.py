"""The eleven columns that professionals know from the original service, in its French words."""

from collections.abc import Callable
from typing import NamedTuple

from pro_eligibility.eligibility.verdict import EligibilityType
from pro_eligibility.exports.columns import PDP, grams
from pro_eligibility.exports.records import Finding, Record, batches
from pro_eligibility.exports.sheet import Heading, Sheet, lines
from pro_eligibility.models import EligibilityTest
from pro_eligibility.uploads.layout import Layout

TO_EXISTING = {
    EligibilityType.IN_PDP_EXISTING,
    EligibilityType.EXISTING_VERY_CLOSE,
    EligibilityType.EXISTING_CLOSE,
}
TO_FUTURE = {
    EligibilityType.IN_PDP_FUTURE,
    EligibilityType.FUTURE_VERY_CLOSE,
    EligibilityType.IN_FUTURE_ZONE,
    EligibilityType.FUTURE_CLOSE,
}


class Column(NamedTuple):
    """Its text for a result; those before it are of the row."""

    title: str
    meaning: str
    text: Callable[[Finding], str]


OF_ROW = [
    Heading("Adresse", "L'adresse de votre fichier, ou ses coordonnées."),
    Heading("Adresse testée", "L'adresse trouvée par le géocodeur."),
    Heading("Indice de fiabilité", "De 0 à 100 ; vide si le fichier donne les coordonnées."),
]
OF_RESULT = [
    Column(
        "raccordable à un réseau existant",
        "Oui, Non, ou A confirmer si le tracé du réseau de la commune n'est pas connu.",
        lambda result: connectable_to_existing(result),
    ),
    Column(
        "Distance",
        "En mètres, à vol d'oiseau, jusqu'au réseau le plus proche.",
        lambda result: text_of(result.distance),
    ),
    Column(
        "PDP",
        "Dans un périmètre de développement prioritaire.",
        lambda result: yes_or_no(result.type in PDP),
    ),
    Column(
        "raccordable à un réseau en construction",
        "Oui ou Non.",
        lambda result: yes_or_no(result.type in TO_FUTURE),
    ),
    Column("Identifiant du réseau", "Son numéro SNCU.", lambda result: result.sncu),
    Column(
        "Taux EnR&R",
        "En %, de ce réseau.",
        lambda result: text_of(result.taux_enrr),
    ),
    Column(
        "Contenu CO2 ACV g/kWh",
        "De ce réseau, en analyse du cycle de vie.",
        lambda result: text_of(grams(result.contenu_co2_acv)),
    ),
    Column(
        "réseau non localisé sur la commune",
        "Oui si la commune a un réseau dont le tracé n'est pas connu.",
        lambda result: yes_or_no(result.type == EligibilityType.IN_TOWN_WITHOUT_TRACE),
    ),
]


def summary_sheet(test: EligibilityTest) -> Sheet:
    """Raises NotRead or Purged."""
    read, layout = batches(test), test.layout
    ours = [Heading(column.title, column.meaning) for column in OF_RESULT]
    return Sheet(OF_ROW + ours, lines(read, lambda record: [*line(record, layout)]))


def line(record: Record, layout: Layout) -> list[str]:
    of_row = [asked(record, layout), record.place.label, text_of(record.place.score)]
    if record.result is None:
        return of_row + [""] * len(OF_RESULT)
    return of_row + [column.text(record.result) for column in OF_RESULT]


def asked(record: Record, layout: Layout) -> str:
    """The address, or the coordinates as they were written: latitude first."""
    if layout.mode == "address":
        return record.row.query
    columns = [layout.xy_column] if layout.xy_column is not None else coordinate_columns(layout)
    cells = (record.row.cells[column] for column in columns if column is not None)
    return ", ".join(cell for cell in cells if cell.strip())


def coordinate_columns(layout: Layout) -> list[int | None]:
    return [layout.y_column, layout.x_column]


def connectable_to_existing(result: Finding) -> str:
    if result.type == EligibilityType.IN_TOWN_WITHOUT_TRACE:
        return "A confirmer"
    return yes_or_no(result.type in TO_EXISTING)


def yes_or_no(value: bool) -> str:
    return "Oui" if value else "Non"


def text_of(number: float | None) -> str:
    return "" if number is None else f"{number:g}".replace(".", ",")
