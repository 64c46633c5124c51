"""How much the sheet of an XLSX holds, told by its XML."""

import re

from django.utils.translation import gettext_lazy as _

from pro_eligibility.uploads.errors import UploadRefused

PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class SharedTexts:
    """The texts that cells point to by their number: how long each is, and how many are said."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.declared = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.declared = max(self.declared, int(attributes.get("uniqueCount", 0)))
        if local(name) == "si":
            self.lengths.append(0)

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(data)


class XlsxSize:
    """Follows the reader of the library: a cell without a place stands after the one before."""

    def __init__(self, shared: list[int]) -> None:
        self.shared = shared
        self.row = self.column = self.letters = 0
        # Of the row that is read, and of its cell.
        self._row, self._column = 1, 0
        self._place = (1, 0)
        self._points = False
        self._number = ""

    @property
    def cells(self) -> int:
        return self.row * self.column

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "c":
                self._column += 1
                self._place = (self._row, self._column)
                if (written := attributes.get("r")) is not None:
                    self._place = place_of(written)
                    self._column = self._place[1]
                self._points = attributes.get("t") == "s"
            case "v" | "is" | "f":
                self.row, self.column = map(max, (self.row, self.column), self._place)
                self._number = ""
            case "row":
                self._row = row_of(attributes.get("r", str(self._row)))

    def end(self, name: str) -> None:
        match local(name):
            case "v" if self._points:
                number = int(self._number or -1)
                self.letters += self.shared[number] if 0 <= number < len(self.shared) else 0
            case "row":
                self._row += 1
                self._column = 0

    def text(self, data: str) -> None:
        if self._points:
            self._number += data


def local(name: str) -> str:
    """Without its prefix."""
    return name.partition(":")[2] or name


def place_of(written: str) -> tuple[int, int]:
    """Row and column, from 1."""
    found = PLACE.fullmatch(written.upper())
    if found:
        row, column = int(found[2]), number_of(found[1])
        if row <= LAST_ROW and column <= LAST_COLUMN:
            return row, column
    said = _("a cell of it is at “%(place)s”; a sheet ends at XFD1048576") % {"place": written}
    raise UploadRefused("unreadable", problem=said)


def row_of(written: str) -> int:
    row = int(written)
    if row > LAST_ROW:
        said = _("a cell of it is at row %(row)s; a sheet ends at XFD1048576") % {"row": row}
        raise UploadRefused("unreadable", problem=said)
    return row


def number_of(letters: str) -> int:
    """The column, from 1: A, Z, AA and so on."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
