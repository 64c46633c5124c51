"""What is on the map."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from networks.fields import GeometryField

INSEE = RegexValidator(
    r"^([0-9]{2}|2[AB])[0-9]{3}\Z", "%(value)r is not an INSEE code such as 75056 or 2A004."
)
SNCU = RegexValidator(
    r"^[0-9]{4,6}C\Z", "%(value)r is not the SNCU number of a heat network, such as 9209C."
)
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class Commune(models.Model):
    """A municipality of France."""

    insee = models.CharField("INSEE code", max_length=5, unique=True, validators=[INSEE])
    name = models.CharField(max_length=200)
    geometry = GeometryField()

    class Meta:
        db_table = "communes"
        ordering = ["insee"]

    def __str__(self) -> str:
        return f"{self.name} ({self.insee})"


class HeatNetwork(models.Model):
    """A network of district heating; without a geometry if its trace is not known."""

    # The number that Airtable and the tiles know a network by.
    id_fcu = models.AutoField(primary_key=True)
    sncu = models.CharField("SNCU number", max_length=10, unique=True, validators=[SNCU])
    name = models.CharField(max_length=500, blank=True, default="")
    manager = models.CharField(max_length=500, blank=True, default="")
    taux_enrr = models.FloatField(
        "renewable and recovered heat, %", null=True, blank=True, validators=PERCENT
    )
    url = models.URLField(max_length=500, blank=True, default="")
    geometry = GeometryField(null=True)

    class Meta:
        db_table = "heat_networks"
        ordering = ["sncu"]

    def __str__(self) -> str:
        return f"{self.name or 'Network'} ({self.sncu})"
