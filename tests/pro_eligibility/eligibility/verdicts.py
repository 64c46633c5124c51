"""Verdicts made up for the tests of transitions: of a type, with what such a verdict has."""

from typing import Any

from pro_eligibility.eligibility.verdict import EligibilityType, NetworkKind, Verdict

Type = EligibilityType

FUTURE = {
    Type.IN_PDP_FUTURE,
    Type.FUTURE_VERY_CLOSE,
    Type.IN_FUTURE_ZONE,
    Type.FUTURE_CLOSE,
    Type.FUTURE_FAR,
}
WITHOUT_DISTANCE = {Type.IN_FUTURE_ZONE, Type.IN_TOWN_WITHOUT_TRACE, Type.TOO_FAR}


def verdict(type: Type, **fields: Any) -> Verdict:
    """Of network 7, of heat or under construction as the type says, at 50 m where it has any."""
    known: dict[str, Any] = {"eligible": False}
    if type in FUTURE:
        known |= {"network_kind": NetworkKind.UNDER_CONSTRUCTION, "id_fcu": 7}
    elif type != Type.TOO_FAR:
        known |= {"network_kind": NetworkKind.HEAT_NETWORK, "id_fcu": 7, "sncu": "9209C"}
    if type not in WITHOUT_DISTANCE:
        known["distance"] = 50
    return Verdict(type, **known | fields)
