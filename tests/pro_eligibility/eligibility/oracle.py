"""The rules once more, one point at a time and as plainly as can be, to hold the fast ones against.

Written from docs/eligibility.md, not from the code under test, of which it uses the words only.
"""

from typing import Any

from shapely.geometry import Point

from pro_eligibility.eligibility.verdict import EligibilityType, NetworkKind, Verdict

ELIGIBLE = [type for type in EligibilityType if "loin" not in type and "ville" not in type][:-1]


class Oracle:
    def __init__(self, heat: Any, future: Any, perimeters: Any, communes: Any) -> None:
        self.heat, self.future = heat, future
        self.perimeters, self.communes = perimeters, communes

    def verdict(self, x: float, y: float) -> Verdict:
        point = Point(x, y)
        commune = self.commune(point)
        type, network, distance = self.answer(point, commune)
        place = (commune.insee, commune.name) if commune else ("", "")
        return Verdict(type, type in ELIGIBLE, distance, *facts(network), *place)

    def commune(self, point: Point) -> Any:
        inside = [commune for commune in self.communes if commune.geometry.covers(point)]
        if inside:
            return min(inside, key=lambda commune: commune.insee)
        near = [(c.geometry.distance(point), c.insee, c) for c in self.communes]
        near = [entry for entry in near if entry[0] <= 1_000]
        return min(near)[2] if near else None

    def answer(self, point: Point, commune: Any) -> tuple[EligibilityType, Any, int | None]:
        perimeters = [self.in_perimeter(p, point) for p in self.perimeters if inside(p, point)]
        if perimeters:
            return min(perimeters, key=lambda entry: entry[0])[1]
        heat = [n for n in self.heat if n.open_to_connections and n.geometry]
        lines = [n for n in self.future if n.open_to_connections and not n.is_zone]
        zones = [n for n in self.future if n.open_to_connections and n.is_zone]
        around = [n for n in zones if inside(n, point)]
        steps = [
            (EligibilityType.EXISTING_VERY_CLOSE, heat, lambda n: 60 if paris(n) else 100),
            (EligibilityType.FUTURE_VERY_CLOSE, lines, lambda n: 100),
            (EligibilityType.IN_FUTURE_ZONE, around, None),
            (EligibilityType.EXISTING_CLOSE, heat, lambda n: 100 if paris(n) else 200),
            (EligibilityType.FUTURE_CLOSE, lines, lambda n: 200),
            (EligibilityType.EXISTING_FAR, heat, lambda n: 1_000),
            (EligibilityType.FUTURE_FAR, lines, lambda n: 1_000),
            (EligibilityType.IN_TOWN_WITHOUT_TRACE, self.of_town(commune), None),
        ]
        for type, networks, limit in steps:
            if limit is None and networks:
                return type, min(networks, key=lambda n: n.id_fcu), None
            fit = [n for n in networks if limit and metres(n, point) <= limit(n)]
            if fit:
                nearest = min(fit, key=lambda n: (n.geometry.distance(point), n.id_fcu))
                return type, nearest, metres(nearest, point)
        return EligibilityType.TOO_FAR, None, None

    def of_town(self, commune: Any) -> list[Any]:
        if commune is None:
            return []
        untraced = [n for n in self.heat if n.open_to_connections and not n.geometry]
        return [n for n in untraced if commune.insee in n.communes_insee]

    def in_perimeter(self, perimeter: Any, point: Point) -> tuple[Any, Any]:
        """What to prefer it by, and the answer."""
        ids = perimeter.heat_network_ids
        heat = [n for n in self.heat if n.id_fcu in ids or n.sncu == perimeter.sncu]
        future = [n for n in self.future if n.id_fcu in perimeter.under_construction_ids]
        traced = [n for n in heat if n.geometry]
        around = [n for n in future if n.is_zone and inside(n, point)]
        nobody = float("inf")
        existing, to_come = EligibilityType.IN_PDP_EXISTING, EligibilityType.IN_PDP_FUTURE
        if heat and not traced:
            network = min(heat, key=lambda n: n.id_fcu)
            return (0, nobody, perimeter.id_fcu), (existing, network, None)
        if around:
            network = min(around, key=lambda n: n.id_fcu)
            return (1, 0, perimeter.id_fcu), (to_come, network, None)
        if traced or future:
            entries = [(n.geometry.distance(point), 0, n.id_fcu, n) for n in traced]
            entries += [(n.geometry.distance(point), 1, n.id_fcu, n) for n in future]
            distance, is_future, _, network = min(entries)
            type = to_come if is_future else existing
            rank = (is_future, distance, perimeter.id_fcu)
            return rank, (type, network, metres(network, point))
        return (2, nobody, perimeter.id_fcu), (existing, perimeter, None)


def inside(row: Any, point: Point) -> bool:
    return bool(row.geometry.covers(point))


def paris(network: Any) -> bool:
    return network.sncu in ("7501C", "7511C")


def metres(network: Any, point: Point) -> int:
    return int(network.geometry.distance(point) + 0.5)


def facts(row: Any) -> tuple[Any, ...]:
    if row is None:
        return ("", None, "", "", None, None)
    if hasattr(row, "commissioning"):
        return (NetworkKind.UNDER_CONSTRUCTION, row.id_fcu, "", row.name, None, None)
    if hasattr(row, "under_construction_ids"):
        return ("", None, row.sncu, "", None, None)
    figures = row.taux_enrr, row.contenu_co2_acv
    return (NetworkKind.HEAT_NETWORK, row.id_fcu, row.sncu, row.name, *figures)
