"""Where buildings have to be connected."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.models.placed import Placed


class DevelopmentPerimeter(Placed):
    """A priority development perimeter (PDP) of one or more networks."""

    # Of its heat network; blank where it has none, or none with a number.
    sncu = models.CharField(_("SNCU number"), max_length=10, blank=True, default="")
    # More networks it belongs to, by id_fcu.
    heat_network_ids = ArrayField(models.IntegerField(), default=list, blank=True)
    under_construction_ids = ArrayField(models.IntegerField(), default=list, blank=True)

    class Meta:
        db_table = "development_perimeters"
        ordering = ["id_fcu"]
        verbose_name = _("development perimeter")
        verbose_name_plural = _("development perimeters")

    def __str__(self) -> str:
        name = self.name or self.sncu or _("Perimeter")
        return f"{name} ({self.id_fcu})"
