"""The words of a French address, as typed by anyone, in one spelling."""

import re
import unicodedata

ABBREVIATIONS = {
    "all": "allee",
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "bvd": "boulevard",
    "ch": "chemin",
    "che": "chemin",
    "chem": "chemin",
    "crs": "cours",
    "fg": "faubourg",
    "gal": "general",
    "imp": "impasse",
    "mal": "marechal",
    "pas": "passage",
    "pl": "place",
    "q": "quai",
    "r": "rue",
    "res": "residence",
    "rte": "route",
    "sq": "square",
    "st": "saint",
    "ste": "sainte",
    "vla": "villa",
}
KINDS = frozenset(
    [
        "allee",
        "avenue",
        "boulevard",
        "chemin",
        "cite",
        "cours",
        "domaine",
        "faubourg",
        "impasse",
        "passage",
        "place",
        "quai",
        "residence",
        "route",
        "rue",
        "sente",
        "square",
        "villa",
        "voie",
    ]
)
SMALL = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur"]
)
SUFFIXES = {"b": "bis", "bis": "bis", "t": "ter", "ter": "ter", "q": "quater", "quater": "quater"}

NUMBER = re.compile(r"([0-9]{1,4})([a-z]*)")
POSTCODE = re.compile(r"[0-9]{5}")


def words_of(text: str) -> list[str]:
    """In order, without case, accents and punctuation, abbreviations written out."""
    # What is no ASCII is dropped, so apostrophes that part words are exchanged before.
    text = text.lower().replace("’", "'").replace("œ", "oe")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return [ABBREVIATIONS.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]


def split_number(words: list[str]) -> tuple[str, list[str]]:
    """The house number as the index writes it ("7bis"), or "", and the other words.

    It comes first or right before the kind of street; of a range, such as 69-73, the first counts.
    """
    for place, word in enumerate(words):
        found = NUMBER.fullmatch(word)
        if not found or (place and not before_a_kind(words[place + 1 :])):
            continue
        digits, letters = found.groups()
        after = place + 1
        if not letters and after < len(words) and words[after] in SUFFIXES:
            letters, after = words[after], after + 1
        while after < len(words) and NUMBER.fullmatch(words[after]) and place == 0:
            after += 1
        # The r of "106r de" is a street glued to its number.
        number = str(int(digits)) + SUFFIXES.get(letters, "" if letters == "r" else letters)
        return number, words[:place] + words[after:]
    return "", words


def before_a_kind(words: list[str]) -> bool:
    rest = words[1:] if words and words[0] in SUFFIXES else words
    return bool(rest) and rest[0] in KINDS


def weight_of(word: str) -> float:
    """How much it tells one place from another."""
    if word in SMALL:
        return 0.1
    return 0.4 if word in KINDS else 1.0
