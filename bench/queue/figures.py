"""What is measured: the figures that answer a question, and what they are to be."""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bench.measurement import Target
from bench.queue.ring import Outcome

Got = TypeVar("Got")


@dataclass(frozen=True)
class Question:
    text: str
    unit: str
    # For our own figure.
    target: Target | None = None
    # For ours divided by theirs: by name, or for "each peer".
    ratios: Mapping[str, Target] = field(default_factory=dict)
    # What the summary calls it, where several questions have one target together.
    goal: str = ""


@dataclass(frozen=True)
class Figure:
    question: Question
    who: str
    values: list[float]  # one for each round
    reason: str = ""  # why there are none

    @property
    def value(self) -> float:
        return statistics.median(self.values)


def figures(
    question: Question,
    outcomes: Iterable[Outcome[Got]],
    value: Callable[[Got], float],
    who: str = "",
) -> Iterator[Figure]:
    """One for each outcome: `value` picks what answers the question."""
    for outcome in outcomes:
        # What was interrupted is not a median of all rounds.
        got = [] if outcome.reason else outcome.got
        yield Figure(question, who or outcome.system.name, [*map(value, got)], outcome.reason)


def write(file: Path, figures: Iterable[Figure], run: str) -> None:
    """A line of JSON for each, after those of earlier runs."""
    with file.open("a") as lines:
        for one in figures:
            question = {"question": one.question.text, "unit": one.question.unit}
            answer = {"who": one.who, "values": one.values, "reason": one.reason}
            at = {"run": run, "at": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
            print(json.dumps(question | answer | at, ensure_ascii=False), file=lines)
