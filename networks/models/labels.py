"""What is said of a network in service in words, and what is attached to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.models.optional import text

# What is kept of a file in Airtable. Not its address: that is another one after some hours.
OF_A_FILE = {"id", "filename", "size", "type"}


def check_files(files: Any) -> None:
    """Raise ValidationError unless these are files without their addresses."""
    if not isinstance(files, list):
        raise ValidationError(f"{files!r} is not a list of files.")
    for file in files:
        if not isinstance(file, dict) or not set(file) <= OF_A_FILE:
            raise ValidationError(
                f"{file!r} is not a file of {', '.join(sorted(OF_A_FILE))} and no more."
            )


class Labels(models.Model):
    """Words about a network, as Airtable has them."""

    # Of any form, such as www.example.fr.
    manager_website = text(_("website of the manager"))
    further_information = models.TextField(_("further information"), blank=True, default="")
    files = models.JSONField(_("files"), blank=True, default=list, validators=[check_files])
    moyenne_annee_dpe = text(_("years averaged by the figures for energy labels (DPE)"))
    is_classified = models.BooleanField(_("classified"), default=False)

    class Meta:
        abstract = True
