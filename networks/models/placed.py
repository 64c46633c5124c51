"""What all that is drawn has in common."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.fields import GeometryField
from networks.models.commune import INSEE
from networks.models.optional import text


class Placed(models.Model):
    """Something with a place, and what follows from that place (`networks.crossing`)."""

    # The number that Airtable and the tiles know it by; unique within its table only.
    id_fcu = models.AutoField(primary_key=True)
    name = models.CharField(_("name"), max_length=500, blank=True, default="")
    geometry = GeometryField(null=True)
    geometry_changed_at = models.DateTimeField(_("geometry changed at"), null=True, blank=True)
    # Of the communes it crosses, in the order of their codes.
    communes_insee = ArrayField(
        models.CharField(max_length=5, validators=[INSEE]), default=list, blank=True
    )
    communes = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    departement = models.CharField(_("département"), max_length=200, blank=True, default="")
    region = models.CharField(_("région"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True


class Network(Placed):
    """Something that heats or cools, now or soon."""

    manager = text(_("manager"))
    owner = text(_("contracting authority"))
    # Closed ones make no address eligible.
    open_to_connections = models.BooleanField(_("open to connections"), default=True)
    length_m = models.FloatField(_("length, m"), null=True, blank=True)

    class Meta:
        abstract = True
