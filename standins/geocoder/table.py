"""The CSV file that was sent, and its rows with the columns of the answer."""

import csv
import io
from collections.abc import Iterator

from standins.geocoder.form import BadRequest, Form
from standins.geocoder.index import Found, Index

RESULT_COLUMNS = [
    "result_score",
    "result_score_next",
    "result_label",
    "result_type",
    "result_id",
    "result_housenumber",
    "result_name",
    "result_street",
    "result_postcode",
    "result_city",
    "result_context",
    "result_citycode",
    "result_status",
]
COLUMNS = {
    "search": ["longitude", "latitude", *RESULT_COLUMNS],
    "reverse": ["result_longitude", "result_latitude", "result_distance", *RESULT_COLUMNS],
}
# What the public service adds, as a real addok was seen to answer without.
NOT_OF_ADDOK = {
    "search": ["result_citycode", "result_status"],
    "reverse": ["result_score", "result_score_next", "result_citycode", "result_status"],
}
SURE_FROM = 0.5  # of a score that a bare addok tells


class Table:
    """A question a row. `bare`: as addok itself answers, without some columns and with unsure
    scores left blank.
    """

    def __init__(self, kind: str, form: Form, *, bare: bool) -> None:
        reader = csv.DictReader(io.StringIO(form.file("data"), newline=""))
        self.kind, self.bare = kind, bare
        self.names = list(reader.fieldnames or [])
        self.rows = list(reader)
        if not self.rows:
            raise BadRequest("The file 'data' has no rows.")
        self.asked = self._asked_columns(form)
        if missing := [name for name in self.asked if name not in self.names]:
            raise BadRequest(f"The file 'data' has no column {', '.join(missing)}.")
        self.answered = self._answered_columns(form.values("result_columns"))

    def texts(self) -> list[str]:
        return [" ".join(row[name] or "" for name in self.asked) for row in self.rows]

    def lines(self, index: Index) -> Iterator[str]:
        """Of the answer, the names of the columns first."""
        yield line([*self.names, *self.answered])
        for row, text in zip(self.rows, self.texts(), strict=True):
            answer = self._answer(index, text)
            cells = [row[name] or "" for name in self.names]
            yield line([*cells, *(answer.get(name, "") for name in self.answered)])

    def _asked_columns(self, form: Form) -> list[str]:
        if self.kind == "reverse":
            return [self._column(form, "lon", "longitude"), self._column(form, "lat", "latitude")]
        return form.values("columns") or self.names

    def _column(self, form: Form, short: str, long: str) -> str:
        return form.value(short, short if short in self.names else long)

    def _answered_columns(self, wanted: list[str]) -> list[str]:
        given = [name for name in COLUMNS[self.kind] if name not in self.names]
        if self.bare:
            given = [name for name in given if name not in NOT_OF_ADDOK[self.kind]]
        return [name for name in given if not wanted or name in wanted]

    def _answer(self, index: Index, text: str) -> dict[str, str]:
        if not text.strip():
            return {"result_status": "skipped"}
        try:
            found = self._find(index, text)
        except ValueError:
            return {"result_status": "error"}
        if found is None:
            return {"result_status": "not-found"}
        answer = cells_of(found, "" if self.kind == "search" else "result_")
        if self.bare and found.score < SURE_FROM:
            answer["result_score"] = ""
        return answer

    def _find(self, index: Index, text: str) -> Found | None:
        if self.kind == "search":
            return index.search(text)
        longitude, latitude = map(float, text.split(" "))
        return index.reverse(longitude, latitude)


def cells_of(found: Found, prefix: str) -> dict[str, str]:
    place = found.place
    return {
        f"{prefix}longitude": str(place.longitude),
        f"{prefix}latitude": str(place.latitude),
        "result_distance": str(found.distance),
        "result_score": str(found.score),
        "result_score_next": str(found.next_score),
        "result_label": place.label,
        "result_type": place.type,
        "result_id": place.id,
        "result_housenumber": place.number,
        "result_name": place.name,
        "result_street": place.street,
        "result_postcode": place.postcode,
        "result_city": place.city,
        "result_context": place.context,
        "result_citycode": place.citycode,
        "result_status": "ok",
    }


def line(cells: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()
