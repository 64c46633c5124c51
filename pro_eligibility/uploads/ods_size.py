"""How much the sheets of an ODS hold, told by its XML."""

FILLED = {
    "office:value-type",
    "office:value",
    "office:string-value",
    "office:date-value",
    "office:time-value",
    "office:boolean-value",
    "table:formula",
}
REPEATED_TEXTS = ("office:string-value", "table:formula")


class OdsSize:
    """Of all its sheets, which the library holds at once; names are looked at as it does."""

    def __init__(self) -> None:
        self.row = self.column = self.letters = 0
        self._before = 0  # cells of the sheets before
        self._depth = 0
        self._row = self._column = 0
        # How often the row, and the cell that is read, are there.
        self._rows = self._times = 0

    @property
    def cells(self) -> int:
        return self._before + self.row * self.column

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "table:table-cell" | "table:covered-table-cell":
                self.cell(attributes)
            case "text:s":
                self.letters += int(attributes.get("text:c", 1)) * self._times
            case "table:table-row":
                self._rows = repeats(attributes, "table:number-rows-repeated")
                self._row += self._rows
                self._column = 0
            case "table:table":
                self._depth += 1
                # One within another goes on below its rows.
                if self._depth == 1:
                    self._before = self.cells
                    self.row = self.column = self._row = 0

    def end(self, name: str) -> None:
        if name == "table:table":
            self._depth -= 1

    def text(self, data: str) -> None:
        self.letters += len(data) * self._times

    def cell(self, attributes: dict[str, str]) -> None:
        times = repeats(attributes, "table:number-columns-repeated")
        self._column += times
        self._times = 0
        if not FILLED.isdisjoint(attributes):
            self.row, self.column = max(self.row, self._row), max(self.column, self._column)
            self._times = self._rows * times
            texts = (attributes.get(name, "") for name in REPEATED_TEXTS)
            self.letters += sum(map(len, texts)) * self._times


def repeats(attributes: dict[str, str], name: str) -> int:
    return max(int(attributes.get(name, 1)), 1)
