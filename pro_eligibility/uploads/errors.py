"""Why a file, or what somebody says of it, is refused. Each message says what to do."""

from typing import Literal

from django.utils.translation import gettext_lazy as _

Kind = Literal[
    "empty_file",
    "binary_file",
    "no_rows",
    "no_address_or_coordinates",
    "unsupported_format",
    "unreadable",
    "too_large",
    "too_many_rows",
    "too_many_columns",
]

MESSAGES = {
    "empty_file": _(
        "The file is empty. Give a CSV, TXT, XLSX or ODS file with one address on each line."
    ),
    "binary_file": _(
        "The file is not text: it looks like {what}. CSV, TXT, XLSX and ODS files are read; "
        "if it was compressed, unpack it and give what is inside."
    ),
    "no_rows": _(
        "The file has no rows, or nothing but the names of its columns. "
        "Give a file with one address on each line."
    ),
    "no_address_or_coordinates": _(
        "No column looks like an address or like coordinates; found: {columns}. "
        "Name one of them “address”, or two of them “latitude” and “longitude”."
    ),
    "unsupported_format": _(
        "The file looks like {what}. CSV, TXT, XLSX and ODS files are read; "
        "open it in the program it comes from and save it as one of these, without a password."
    ),
    "unreadable": _(
        "The file cannot be read: {problem}. "
        "Open it in the program it comes from, correct it and save it again."
    ),
    "too_large": _(
        "{what} has {size} MB; at most {most} MB are taken. "
        "Leave out what is not needed, or split it into several files."
    ),
    "too_many_rows": _("The file has more than {most} rows. Split it into several files."),
    "too_many_columns": _(
        "The file has {count} columns; at most {most} are taken. "
        "Keep the address or the coordinates, and what you need to recognise a row."
    ),
}


class UploadRefused(Exception):
    """The file cannot be used as it is; the text is in the language of whoever reads it."""

    def __init__(self, kind: Kind, **facts: object) -> None:
        super().__init__(kind, facts)
        self.kind, self.facts = kind, facts

    def __str__(self) -> str:
        return str(MESSAGES[self.kind]).format(**self.facts)


class LayoutRefused(Exception):
    """The file cannot be read the way it was said to be: each wrong field, with the reason."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(fields)
        self.fields = fields

    def __str__(self) -> str:
        return " ".join(f"{field}: {why}" for field, why in self.fields.items())
