"""Where everything is, by name."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.fields import GeometryField

INSEE = RegexValidator(
    r"^([0-9]{2}|2[AB])[0-9]{3}\Z", "%(value)r is not an INSEE code such as 75056 or 2A004."
)


class Commune(models.Model):
    """A municipality of France."""

    insee = models.CharField(_("INSEE code"), max_length=5, unique=True, validators=[INSEE])
    name = models.CharField(_("name"), max_length=200)
    geometry = GeometryField()

    class Meta:
        db_table = "communes"
        ordering = ["insee"]
        verbose_name = _("commune")
        verbose_name_plural = _("communes")

    def __str__(self) -> str:
        return f"{self.name} ({self.insee})"
