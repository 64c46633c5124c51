"""Which state of the networks this is, without reading them."""

from django.db import models
from django.db.models import F


class Revision(models.Model):
    """One row, whose number grows with every change of what `networks` holds."""

    number = models.BigIntegerField(default=0)

    class Meta:
        db_table = "networks_revision"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """That of the last change that was committed; 0 before the first."""
        return cls.objects.values_list("number", flat=True).first() or 0

    @classmethod
    def raise_it(cls) -> None:
        """In the transaction of a change; `networks.writing.one_writer` does it."""
        if not cls.objects.update(number=F("number") + 1):
            cls.objects.create(number=1)
