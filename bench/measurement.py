"""What a benchmark says: figures, and the targets that some of them have."""

import operator
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from rich.console import Console
from rich.table import Table

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "≥": operator.ge,
    "≤": operator.le,
    "=": operator.eq,
}


class Target(NamedTuple):
    comparison: Literal["≥", "≤", "="]
    value: float

    def is_met_by(self, value: float) -> bool:
        return COMPARISONS[self.comparison](value, self.value)


class Measurement(NamedTuple):
    name: str
    value: float
    unit: str
    target: Target | None = None

    @property
    def met(self) -> bool | None:
        """None where there is no target."""
        return self.target.is_met_by(self.value) if self.target else None


def show(title: str, measurements: Iterable[Measurement]) -> None:
    table = Table("measured", "value", "unit", "target", "met", title=title, title_justify="left")
    for column in table.columns[1], table.columns[3]:
        column.justify = "right"
    for one in measurements:
        target = f"{one.target.comparison} {one.target.value:,g}" if one.target else ""
        met = {True: "yes", False: "NO", None: ""}[one.met]
        table.add_row(one.name, in_figures(one.value), one.unit, target, met)
    # As wide as it needs to be, also where there is no terminal.
    Console(width=120).print(table)


def in_figures(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
