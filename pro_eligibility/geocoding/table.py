"""The CSV that the geocoder is sent and the one it answers: text, with a column for our ids."""

import csv
import io
import math
from collections.abc import Iterable, Sequence

from pro_eligibility.geocoding.answer import Answer, Place, Question
from services.answers import shortened
from services.patience import NotNow

SEARCH_COLUMNS = ["longitude", "latitude", "result_score"]
RESULT_COLUMNS = ["result_label", "result_citycode", "result_status"]
STATUSES = ("ok", "not-found", "skipped", "error")
Row = dict[str, str]


class Unbelievable(NotNow):
    """It is no whole answer to what was asked; it says why."""


def questions_csv(questions: Iterable[Question]) -> bytes:
    return written(["row", "address"], questions)


def places_csv(places: Iterable[Place]) -> bytes:
    return written(["row", "longitude", "latitude"], places)


def written(names: list[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    # Quoted throughout, because the service guesses the delimiter.
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([names, *rows])
    return text.getvalue().encode()


def search_answers(body: bytes, questions: Sequence[Question]) -> list[Answer]:
    """In the order of the questions, by their ids. Raises Unbelievable."""
    rows = rows_by_id(body, [question.id for question in questions], SEARCH_COLUMNS)
    return [answer(id, row, number(row, "longitude"), number(row, "latitude")) for id, row in rows]


def reverse_answers(body: bytes, places: Sequence[Place]) -> list[Answer]:
    """In the order of the places, each where it was asked about. Raises Unbelievable."""
    rows = rows_by_id(body, [place.id for place in places], [])
    return [
        answer(id, row, place.longitude, place.latitude)
        for place, (id, row) in zip(places, rows, strict=True)
    ]


def rows_by_id(body: bytes, ids: list[int], columns: list[str]) -> list[tuple[int, Row]]:
    """A service that fails midway sends what it has, with status 200: the rows are counted."""
    answered: dict[str, Row] = {}
    for row in rows_of(body, ["row", *columns, "result_label"]):
        if answered.setdefault(row["row"], row) is not row:
            raise Unbelievable(f"it answered row {row['row']} twice")
    asked = {str(id) for id in ids}
    if missing := len(asked - answered.keys()):
        raise Unbelievable(f"{missing:,} of {len(ids):,} rows were missing in its answer")
    if extra := answered.keys() - asked:
        raise Unbelievable(f"it answered a row not asked about: {shortened(min(extra))!r}")
    return [(id, answered[str(id)]) for id in ids]


def rows_of(body: bytes, needed: list[str]) -> list[Row]:
    try:
        text = io.StringIO(body.decode("utf-8-sig"), newline="")
        names, *rows = list(csv.reader(text, strict=True)) or [[]]
    except UnicodeDecodeError as error:
        raise Unbelievable("its answer is not UTF-8") from error
    except csv.Error as error:
        raise Unbelievable(f"its answer is no CSV: {error}") from error
    if missing := [name for name in needed if name not in names]:
        raise Unbelievable(f"its answer has no column {', '.join(missing)}")
    if any(len(row) != len(names) for row in rows):
        raise Unbelievable("a row of its answer was cut off")
    return [dict(zip(names, row, strict=True)) for row in rows]


def answer(id: int, row: Row, longitude: float | None, latitude: float | None) -> Answer:
    # A bare addok has no status: what it found has a place and a label.
    found = None not in (longitude, latitude) and row["result_label"] != ""
    status = row.get("result_status", "ok")
    if status not in STATUSES:
        raise Unbelievable(f"row {id} has the status {status!r}")
    if status != "ok" or not found:
        return Answer(id, False, refused=status if status in ("skipped", "error") else "")
    return Answer(
        id,
        True,
        longitude,
        latitude,
        # A bare addok leaves low scores blank, and has none of a place.
        score=percentage(number(row, "result_score") or 0.0),
        label=row["result_label"],
        citycode=row.get("result_citycode", ""),
    )


def number(row: Row, column: str) -> float | None:
    """None where the cell is blank."""
    cell = row.get(column, "")
    try:
        value = float(cell or "0")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Unbelievable(f"{column} is {shortened(cell)!r} in row {row['row']}")
    return value if cell else None


def percentage(score: float) -> int:
    return max(0, min(100, round(score * 100)))
