"""Which line of a table holds the names of its columns, if one does."""

from collections import Counter

from pro_eligibility.uploads.addresses import STREET, looks_like_address, share
from pro_eligibility.uploads.coordinates import number, pair
from pro_eligibility.uploads.names import Role, is_plain, role_of
from pro_eligibility.uploads.words import folded

# It is looked for in so many; titles above it are rarely more than a few lines.
FIRST_LINES = 20
MOST = 0.8
LONGEST_NAME = 80
# Their names contain the words of an address: “nom de la voie”.
NAMED_AFTER_STREETS: set[Role | None] = {"number", "kind", "street"}


def header_line_of(records: list[list[str]]) -> int | None:
    """Counted from 0; None if the first line holds data already."""
    usual = usual_width(records)
    for line, record in enumerate(records[:FIRST_LINES]):
        is_title = len(filled(record)) == 1 < usual
        if not is_title and has_names(record) and are_titles(records[:line], record):
            return line
        if is_data(record):
            break
    line = first_full(records, usual)
    return line if differs_from_rows(records[line], records[line + 1 :]) else None


def has_names(record: list[str]) -> bool:
    """Names only, and one that says what its column holds."""
    names = filled(record)
    return all(map(may_be_name, names)) and any(map(says_what, names))


def says_what(name: str) -> bool:
    """What its column holds. A place may be called after a town or after Pie X."""
    role = role_of(name)
    return role is not None and (role == "address" or is_plain(name))


def may_be_name(cell: str) -> bool:
    return (
        len(cell) <= LONGEST_NAME
        and number(cell) is None
        and pair(cell) is None
        and (role_of(cell) in NAMED_AFTER_STREETS or not looks_like_address(cell))
    )


def is_data(record: list[str]) -> bool:
    return any(looks_like_address(cell) or pair(cell) for cell in record)


def are_titles(above: list[list[str]], header: list[str]) -> bool:
    """Lines of fewer cells, or of one that is no address."""
    most = max(len(filled(header)) - 1, 1)
    return all(len(filled(record)) <= most and not is_data(record) for record in above)


def usual_width(records: list[list[str]]) -> int:
    widths = Counter(len(filled(record)) for record in records)
    return widths.most_common(1)[0][0]


def first_full(records: list[list[str]], usual: int) -> int:
    """The first line with as many cells as most have, so that titles are not looked at."""
    for line, record in enumerate(records[:FIRST_LINES]):
        if len(filled(record)) >= usual or is_data(record):
            return line
    return 0


def differs_from_rows(record: list[str], rows: list[list[str]]) -> bool:
    """Words without digits, above a column in which nearly all cells have one.

    Alone in its line it is one word: “Tour Eiffel” is a place.
    """
    names = filled(record)
    if not rows or not all(map(may_be_name, names)):
        return False
    if len(names) == 1 and " " in folded(names[0]):
        return False
    return any(
        cell.strip() and not has_digit(cell) and not STREET.search(folded(cell))
        and share(map(has_digit, below(rows, column))) >= MOST
        for column, cell in enumerate(record)
    )  # fmt: skip


def below(rows: list[list[str]], column: int) -> list[str]:
    return [row[column] for row in rows if column < len(row) and row[column].strip()]


def has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def filled(record: list[str]) -> list[str]:
    return [cell for cell in record if cell.strip()]
