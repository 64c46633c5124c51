"""The geocoder, asked about many rows at once: exactly one answer for each, or an error."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Self

from django.conf import settings

from pro_eligibility.geocoding.answer import Answer, Place, Question
from pro_eligibility.geocoding.errors import GeocoderUnavailable
from pro_eligibility.geocoding.halving import Halving
from pro_eligibility.geocoding.service import Fields, Service
from pro_eligibility.geocoding.table import (
    RESULT_COLUMNS,
    SEARCH_COLUMNS,
    places_csv,
    questions_csv,
    reverse_answers,
    search_answers,
)
from services.clock import Clock
from services.pace import Pace
from services.patience import NotNow, Patience

__all__ = ["Answer", "Geocoder", "Place", "Question"]

SEARCH_FIELDS = [
    ("columns", "address"),
    *(("result_columns", name) for name in [*SEARCH_COLUMNS, *RESULT_COLUMNS]),
]
REVERSE_FIELDS = [("result_columns", name) for name in ["result_score", *RESULT_COLUMNS]]


class Geocoder:
    """The public service of France, or an addok with its CSV plug-in.

    `timeout` is the longest silence, `patience` how long one request is asked again. `told` hears
    why it is; `check` is called before each request and twice a second while waiting: it may raise.
    """

    def __init__(
        self,
        url: str,
        *,
        requests_per_second: float,
        timeout: timedelta,
        patience: timedelta,
        told: Callable[[str], None] = lambda why: None,
        check: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or Clock()
        self._service = Service(url, timeout, self._clock)
        self._pace = Pace(requests_per_second, self._clock)
        self._patience, self._told, self._check = patience, told, check

    @classmethod
    def from_settings(
        cls,
        *,
        told: Callable[[str], None] = lambda why: None,
        check: Callable[[], None] = lambda: None,
    ) -> Self:
        return cls(
            settings.GEOCODER["url"],
            requests_per_second=settings.GEOCODER["requests_per_second"],
            timeout=settings.GEOCODER["timeout"],
            patience=settings.GEOCODER["patience"],
            told=told,
            check=check,
        )

    def search(self, questions: Sequence[Question]) -> list[Answer]:
        """Where the addresses are: one answer each, in their order, from one request.

        Raises a GeocoderError; then nothing was answered.
        """
        return Halving(self._service.url, self._search).answers(questions)

    def reverse(self, places: Sequence[Place]) -> list[Answer]:
        """Which addresses are nearest, as `search`; the coordinates stay those of the places."""
        return Halving(self._service.url, self._reverse).answers(places)

    def _search(self, questions: Sequence[Question]) -> list[Answer]:
        def ask() -> list[Answer]:
            body = self._post("search/csv", questions_csv(questions), SEARCH_FIELDS)
            return search_answers(body, questions)

        return self._patiently(ask, len(questions))

    def _reverse(self, places: Sequence[Place]) -> list[Answer]:
        def ask() -> list[Answer]:
            body = self._post("reverse/csv", places_csv(places), REVERSE_FIELDS)
            return reverse_answers(body, places)

        return self._patiently(ask, len(places))

    def _post(self, path: str, table: bytes, fields: Fields) -> bytes:
        self._pace.wait(self._check)
        self._check()
        return self._service.post(path, table, fields)

    def _patiently(self, ask: Callable[[], list[Answer]], rows: int) -> list[Answer]:
        patience = Patience(self._patience, self._clock, told=self._told, check=self._check)
        try:
            return patience.until_answered(ask)
        except NotNow as error:
            raise GeocoderUnavailable(
                self._service.url, rows, patience.attempts, patience.seconds, str(error)
            ) from error
