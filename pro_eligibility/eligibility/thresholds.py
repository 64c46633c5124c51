"""How near a network has to be, in whole metres."""

from typing import NamedTuple


class Thresholds(NamedTuple):
    """The greatest distances that are very close, and close: those that make eligible."""

    very_close: int
    close: int


PARIS = Thresholds(60, 100)
ELSEWHERE = Thresholds(100, 200)
FAR = 1_000
# By number, not by place: they are terms of these two networks, also where they leave Paris,
# and not of the other networks that reach into Paris.
OF_PARIS = frozenset({"7501C", "7511C"})


def thresholds_of(sncu: str) -> Thresholds:
    """Of a heat network; one under construction has no number yet, and is of ELSEWHERE."""
    return PARIS if sncu in OF_PARIS else ELSEWHERE
