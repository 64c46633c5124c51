"""What an address looks like, where the name of a column says nothing."""

import re
from collections.abc import Iterable

from pro_eligibility.uploads.words import folded

STREETS = (
    r"rue|r|avenue|av|ave|boulevard|bd|bld|blvd|place|pl|allee|all|impasse|imp|chemin|che|chem"
    r"|route|rte|quai|square|sq|cours|crs|passage|pas|pass|residence|res|villa|vla|lotissement"
    r"|hameau|ham|cite|voie|sentier|sente|esplanade|promenade|faubourg|fbg|fg|ruelle|rond point"
    r"|parvis|mail|clos|domaine|parc|venelle|traverse|montee|cour"
)
STREET = re.compile(rf"\b(?:{STREETS})\b")
WITH_POSTCODE = re.compile(r"\b[0-9]{5}\b")
LETTERS = re.compile(r"[a-z]{2}")


def looks_like_address(text: str) -> bool:
    """A street with two words more, such as “3 r Hoche”, or words with a postcode."""
    words = folded(text)
    if not LETTERS.search(words):
        return False
    if STREET.search(words):
        return words.count(" ") >= 2
    return has_postcode(text)


def has_postcode(text: str) -> bool:
    return bool(WITH_POSTCODE.search(text))


def share(cells: Iterable[bool]) -> float:
    """Of those that are true, 0–1."""
    answers = list(cells)
    return sum(answers) / len(answers) if answers else 0.0
