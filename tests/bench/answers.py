"""Figures as a section yields them."""

from bench.queue.figures import Figure, Question
from bench.queue.table import Line, lines


def figure(question: Question, who: str, *values: float, reason: str = "") -> Figure:
    return Figure(question, who, list(values), reason)


def answered(question: Question, **values: float | str) -> list[Line]:
    """A line for each: by its value, or by the reason why there is none."""
    figures = [
        figure(question, who.replace("_", "-"), reason=value)
        if isinstance(value, str)
        else figure(question, who.replace("_", "-"), value)
        for who, value in values.items()
    ]
    [(_, answers)] = lines(figures)
    return answers
