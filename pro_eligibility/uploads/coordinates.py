"""Coordinates as people write them, and where they are in Lambert-93."""

import re

import numpy as np
import numpy.typing as npt

from networks.geometry import DECIMALS, EAST, LAMBERT_93, NORTH, SOUTH, WEST, transformer

BLANKS = re.compile(r"\s+")
WRITTEN = re.compile(r"([+-]?[0-9.,]+(?:e[+-]?[0-9]+)?)[°º]?([NSEOW]?)", re.IGNORECASE)
# What may stand between two coordinates, the surest first: a comma may belong to a number.
BETWEEN = [
    re.compile(r"\s*[;|/]\s*"),
    re.compile(r",\s+|\s+,"),
    re.compile(r"\s+"),
    re.compile(r",(?=.*\.)"),
]

Floats = npt.NDArray[np.float64]


def number(text: str) -> float | None:
    """48.85, 48,85, 48.85°, 2,35 O and 6 867 129,08 as a number; None for all else."""
    found = WRITTEN.fullmatch(BLANKS.sub("", text).replace("−", "-"))
    if found is None:
        return None
    sign = -1 if found[2].upper() in {"S", "O", "W"} else 1
    try:
        return sign * float(with_decimal_point(found[1]))
    except ValueError:
        return None


def with_decimal_point(text: str) -> str:
    """The last sign of two is the decimal one: 6.867.129,08 and 6,867,129.08."""
    if text.rfind(",") > text.rfind("."):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "")


def pair(text: str) -> tuple[float, float] | None:
    """The numbers of “48.85, 2.35”, “48,85 2,35”, “48,85; 2,35”, “48.85,2.35” or “48,85,2,35”."""
    text = text.strip("()[]{} \t\r\n\xa0")
    first, second = parts(text) or ("", "")
    one, other = number(first), number(second)
    return None if one is None or other is None else (one, other)


def parts(text: str) -> tuple[str, str] | None:
    for separator in BETWEEN:
        found = separator.split(text)
        if len(found) == 2:
            return found[0], found[1]
    pieces = text.split(",")
    return (",".join(pieces[:2]), ",".join(pieces[2:])) if len(pieces) == 4 else None


def in_lambert_93(x: Floats, y: Floats, crs: str) -> tuple[Floats, Floats]:
    """These points in metres, to the millimetre, all at once."""
    if crs != LAMBERT_93:
        x, y = transformer(crs, LAMBERT_93).transform(x, y)
    return np.round(x, DECIMALS), np.round(y, DECIMALS)


def are_in_france(x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Of points in Lambert-93. Not those that are no numbers or lie at infinity."""
    return (x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH)
