"""The ten rules of eligibility, for many points at once; docs/eligibility.md has them in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from pro_eligibility.eligibility.found import NOTHING, Floats, Found
from pro_eligibility.eligibility.pieces import Geometries, Numbers
from pro_eligibility.eligibility.thresholds import ELSEWHERE, FAR
from pro_eligibility.eligibility.verdict import EligibilityType, Verdict

if TYPE_CHECKING:
    from pro_eligibility.eligibility.snapshot import Snapshot

# Raised with every change by which the same data may get another verdict.
RULES_VERSION = 1
POINTS_AT_ONCE = 20_000
# Metres; beyond it no commune is said, as at sea. Simplified outlines leave gaps between them.
COMMUNE_WITHIN = 1_000

ELIGIBLE = frozenset(
    {
        EligibilityType.IN_PDP_EXISTING,
        EligibilityType.IN_PDP_FUTURE,
        EligibilityType.EXISTING_VERY_CLOSE,
        EligibilityType.FUTURE_VERY_CLOSE,
        EligibilityType.IN_FUTURE_ZONE,
        EligibilityType.EXISTING_CLOSE,
        EligibilityType.FUTURE_CLOSE,
    }
)


def verdicts(snapshot: "Snapshot", points: Floats) -> Iterator[Verdict]:
    """The verdict of each point of an (n, 2) array in Lambert-93, a batch at a time."""
    check(points)
    for first in range(0, len(points), POINTS_AT_ONCE):
        yield from assess_batch(snapshot, points[first : first + POINTS_AT_ONCE])


def check(points: Floats) -> None:
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"The points have the shape {points.shape}; expected (n, 2): x and y.")
    if not (finite := np.isfinite(points).all(axis=1)).all():
        number = int(np.argmin(finite))
        raise ValueError(f"Point {number} is {points[number]}; expected metres in Lambert-93.")


def assess_batch(snapshot: "Snapshot", coordinates: Floats) -> Iterator[Verdict]:
    points = shapely.points(coordinates)
    commune = snapshot.communes.containing_or_nearest(points, within=COMMUNE_WITHIN).number
    rules = rules_for(snapshot, points, commune)
    types = [*(rule.type for rule in rules), EligibilityType.TOO_FAR]
    matched = [rule.found.number != NOTHING for rule in rules]
    first = np.select(matched, range(len(rules)), len(rules))
    network = np.select(matched, [rule.found.number for rule in rules], NOTHING)
    metres = np.select(matched, [rule.found.metres for rule in rules], np.inf)
    facts, places = snapshot.catalogue.facts, snapshot.places
    columns = (column.tolist() for column in (first, metres, network, commune))
    for rule, distance, number, place in zip(*columns, strict=True):
        yield Verdict(
            types[rule],
            types[rule] in ELIGIBLE,
            None if distance == np.inf else int(distance),
            *facts[number],
            *places[place],
        )


class Rule(NamedTuple):
    """It holds for the points for which something was found."""

    type: EligibilityType
    found: Found


def rules_for(snapshot: "Snapshot", points: Geometries, commune: Numbers) -> list[Rule]:
    """In their order: the first that holds for a point decides it."""
    nothing = Found.nothing(len(points))
    # By class of thresholds, since a farther network may be the one that makes eligible.
    very_close = close = far = nothing
    for thresholds, networks in snapshot.heat.items():
        # A metre more than the rules ask for, because they ask for it rounded.
        nearest = networks.of(points, within=FAR + 1)
        very_close = very_close.or_nearer(nearest.within(thresholds.very_close))
        close = close.or_nearer(nearest.within(thresholds.close))
        far = far.or_nearer(nearest.within(FAR))
    future = snapshot.future.of(points, within=FAR + 1)
    perimeter = snapshot.perimeters.of(points)
    in_future = snapshot.catalogue.is_future(perimeter.number)
    return [
        Rule(EligibilityType.IN_PDP_EXISTING, perimeter.where(~in_future)),
        Rule(EligibilityType.IN_PDP_FUTURE, perimeter.where(in_future)),
        Rule(EligibilityType.EXISTING_VERY_CLOSE, very_close),
        Rule(EligibilityType.FUTURE_VERY_CLOSE, future.within(ELSEWHERE.very_close)),
        Rule(EligibilityType.IN_FUTURE_ZONE, snapshot.zones.first_containing(points)),
        Rule(EligibilityType.EXISTING_CLOSE, close),
        Rule(EligibilityType.FUTURE_CLOSE, future.within(ELSEWHERE.close)),
        Rule(EligibilityType.EXISTING_FAR, far),
        Rule(EligibilityType.FUTURE_FAR, future.within(FAR)),
        Rule(EligibilityType.IN_TOWN_WITHOUT_TRACE, snapshot.network_of_town(commune)),
    ]
