"""What is said about a place: how it lies to the networks, and whether it may be connected."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class EligibilityType(models.TextChoices):
    """The first rule of `rules.py` that holds; the values are those that front-ends know."""

    IN_PDP_EXISTING = "dans_pdp_reseau_existant", _("in the perimeter of an existing network")
    IN_PDP_FUTURE = "dans_pdp_reseau_futur", _("in the perimeter of a future network")
    EXISTING_VERY_CLOSE = "reseau_existant_tres_proche", _("very close to an existing network")
    FUTURE_VERY_CLOSE = "reseau_futur_tres_proche", _("very close to a future network")
    IN_FUTURE_ZONE = "dans_zone_reseau_futur", _("in the zone of a future network")
    EXISTING_CLOSE = "reseau_existant_proche", _("close to an existing network")
    FUTURE_CLOSE = "reseau_futur_proche", _("close to a future network")
    EXISTING_FAR = "reseau_existant_loin", _("far from an existing network")
    FUTURE_FAR = "reseau_futur_loin", _("far from a future network")
    IN_TOWN_WITHOUT_TRACE = (
        "dans_ville_reseau_existant_sans_trace",
        _("in a town whose network has no known trace"),
    )
    TOO_FAR = "trop_eloigne", _("too far from any network")


class NetworkKind(models.TextChoices):
    """Which table an id_fcu is of: it is unique within one only."""

    HEAT_NETWORK = "heat_network", _("heat network")
    UNDER_CONSTRUCTION = "under_construction", _("network under construction")


class Transition(models.TextChoices):
    """How an assessment differs from the one before; decided in `transitions.py`."""

    INITIAL = "initial", _("first result")
    NONE = "none", _("no change")
    ENTERED_PDP = "entree_pdp", _("now in a development perimeter")
    LEFT_PDP = "sortie_pdp", _("no longer in a development perimeter")
    FUTURE_TO_EXISTING = "futur_vers_existant", _("the future network is in service")
    NEW_FUTURE = "nouveau_reseau_futur", _("a new future network")
    NEW_EXISTING = "nouveau_reseau_existant", _("a new existing network")
    NEW_NETWORK = "nouveau_reseau", _("a new network")
    REMOVED = "reseau_supprime", _("the network is gone")
    OTHER_NETWORK = "changement_reseau", _("another network")
    FARTHER = "eloignement", _("farther")
    NEARER = "rapprochement", _("nearer")
    BETTER = "amelioration_proximite", _("closer than before")
    WORSE = "degradation_proximite", _("less close than before")
    ENTERED_TOWN = "entree_ville_reseau_sans_trace", _("its town now has a network without trace")
    LEFT_TOWN = "sortie_ville_reseau_sans_trace", _("its town has no network without trace now")
    OTHER_TYPE = "changement_type", _("another situation")
    MINOR = "modification_mineure", _("a minor change")


class Verdict(NamedTuple):
    """About one place, by the networks of one data version.

    `distance` is in whole metres, None where none is measured. The network is the one that the
    verdict rests on, its figures its own: an id_fcu is None where there is no such network.
    """

    type: EligibilityType
    eligible: bool
    distance: int | None = None
    network_kind: str = ""  # of NetworkKind
    id_fcu: int | None = None
    sncu: str = ""
    network_name: str = ""
    taux_enrr: float | None = None  # %
    contenu_co2_acv: float | None = None  # kg/kWh
    commune_insee: str = ""
    commune: str = ""
    departement: str = ""
    region: str = ""

    @property
    def in_pdp(self) -> bool:
        return self.type in (EligibilityType.IN_PDP_EXISTING, EligibilityType.IN_PDP_FUTURE)
