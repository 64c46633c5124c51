"""A cell as people read it."""

from typing import Any


def text_of(cell: Any) -> str:
    if isinstance(cell, bool):
        return "checked" if cell else ""
    if isinstance(cell, list):
        return ", ".join(map(text_of, cell))
    if isinstance(cell, dict):
        known = ("error", "specialValue", "filename")
        return next((str(cell[name]) for name in known if name in cell), str(cell))
    return str(cell)
