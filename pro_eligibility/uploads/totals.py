"""Rows that add up the others: “Total;;30”, “TOTAL GENERAL : 120”.

Strict, because “12 rue Total” is an address, and no row may be taken for what it is not.
"""

import re
from collections.abc import Sequence

from pro_eligibility.uploads.words import folded

TOTAL = re.compile(
    r"(?:nombre |sous |grand )?(?:total|totaux)(?: general| generale| generaux)?"
    r"(?: (?:(?:des|de|d) )?(?:adresses?|lignes?|logements?|lots?|sites?|batiments?))?"
    r"(?: [0-9]+)*"
    r"(?: (?:adresses?|lignes?|logements?|lots?|sites?|batiments?|euros|[kmg]wh))?"
)
POSTCODE = re.compile(r"[0-9]{5}")


def is_total(cells: Sequence[str], address: str) -> bool:
    """Whether nothing but a total and numbers are in the row; `address` is what it asks for."""
    if not any("tota" in cell.casefold() for cell in cells):
        return False
    filled = [word for cell in cells if (word := folded(cell))]
    if not any(TOTAL.fullmatch(cell) for cell in filled):
        return False
    # A site may be called “Total”: with a postcode for its address it is one.
    return not POSTCODE.fullmatch(address) and all(
        TOTAL.fullmatch(cell) or cell.replace(" ", "").isdigit() for cell in filled
    )
