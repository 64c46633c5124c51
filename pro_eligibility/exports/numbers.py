"""The numbers of an uploaded workbook, whose cells were all kept as texts."""

import re

from pro_eligibility.exports.columns import Value

# As a number prints: 075 and +33 are texts that somebody wrote so, and 1.50 was shown so.
PLAIN = re.compile(r"(?!-0$)-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
MOST_DIGITS = 15  # of which Excel changes none


def number_or_text(cell: str) -> Value:
    if not PLAIN.fullmatch(cell) or sum(map(str.isdigit, cell)) > MOST_DIGITS:
        return cell
    return float(cell) if "." in cell else int(cell)
