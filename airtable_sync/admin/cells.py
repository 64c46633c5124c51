"""How the cells of Airtable look to people."""

import json
from typing import Any

from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from airtable_sync.values import Cell, failed, is_blank

LONGEST = 120  # characters of a cell that are shown


def shown(cell: Cell) -> SafeString | str:
    """A cell in a few words; where they are cut, the whole is in a title."""
    if is_blank(cell) or cell == "":
        return format_html('<em class="sync-empty">{}</em>', _("empty"))
    text = words(cell)
    if len(text) <= LONGEST:
        return text
    return format_html('<span title="{}">{}…</span>', text, text[:LONGEST])


def words(cell: Any) -> str:
    match cell:
        case None:
            return _("empty")
        case bool():
            return _("yes") if cell else _("no")
        case list():
            return ", ".join(map(words, cell))
        case dict():
            return words_of_object(cell)
        case _:
            return str(localize(cell))


def words_of_object(cell: dict[str, Any]) -> str:
    """A file by its name, the error of a formula by what it says."""
    named = cell.get("filename") or failed(cell.items())
    return str(named or json.dumps(cell, ensure_ascii=False))
