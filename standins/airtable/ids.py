"""Identifiers that look like Airtable's: three letters for the kind, fourteen of anything.

The same base has the same ones each time, so that what went wrong can be repeated.
"""

import hashlib
import string
from itertools import count

ALPHABET = string.ascii_letters + string.digits


def made_up(kind: str, *of: object) -> str:
    digest = hashlib.sha256("\0".join(map(str, of)).encode()).digest()
    return kind + "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:14])


class Ids:
    """A new one at each call, never one that was given before."""

    def __init__(self, *of: object) -> None:
        self._of, self._number = of, count(1)

    def next(self, kind: str) -> str:
        return made_up(kind, *self._of, next(self._number))
