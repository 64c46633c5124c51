"""The table at the end: each scenario, what it promises, what was measured, how it went."""

import re
from dataclasses import dataclass, field

from tests.chaos.consistency import Wrongs


@dataclass
class Line:
    """What one test found out about its scenario."""

    number: int
    promise: str
    measured: list[str] = field(default_factory=list)
    wrongs: Wrongs | None = None
    verdict: str = "failed"

    @classmethod
    def of(cls, test: str) -> "Line":
        """From its name: test_03_a_killed_child_costs_its_job_no_attempt."""
        number, words = re.fullmatch(r"test_(\d\d)_(\w+)(?:\[.*)?", test).groups()  # type: ignore[union-attr]
        way = re.search(r"\[(.*)\]", test)
        return cls(int(number), words.replace("_", " ") + (f" ({way[1]})" if way else ""))

    def measure(self, what: str, value: float, *, under: float, unit: str = "s") -> None:
        """Note a figure, and insist on its bound."""
        self.measured.append(f"{what} {value:.2f} {unit} (< {under:g})")
        assert value < under, f"{what}: {value:.2f} {unit}; promised under {under:g}"

    def note(self, text: str) -> None:
        self.measured.append(text)

    def cells(self) -> list[str]:
        counts = (self.wrongs.lost, self.wrongs.twice, self.wrongs.stale) if self.wrongs else "???"
        figures = "; ".join(self.measured) or "-"
        return [str(self.number), self.promise, figures, *map(str, counts), self.verdict]


HEADER = ["", "promise", "measured (bound)", "lost", "twice", "stale", "verdict"]


def table(lines: list[Line]) -> list[str]:
    rows = [HEADER, *(line.cells() for line in sorted(lines, key=lambda line: line.number))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
