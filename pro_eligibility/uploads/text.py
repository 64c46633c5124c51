"""The only place that splits a text into rows and cells."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from pro_eligibility.uploads.encodings import lines_of
from pro_eligibility.uploads.layout import Layout

# A quoted cell may have many lines. One that has more was opened by a stray quote.
LINES_IN_A_ROW = 100
NUL = "\0"
BLANKS_AND_DELIMITERS = " \t\r\n\xa0,;|"


def text_records(content: bytes, layout: Layout) -> Iterator[list[str]]:
    """All that are not blank."""
    lines = lines_of(content, layout.encoding)
    return records(lines, layout.delimiter, layout.header_line or 0)


def records(
    lines: Iterable[str], delimiter: str | None, header_line: int = 0
) -> Iterator[list[str]]:
    # PostgreSQL stores no NUL. As none is left, it can stand for "no delimiter".
    feed = Feed((line.replace(NUL, "") for line in lines), delimiter or NUL)
    # Where nothing delimits, a line of delimiters alone is blank all the same.
    blanks = None if delimiter else BLANKS_AND_DELIMITERS
    filled = (
        record for record in iter(feed.record, None) if any(cell.strip(blanks) for cell in record)
    )
    for line, record in enumerate(filled):
        if line == header_line:
            feed.width = len(record)
        yield record


class Feed:
    """Hands lines to a csv.reader, and takes them back if a stray quote made it read too far."""

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self.lines, self.delimiter = iter(lines), delimiter
        self.reader = csv.reader(self, delimiter=delimiter)
        self.back: deque[str] = deque()
        self.taken: list[str] = []
        self.cut = False
        self.width = 1  # of the header, once it was read

    def __iter__(self) -> "Feed":
        return self

    def __next__(self) -> str:
        line = self.back.popleft() if self.back else next(self.lines, None)
        if line is None or len(self.taken) == LINES_IN_A_ROW:
            if line is not None:
                self.back.appendleft(line)
            self.cut = True
            raise StopIteration
        self.taken.append(line)
        return line

    def record(self) -> list[str] | None:
        self.taken, self.cut = [], False
        try:
            record = next(self.reader, None)
        except csv.Error:  # a cell that is too long for it
            self.cut, record = True, []
        if record is None:
            return None
        if self.cut or (len(self.taken) > 1 and not self.is_quoted(record)):
            first, *rest = self.taken
            self.back.extendleft(reversed(rest))
            return as_it_stands(first, self.delimiter)
        return record

    def is_quoted(self, record: list[str]) -> bool:
        return self.well_quoted() and not self.are_rows(record)

    def are_rows(self, record: list[str]) -> bool:
        """Whether each line looks like a row: between two stray quotes, not in a quoted cell.

        An address on two lines may do so by chance, but leaves the row as wide as the header.
        """
        is_usual = len(record) == self.width and len(self.taken) == 2
        return self.width > 1 and not is_usual and all(
            line.count(self.delimiter) == self.width - 1 for line in self.taken
        )  # fmt: skip

    def well_quoted(self) -> bool:
        try:
            return len(list(csv.reader(self.taken, delimiter=self.delimiter, strict=True))) == 1
        except csv.Error:
            return False


def as_it_stands(line: str, delimiter: str) -> list[str]:
    """Quotes are letters like others."""
    return line.rstrip("\r\n").split(delimiter)
