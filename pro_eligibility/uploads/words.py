"""Texts made comparable: without case, accents and punctuation."""

import re
import unicodedata
from functools import lru_cache

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
NOT_A_WORD = re.compile(r"[\W_]+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def single_blanks(text: str) -> str:
    return " ".join(text.split())


def folded(text: str) -> str:
    """Its words in small letters without accents, with single blanks between them."""
    text = text.casefold().translate(LIGATURES)
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return NOT_A_WORD.sub(" ", text).strip()


@lru_cache(maxsize=1_000)
def folded_name(name: str) -> str:
    """The same of the name of a column, where `codePostal` and `code_postal` are two words."""
    return folded(CAMEL.sub(" ", name))
