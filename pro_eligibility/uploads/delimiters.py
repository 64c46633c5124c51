"""Which sign separates the cells of a text: each is tried, and the rows compared."""

from collections.abc import Sequence
from itertools import islice
from typing import Literal, NamedTuple

from pro_eligibility.uploads.encodings import lines_of
from pro_eligibility.uploads.header import has_names, header_line_of
from pro_eligibility.uploads.meaning import Sample, meaning_of
from pro_eligibility.uploads.table import FIRST_ROWS
from pro_eligibility.uploads.text import records

Delimiter = Literal[",", ";", "\t", "|"]
# Those that are rarest in addresses first; of two that fit equally well the first is taken.
CANDIDATES: Sequence[Delimiter] = ["\t", ";", "|", ","]
MOST = 0.8


class Split(NamedTuple):
    """The first rows, split by a delimiter, and which of them is the header."""

    delimiter: Delimiter | None
    records: list[list[str]]
    header_line: int | None

    @property
    def sample(self) -> Sample:
        if self.header_line is None:
            return Sample(None, self.records)
        return Sample(self.records[self.header_line], self.records[self.header_line + 1 :])


def split_of(content: bytes, encoding: str) -> Split:
    """The way of splitting that makes most sense; by nothing, if none does."""
    fitting = [
        split for delimiter in CANDIDATES if fits(split := split_by(delimiter, content, encoding))
    ]
    return max(fitting, key=sense, default=split_by(None, content, encoding))


def split_by(delimiter: Delimiter | None, content: bytes, encoding: str) -> Split:
    found = list(islice(records(lines_of(content, encoding), delimiter), FIRST_ROWS))
    return Split(delimiter, found, header_line_of(found) if found else None)


def fits(split: Split) -> bool:
    """Whether nearly all lines are split, and the sign is not part of what people write."""
    rows = split.records[split.header_line or 0 :]
    if not rows or is_name(split.records[0]):
        return False
    cut = [row for row in rows if len(row) > 1]
    if len(cut) < MOST * len(rows):
        return False
    # “12 rue Hoche, 75008 Paris”: a comma with a blank after it, and no names that say otherwise.
    return split.header_line is not None or not all(row[1].startswith(" ") for row in cut)


def is_name(record: list[str]) -> bool:
    """A name alone in the first line: the file has one column."""
    return len(record) == 1 and has_names(record)


def sense(split: Split) -> tuple[bool, bool]:
    return split.header_line is not None, meaning_of(split.sample) is not None
