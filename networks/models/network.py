"""The networks, by what they are: of heat, of cold, or not built yet."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.models.energies import Power, Production
from networks.models.figures import Deliveries, Figures, HeatFigures
from networks.models.labels import Labels
from networks.models.placed import Network

SNCU = RegexValidator(
    r"^[0-9]{4,6}C\Z", "%(value)r is not the SNCU number of a heat network, such as 9209C."
)
COLD_SNCU = RegexValidator(
    r"^[0-9]{4,6}F\Z", "%(value)r is not the SNCU number of a cold network, such as 7501F."
)


class InService(Labels, Figures, Deliveries, Network):
    """A network that delivers today."""

    class Meta:
        abstract = True


class HeatNetwork(HeatFigures, Production, Power, InService):
    """A network of district heating; without a geometry if its trace is not known."""

    sncu = models.CharField(_("SNCU number"), max_length=10, unique=True, validators=[SNCU])
    url = models.URLField(max_length=500, blank=True, default="")
    is_technical = models.BooleanField(_("technical"), default=False)
    # Kept in step with the development perimeters that name it.
    has_pdp = models.BooleanField(_("has a development perimeter"), default=False)
    pdp_changed_at = models.DateTimeField(_("perimeter changed at"), null=True, blank=True)

    class Meta:
        db_table = "heat_networks"
        ordering = ["sncu"]
        verbose_name = _("heat network")
        verbose_name_plural = _("heat networks")

    def __str__(self) -> str:
        name = self.name or _("Network")
        return f"{name} ({self.sncu})"


class ColdNetwork(InService):
    """A network of district cooling; without a geometry if its trace is not known."""

    sncu = models.CharField(_("SNCU number"), max_length=10, unique=True, validators=[COLD_SNCU])

    class Meta:
        db_table = "cold_networks"
        ordering = ["sncu"]
        verbose_name = _("cold network")
        verbose_name_plural = _("cold networks")

    def __str__(self) -> str:
        name = self.name or _("Network")
        return f"{name} ({self.sncu})"


class NetworkUnderConstruction(Network):
    """A network to come: its trace, or the zone it will serve."""

    commissioning = models.CharField(_("commissioning"), max_length=200, blank=True, default="")

    class Meta:
        db_table = "networks_under_construction"
        ordering = ["id_fcu"]
        verbose_name = _("network under construction")
        verbose_name_plural = _("networks under construction")

    def __str__(self) -> str:
        name = self.name or _("Network")
        return f"{name} ({self.id_fcu})"

    @property
    def is_zone(self) -> bool:
        return getattr(self.geometry, "geom_type", "") in ("Polygon", "MultiPolygon")
