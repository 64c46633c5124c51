"""Which heat networks have a development perimeter."""

from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import Now

from networks.models import DevelopmentPerimeter, HeatNetwork


def refresh_has_pdp() -> None:
    """Let has_pdp say whether a perimeter names the network: by its number, or among its ids.

    Call it in the transaction that changed a network or a perimeter, under `one_writer`.
    """
    named = Q(sncu__in=numbers()) | Q(pk__in=ids())
    networks = HeatNetwork.objects
    networks.filter(named, has_pdp=False).update(has_pdp=True, pdp_changed_at=Now())
    networks.filter(~named, has_pdp=True).update(has_pdp=False, pdp_changed_at=Now())


def numbers() -> set[str]:
    perimeters = DevelopmentPerimeter.objects.exclude(sncu="")
    return set(perimeters.values_list("sncu", flat=True))


def ids() -> set[int]:
    each = Func(F("heat_network_ids"), function="unnest", output_field=IntegerField())
    return set(DevelopmentPerimeter.objects.values_list(each, flat=True))
