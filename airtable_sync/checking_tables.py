"""Whether the base has the tables and the columns that are declared, and of the right types."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from airtable_sync.client import Airtable, Table
from airtable_sync.errors import AirtableRefused, UnknownColumn
from airtable_sync.finding import Finding
from airtable_sync.schema import KEY_TYPES
from airtable_sync.table import KEY, TableSync
from airtable_sync.tables import TABLES

# What Airtable fills in itself.
COMPUTED = frozenset(
    {
        "aiText",
        "autoNumber",
        "button",
        "count",
        "createdBy",
        "createdTime",
        "externalSyncSource",
        "formula",
        "lastModifiedBy",
        "lastModifiedTime",
        "multipleLookupValues",
        "rollup",
    }
)


def check_tables(found: Iterable[Table]) -> Iterator[Finding]:
    """By what Airtable says of the base."""
    by_name = {table.name: table for table in found}
    for table in TABLES.all():
        if table.title in by_name:
            # Some are members of an enumeration, which would be said by its name.
            types = {field.name: str.__str__(field.type) for field in by_name[table.title].fields}
            yield from check_columns(table, types)
        else:
            others = by_name.keys() - {other.title for other in TABLES.all()}
            yield missing(f"The base has no table {table.title!r}", table.title, others)


def try_tables(airtable: Airtable) -> Iterator[Finding]:
    """By asking for their records: what there is can be seen, but not of which type it is."""
    for table in TABLES.all():
        try:
            yield from try_columns(airtable, table)
        except AirtableRefused as refused:
            yield Finding(
                f"Airtable does not show the table {table.title!r} (status {refused.status}).",
                "Give it this name if it has another, or let the key read it.",
            )


def check_columns(table: TableSync, types: dict[str, str]) -> Iterator[Finding]:
    """`types` are those of the columns that it has."""
    accepted = accepted_types(table)
    unknown = types.keys() - accepted.keys()
    wrong = [name for name in accepted if types.get(name) not in accepted[name]]
    for name in wrong:
        if name in types:
            yield wrong_type(table, name, types[name])
        else:
            yield missing(f"{table.title} has no column {name!r}", name, unknown)
    if not wrong:
        yield Finding(f"{table.title}: all of its {len(accepted)} columns are right.")


def try_columns(airtable: Airtable, table: TableSync) -> Iterator[Finding]:
    """Airtable names one missing column at a time."""
    left = list(accepted_types(table))
    while True:
        try:
            airtable.records(table.title, left)
        except UnknownColumn as error:
            if error.column not in left:
                raise
            yield missing(f"{table.title} has no column {error.column!r}", error.column, ())
            left.remove(error.column)
        else:
            yield Finding(f"{table.title}: {len(left)} of its columns are there, of some type.")
            return


def accepted_types(table: TableSync) -> dict[str, frozenset[str]]:
    return {KEY: KEY_TYPES} | {column.name: column.value.types for column in table.columns}


def wrong_type(table: TableSync, name: str, type: str) -> Finding:
    takes = " or ".join(sorted(accepted_types(table)[name]))
    if type in COMPUTED:
        return Finding(
            f"{table.title}: {name!r} is of the type {type}, which cannot be written.",
            f"Rename it, and add a column {name!r} of the type {takes}.",
        )
    return Finding(
        f"{table.title}: {name!r} is of the type {type}.",
        f"Change its type to {takes}; Airtable converts what is in it.",
    )


def missing(what: str, name: str, others: Collection[str]) -> Finding:
    """`others` are there and not expected: one of them may be it, under another name."""
    if guess := get_close_matches(name, others, n=1):
        return Finding(f"{what}.", f"Perhaps it is {guess[0]!r} now: rename it to {name!r}.")
    return Finding(f"{what}.", f"Give {name!r} back its name, or add it.")
