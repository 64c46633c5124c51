"""What `manage.py check` finds wrong with the settings and with what is declared."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from airtable_sync.table import Column, Owner, TableSync
from airtable_sync.tables import TABLES
from jobs.checks import WORKER


@register(WORKER)
def check_settings(**kwargs: Any) -> Iterable[CheckMessage]:
    missing = [name for name in ("api_key", "base") if not settings.AIRTABLE[name]]
    if len(missing) == 1:
        yield checks.Warning(
            f"AIRTABLE_{missing[0].upper()} is not set, so nothing is synced with Airtable.",
            hint="Set AIRTABLE_API_KEY and AIRTABLE_BASE, or neither.",
            id="airtable_sync.W001",
        )


@register
def check_columns(**kwargs: Any) -> Iterable[CheckMessage]:
    for table in TABLES.all():
        for column in table.columns:
            if not has_field(table, column):
                yield Error(
                    f"The column {column.name!r} of {table.name} goes with the field "
                    f"{column.field!r}, which {table.model.__name__} does not have.",
                    hint="Correct it where the table is declared, in airtable_sync/tables/.",
                    id="airtable_sync.E001",
                )


def has_field(table: TableSync, column: Column) -> bool:
    """What is only read may also be a property, or come with the rows."""
    fields = {field.name for field in table.model._meta.get_fields()}
    if column.owner is Owner.AIRTABLE:
        return column.field in fields
    return hasattr(table.model, column.field) or column.field in table.rows().query.annotations
