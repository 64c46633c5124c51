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
EACH_PEER = "each peer"
COLUMNS = ["", "median", "min – max", "unit", "ours ÷ theirs", "target", "met"]
WIDTH = 118  # as wide as it needs to be, also where there is no terminal
MET = {True: "yes", False: "NO", None: ""}


class Line:
    """A figure as it is shown: with its ratio, and the target for one of the two."""

    def __init__(self, figure: Figure, ours: Figure | None) -> None:
        self.figure, self.ours, question = figure, ours, figure.question
        self.ratio: float | None = None
        if figure.who == "ours":
            self.target, self.goal = question.target, question.goal or question.text
            return
        against = rival(figure)
        self.target = question.ratios.get(against) if ours else None
        self.goal = f"{question.goal or question.text} ÷ {against}"
        if ours and ours.values and figure.values and figure.value:
            self.ratio = ours.value / figure.value

    @property
    def value(self) -> float | None:
        """What a target is about; None where a figure is missing."""
        if self.figure.who == "ours":
            return self.figure.value if self.figure.values else None
        return self.ratio

    @property
    def met(self) -> bool | None:
        """None where there is no target, or no figure."""
        if self.target is None or self.value is None:
            return None
        return self.target.is_met_by(self.value)

    def rank(self) -> int:
        """Where its target stands among those of its question."""
        ratios = list(self.figure.question.ratios)
        return 0 if self.figure.who == "ours" else ratios.index(rival(self.figure))

    def cells(self) -> list[str]:
        figure = self.figure
        if not figure.values:
            return [f"  {figure.who}", "–", "see below", "", "", in_words(self.target)]
        spread = f"{shown(min(figure.values))} – {shown(max(figure.values))}"
        return [
            f"  {figure.who}",
            shown(figure.value),
            spread if len(figure.values) > 1 else "",
            figure.question.unit,
            "" if self.ratio is None else shown(self.ratio),
            in_words(self.target),
            MET[self.met],
        ]


def rival(figure: Figure) -> str:
    """The name under which a question has a target for ours beside this."""
    everybody = figure.who in PEERS and figure.who not in figure.question.ratios
    return EACH_PEER if everybody else figure.who


def lines(figures: Iterable[Figure]) -> Iterator[tuple[str, list[Line]]]:
    """Each question with the lines that answer it."""
    for question, group in groupby(figures, key=lambda figure: figure.question):
        answers = list(group)
        ours = next((figure for figure in answers if figure.who == "ours"), None)
        yield question.text, [Line(figure, ours) for figure in answers]


def show(title: str, figures: Sequence[Figure]) -> list[Line]:
    """Print them; return the lines that have a target, as their questions order them."""
    table = new_table(title, COLUMNS, to_the_right=(1, 4, 5))
    aims = []
    for text, answers in lines(figures):
        table.add_section()
        table.add_row(text)
        for line in answers:
            table.add_row(*line.cells())
        aims += sorted((line for line in answers if line.target), key=Line.rank)
    put(table, reasons(figures))
    return aims


def new_table(title: str, columns: list[str], to_the_right: Iterable[int]) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for number in to_the_right:
        table.columns[number].justify = "right"
    return table


def put(table: Table, below: Iterable[str]) -> None:
    console = Console(width=WIDTH)
    console.print(table)
    for sentence in below:
        console.print(sentence, markup=False, highlight=False)


def reasons(figures: Iterable[Figure]) -> list[str]:
    """Why figures are missing, each said once."""
    return list(dict.fromkeys(f"{one.who}: {one.reason}" for one in figures if one.reason))


def in_words(target: Target | None) -> str:
    return f"{target.comparison} {target.value:,g}" if target else ""


def shown(value: float) -> str:
    """With three digits that say something."""
    size = abs(value)
    if size >= 100 or size == 0:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - floor(log10(size)))}f}"
