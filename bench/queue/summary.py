"""Every target in one table, each with the figure that comes closest to missing it."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from bench.queue.figures import Figure
from bench.queue.table import MET, Line, in_words, new_table, put, reasons, shown

COLUMNS = ["target", "figure", "of", "is to be", "met"]
NO_FIGURE = "?"


class Goal(NamedTuple):
    """A target, with all that it is about: each peer, or each page of a list."""

    text: str
    lines: list[Line]

    @property
    def worst(self) -> Line | None:
        """Of those that have a figure."""
        known = [line for line in self.lines if line.value is not None]
        least = known and known[0].target and known[0].target.comparison == "≥"
        choose = min if least else max
        return choose(known, key=lambda line: line.value or 0.0, default=None)

    @property
    def missing(self) -> list[Figure]:
        """The figures that are not there, of ours or of those beside it."""
        lines = [line for line in self.lines if line.value is None]
        beside = [one for line in lines for one in (line.ours, line.figure) if one]
        return [figure for figure in beside if not figure.values]

    @property
    def met(self) -> bool | None:
        """None if nothing that is known misses it, but something is not known."""
        if any(line.met is False for line in self.lines):
            return False
        return None if any(line.value is None for line in self.lines) else True

    @property
    def failed(self) -> bool:
        """Whether it is missed, or nothing at all is known, as when our own worker fails."""
        return self.met is False or self.worst is None

    def cells(self) -> list[str]:
        met = NO_FIGURE if self.met is None else MET[self.met]
        aim = in_words(self.lines[0].target)
        if self.worst is None or self.worst.value is None:
            return [self.text, "–", "", aim, met]
        return [self.text, shown(self.worst.value), self.of(self.worst), aim, met]

    def of(self, line: Line) -> str:
        """Which of several it is."""
        if line.figure.question.goal:
            return line.figure.question.text
        return line.figure.who if len(self.lines) > 1 else ""


def goals(aims: Iterable[Line]) -> list[Goal]:
    """In the order in which each was first met with."""
    aims = list(aims)
    order = list(dict.fromkeys(line.goal for line in aims))
    ordered = sorted(aims, key=lambda line: order.index(line.goal))
    return [Goal(text, list(group)) for text, group in groupby(ordered, attrgetter("goal"))]


def summarise(aims: Iterable[Line]) -> list[Goal]:
    """Print the table of targets; return them."""
    if not (all_goals := goals(aims)):
        return []
    table = new_table("Targets", COLUMNS, to_the_right=(1, 3))
    for goal in all_goals:
        table.add_row(*goal.cells())
    missing = reasons(figure for goal in all_goals for figure in goal.missing)
    put(table, [f"No figure ({NO_FIGURE}) of {reason}" for reason in missing])
    return all_goals


def verdict(all_goals: list[Goal]) -> str:
    missed = sum(goal.met is False for goal in all_goals)
    unknown = sum(goal.met is None for goal in all_goals)
    more = f"; of {unknown} a figure is missing" if unknown else ""
    were = "were" if missed > 1 else "was"
    return f"{missed or 'None'} of {len(all_goals)} targets {were} missed{more}."
