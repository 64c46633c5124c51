"""In which encoding a text is, out of those that French files come in.

charset-normalizer was measured on addresses of this kind and often took cp850 for windows-1252,
and mac_roman with typographic apostrophes for cp850; counting French letters does not.
"""

import codecs
import re
from collections import Counter
from io import BytesIO, TextIOWrapper
from itertools import islice

MIXED = "mixed"
# Of one byte a letter; of those that fit equally well the first is taken.
SINGLE_BYTE = ["windows-1252", "iso-8859-15", "mac_roman", "cp850"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", MIXED, *SINGLE_BYTE]

FRENCH = frozenset("àâçéèêëîïôùûÿœÀÂÇÉÈÊËÎÏÔÙÛŸŒ’‘“”–—«»…€°²\xa0")
# Letters as far as œ and Ÿ, and typographic signs, in UTF-8. The single-byte encodings have no
# French text that contains these pairs.
FRENCH_UTF_8 = re.compile(rb"[\xc2-\xc5][\x80-\xbf]|\xe2[\x80-\x82][\x80-\xbf]")
UTF_16_SAMPLE = 4_096  # bytes
# A byte outside ASCII with the one before it; so many are looked at.
OUTSIDE_ASCII = re.compile(rb".?[\x80-\xff]", re.DOTALL)
PAIRS = 100_000


def encoding_of(content: bytes) -> str:
    """One of ENCODINGS."""
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig" if decodes(content, "utf-8") else MIXED
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if found := looks_like_utf_16(content):
        return found
    if decodes(content, "utf-8"):
        return "utf-8"
    return MIXED if FRENCH_UTF_8.search(content) else most_french(content)


def lines_of(content: bytes, encoding: str) -> TextIOWrapper:
    """Its lines, with their ends; raises UnicodeDecodeError where they cannot be decoded."""
    name, errors = ("utf-8-sig", ONE_BY_ONE) if encoding == MIXED else (encoding, "strict")
    return TextIOWrapper(BytesIO(content), encoding=name, errors=errors, newline="")


def looks_like_utf_16(content: bytes) -> str:
    """The UTF-16 it is in, if every other byte of its start is mostly zero; else ""."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = content[:UTF_16_SAMPLE]
    even, odd = sample[::2], sample[1::2]
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return ""


def decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def most_french(content: bytes) -> str:
    pairs = Counter(found[0] for found in islice(OUTSIDE_ASCII.finditer(content), PAIRS))
    possible = [encoding for encoding in SINGLE_BYTE if decodes(content, encoding)]
    return max(possible, key=lambda encoding: how_french(pairs, encoding))


def how_french(pairs: Counter[bytes], encoding: str) -> int:
    """How many more of the letters outside ASCII look French than do not."""
    return sum(
        count if is_french(pair.decode(encoding, "replace")) else -count
        for pair, count in pairs.items()
    )


def is_french(pair: str) -> bool:
    """Of the last letter; a capital in the middle of a word is not."""
    before, letter = pair[:-1], pair[-1]
    return letter in FRENCH and not (letter.isupper() and before.islower())


def one_by_one(error: UnicodeError) -> tuple[str, int]:
    """A byte that is not UTF-8 is taken for windows-1252."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("windows-1252", "replace"), error.end


ONE_BY_ONE = "uploads.one_by_one"
codecs.register_error(ONE_BY_ONE, one_by_one)
