"""The table: each figure beside ours, and each target beside what it is about."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import floor, log10

from rich.console import Console
from rich.table import Table

from bench.measurement import Target
from bench.queue.figures import Figure
from bench.queue.systems import SYSTEMS

PEERS = {system.name for system in SYSTEMS if system.kind == "peer"}
COLUMNS = ["", "median", "min – max", "unit", "ours ÷ theirs", "target", "met"]
WIDTH = 118  # as wide as it needs to be, also where there is no terminal


class Line:
    """A figure as it is shown: with its ratio, and the target for one of the two."""

    def __init__(self, figure: Figure, ours: Figure | None) -> None:
        self.figure, question = figure, figure.question
        self.ratio: float | None = None
        self.target: Target | None = None
        if figure is ours:
            self.target = question.target
        elif ours and ours.values and figure.values and figure.value:
            self.ratio = ours.value / figure.value
            everybody = question.ratios.get("each peer") if figure.who in PEERS else None
            self.target = question.ratios.get(figure.who, everybody)

    @property
    def met(self) -> bool | None:
        """None where there is no target. Without a figure of ours none is met."""
        if self.figure.who == "ours" and not self.figure.values:
            return False
        if self.target is None:
            return None
        return self.target.is_met_by(self.figure.value if self.ratio is None else self.ratio)

    def __str__(self) -> str:
        """'burn-down, 1 worker; pgqueuer: 0.94, to be ≥ 1'."""
        name = f"{self.figure.question.text}; {self.figure.who}"
        if not self.figure.values or self.target is None:
            return f"{name}: {self.figure.reason}"
        value = self.figure.value if self.ratio is None else self.ratio
        return f"{name}: {shown(value)}, to be {self.target.comparison} {self.target.value:,g}"

    def cells(self) -> list[str]:
        figure = self.figure
        if not figure.values:
            return [f"  {figure.who}", "–", "see below"]
        spread = f"{shown(min(figure.values))} – {shown(max(figure.values))}"
        return [
            f"  {figure.who}",
            shown(figure.value),
            spread if len(figure.values) > 1 else "",
            figure.question.unit,
            "" if self.ratio is None else shown(self.ratio),
            f"{self.target.comparison} {self.target.value:,g}" if self.target else "",
            {True: "yes", False: "NO", None: ""}[self.met],
        ]


def lines(figures: Iterable[Figure]) -> Iterator[tuple[str, list[Line]]]:
    """Each question with the lines that answer it."""
    for question, group in groupby(figures, key=lambda figure: figure.question):
        answers = list(group)
        ours = next((figure for figure in answers if figure.who == "ours"), None)
        yield question.text, [Line(figure, ours) for figure in answers]


def show(title: str, figures: Sequence[Figure]) -> list[Line]:
    """Print them; return the lines that have a target."""
    table = Table(*COLUMNS, title=title, title_justify="left")
    for column in table.columns[1], table.columns[4], table.columns[5]:
        column.justify = "right"
    aims = []
    for text, answers in lines(figures):
        table.add_section()
        table.add_row(text)
        for line in answers:
            table.add_row(*line.cells())
        aims += [line for line in answers if line.met is not None]
    console = Console(width=WIDTH)
    console.print(table)
    for reason in reasons(figures):
        console.print(reason, markup=False, highlight=False)
    return aims


def reasons(figures: Iterable[Figure]) -> list[str]:
    """Why figures are missing, each said once."""
    return list(dict.fromkeys(f"{one.who}: {one.reason}" for one in figures if one.reason))


def shown(value: float) -> str:
    """With three digits that say something."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - floor(log10(value)))}f}"
