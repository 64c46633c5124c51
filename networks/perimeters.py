"""Which networks have a development perimeter, and which perimeters they have."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import Now

from networks.models import DevelopmentPerimeter, HeatNetwork


def refresh_has_pdp() -> bool:
    """Let has_pdp say whether a perimeter names the network: by its number, or among its ids.

    True if it says anything else now. Call it in the transaction that changed a network or a
    perimeter, under `one_writer`.
    """
    named = Q(sncu__in=numbers()) | Q(pk__in=ids())
    networks = HeatNetwork.objects
    with_it = networks.filter(named, has_pdp=False).update(has_pdp=True, pdp_changed_at=Now())
    without = networks.filter(~named, has_pdp=True).update(has_pdp=False, pdp_changed_at=Now())
    return bool(with_it or without)


def perimeters_of(
    numbers: Collection[str], heat: Collection[int], under_construction: Collection[int]
) -> Iterator[Any]:
    """The geometries of the perimeters that name one of these networks: by number, or by id."""
    named = (
        Q(sncu__in=numbers)
        | Q(heat_network_ids__overlap=list(heat))
        | Q(under_construction_ids__overlap=list(under_construction))
    )
    return DevelopmentPerimeter.objects.filter(named).values_list("geometry", flat=True).iterator()


def numbers() -> set[str]:
    perimeters = DevelopmentPerimeter.objects.exclude(sncu="")
    return set(perimeters.values_list("sncu", flat=True))


def ids() -> set[int]:
    each = Func(F("heat_network_ids"), function="unnest", output_field=IntegerField())
    return set(DevelopmentPerimeter.objects.values_list(each, flat=True))
