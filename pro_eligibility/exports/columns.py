"""What is said of each row beside its own cells: our columns of an export."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pro_eligibility.eligibility.thresholds import thresholds_of
from pro_eligibility.eligibility.verdict import EligibilityType
from pro_eligibility.exports.records import Finding, Record

Value = str | int | float | datetime | None  # a bool, too, is an int
DEGREES = 6  # decimals: to the decimetre
PDP = {EligibilityType.IN_PDP_EXISTING, EligibilityType.IN_PDP_FUTURE}


class Column(NamedTuple):
    """`key` is its name for programs; title and meaning are in the reader's language."""

    key: str
    title: Any
    meaning: Any
    value: Callable[[Record], Value]


def of_result(value: Callable[[Finding], Value]) -> Callable[[Record], Value]:
    """Nothing where there is no result."""
    return lambda record: value(record.result) if record.result else None


def percent(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def grams(kilograms: float | None) -> int | None:
    return None if kilograms is None else round(kilograms * 1_000)


def eligibility(record: Record) -> str | None:
    return record.words.types[record.result.type] if record.result else None


def kind(record: Record) -> str | None:
    return record.words.kinds[record.result.network_kind] if record.result else None


def moment(result: Finding) -> datetime:
    return result.calculated_at.astimezone(timezone.get_default_timezone())


def degrees(value: float | None) -> float | None:
    return None if value is None else round(value, DEGREES)


COLUMNS = [
    Column("row", _("Row"), _("Its place in the file, from 1."), lambda record: record.row.number),
    Column(
        "outcome",
        _("Outcome"),
        _("ok, to review, not found, duplicate, invalid or waiting."),
        lambda record: record.words.outcomes[record.outcome],
    ),
    Column("reason", _("Reason"), _("Why, in a sentence."), lambda record: record.reason),
    Column(
        "address",
        _("Address found"),
        _("The address that the geocoder found; of a duplicate that of the row it repeats."),
        lambda record: record.place.label,
    ),
    Column(
        "score",
        _("Score, %"),
        _("How sure the geocoder is; nothing where the file gave coordinates."),
        lambda record: record.place.score,
    ),
    Column(
        "eligibility",
        _("Eligibility"),
        _("How the place lies to the nearest network that decides."),
        eligibility,
    ),
    Column(
        "eligibility_code",
        _("Eligibility, code"),
        _("The same for programs; it does not change with the language."),
        of_result(lambda result: result.type),
    ),
    Column(
        "eligible",
        _("Eligible"),
        _("Whether the building may probably be connected."),
        of_result(lambda result: result.eligible),
    ),
    Column(
        "distance_m",
        _("Distance, m"),
        _("To the network, in a straight line; nothing where none is measured."),
        of_result(lambda result: result.distance),
    ),
    Column(
        "network_sncu",
        _("Network, SNCU number"),
        _("The national number of the network that the result rests on."),
        of_result(lambda result: result.sncu),
    ),
    Column(
        "network_name",
        _("Network, name"),
        _("The name of that network."),
        of_result(lambda result: result.network_name),
    ),
    Column(
        "network_kind",
        _("Network, kind"),
        _("A heat network, or one under construction."),
        kind,
    ),
    Column(
        "enrr_percent",
        _("Renewable and recovered energy, %"),
        _("The share of that network's energy (taux EnR&R)."),
        of_result(lambda result: percent(result.taux_enrr)),
    ),
    Column(
        "co2_g_per_kwh",
        _("CO2 content (life cycle), g/kWh"),
        _("Of that network's heat (contenu CO2 ACV)."),
        of_result(lambda result: grams(result.contenu_co2_acv)),
    ),
    Column(
        "pdp",
        _("In a development perimeter"),
        _("Whether the place is in a perimeter where connecting may be mandatory (PDP)."),
        of_result(lambda result: result.type in PDP),
    ),
    Column("commune", _("Commune"), _("Of the place."), of_result(lambda result: result.commune)),
    Column(
        "departement",
        _("Département"),
        _("Of that commune."),
        of_result(lambda result: result.departement),
    ),
    Column(
        "latitude",
        _("Latitude"),
        _("Of the place, in degrees (WGS 84)."),
        lambda record: degrees(record.latitude),
    ),
    Column(
        "longitude",
        _("Longitude"),
        _("Of the place, in degrees (WGS 84)."),
        lambda record: degrees(record.longitude),
    ),
    Column(
        "result_at",
        _("Date of the result"),
        _("When this result was first found, Paris time; later runs that found the same keep it."),
        of_result(moment),
    ),
    Column(
        "data_version",
        _("Data version"),
        _("Of the networks that this result rests on; equal data have equal versions."),
        of_result(lambda result: result.data_version),
    ),
    Column(
        "score_threshold",
        _("Least score, %"),
        _("Under it, a row is to be reviewed."),
        lambda record: record.threshold,
    ),
    Column(
        "very_close_m",
        _("Very close up to, m"),
        _("The rule for that network; it is another one for two networks in Paris."),
        of_result(lambda result: thresholds_of(result.sncu).very_close),
    ),
    Column(
        "close_m",
        _("Close up to, m"),
        _("The rule for that network: up to here, the place is eligible."),
        of_result(lambda result: thresholds_of(result.sncu).close),
    ),
]
