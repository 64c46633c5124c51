"""How a verdict differs from the one before; docs/eligibility.md has the table of odd cases."""

from pro_eligibility.eligibility.verdict import EligibilityType, Transition, Verdict

NOTEWORTHY, CONSIDERABLE = 5, 50  # metres

# From the least to the most favourable. A zone is the best that is known of a future network.
EXISTING = (
    EligibilityType.EXISTING_FAR,
    EligibilityType.EXISTING_CLOSE,
    EligibilityType.EXISTING_VERY_CLOSE,
)
FUTURE = (
    EligibilityType.FUTURE_FAR,
    EligibilityType.FUTURE_CLOSE,
    EligibilityType.FUTURE_VERY_CLOSE,
    EligibilityType.IN_FUTURE_ZONE,
)
ALL_EXISTING = frozenset({*EXISTING, EligibilityType.IN_PDP_EXISTING})
ALL_FUTURE = frozenset({*FUTURE, EligibilityType.IN_PDP_FUTURE})


def transition(before: Verdict | None, after: Verdict) -> Transition:
    if before is None:
        return Transition.INITIAL
    if same(before, after):
        return Transition.NONE
    if before.in_pdp != after.in_pdp:
        return Transition.ENTERED_PDP if after.in_pdp else Transition.LEFT_PDP
    if before.type in ALL_FUTURE and after.type in ALL_EXISTING:
        return Transition.FUTURE_TO_EXISTING
    if before.type != after.type and (found := of_town(before, after) or of_too_far(before, after)):
        return found
    if network(before) != network(after):
        return Transition.OTHER_NETWORK
    if before.type != after.type:
        return of_type(before, after)
    return of_distance(before, after)


def network(verdict: Verdict) -> tuple[str, int | None]:
    return verdict.network_kind, verdict.id_fcu


def same(before: Verdict, after: Verdict) -> bool:
    identity = before.type, network(before), before.sncu
    if identity != (after.type, network(after), after.sncu):
        return False
    if before.distance is None or after.distance is None:
        return before.distance == after.distance
    return abs(after.distance - before.distance) < NOTEWORTHY


def of_town(before: Verdict, after: Verdict) -> Transition | None:
    # Before the networks are compared, because they nearly always differ.
    if after.type == EligibilityType.IN_TOWN_WITHOUT_TRACE:
        return Transition.ENTERED_TOWN
    if before.type == EligibilityType.IN_TOWN_WITHOUT_TRACE:
        return Transition.LEFT_TOWN
    return None


def of_too_far(before: Verdict, after: Verdict) -> Transition | None:
    if after.type == EligibilityType.TOO_FAR:
        return Transition.REMOVED
    if before.type != EligibilityType.TOO_FAR:
        return None
    return Transition.NEW_FUTURE if after.type in ALL_FUTURE else Transition.NEW_EXISTING


def of_type(before: Verdict, after: Verdict) -> Transition:
    for family in (EXISTING, FUTURE):
        if before.type in family and after.type in family:
            nearer = family.index(after.type) > family.index(before.type)
            return Transition.BETTER if nearer else Transition.WORSE
    return Transition.OTHER_TYPE


def of_distance(before: Verdict, after: Verdict) -> Transition:
    if before.distance is None or after.distance is None:
        return Transition.MINOR
    change = after.distance - before.distance
    if abs(change) < CONSIDERABLE:
        return Transition.MINOR
    return Transition.FARTHER if change > 0 else Transition.NEARER
