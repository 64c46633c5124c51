"""Which place an address means, by the words that they share, and what lies near a point."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from standins.geocoder.places import Place, Street, read_streets
from standins.geocoder.words import POSTCODE, split_number, weight_of, words_of

FOUND_FROM = 0.3  # of a score
UNKNOWN_NUMBER = 0.9  # times the score: the street is there, the number is not
NEAR = 500  # metres
METRES_PER_DEGREE = 111_320


class Found(NamedTuple):
    place: Place
    score: float  # 0–1
    next_score: float = 0.0
    distance: int | None = None  # metres, of a place near a point


class Index:
    def __init__(self, streets: Iterable[Street]) -> None:
        self.streets = list(streets)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, street in enumerate(self.streets):
            for word in street.telling:
                self._by_word[word].append(number)
        self._places = [place for street in self.streets for place in street.places()]
        self._points = np.array([(place.longitude, place.latitude) for place in self._places])

    @classmethod
    def read(cls, path: Path) -> "Index":
        return cls(read_streets(path))

    def search(self, text: str) -> Found | None:
        """The best; of several equal ones the more important."""
        number, words = split_number(words_of(text))
        asked = frozenset(words)
        candidates = {one for word in asked for one in self._by_word.get(word, ())}
        scored = sorted(
            (self._scored(self.streets[one], asked, number), self.streets[one].importance, -one)
            for one in candidates
        )
        if not scored or scored[-1][0] < FOUND_FROM:
            return None
        score, _, one = scored[-1]
        next_score = scored[-2][0] if len(scored) > 1 else 0.0
        return Found(self.streets[-one].at(number), round(score, 4), round(next_score, 4))

    def reverse(self, longitude: float, latitude: float) -> Found | None:
        scale = np.array([np.cos(np.radians(latitude)), 1]) * METRES_PER_DEGREE
        away = np.hypot(*((self._points - (longitude, latitude)) * scale).T)
        nearest = int(away.argmin())
        distance = float(away[nearest])
        if distance > NEAR:
            return None
        score = round(1 - distance / NEAR, 4)
        return Found(self._places[nearest], score, distance=round(distance))

    def _scored(self, street: Street, asked: frozenset[str], number: str) -> float:
        """What of the question the street explains, less what of its name was not asked for."""
        # A wrong postcode is a small mistake: half of them are.
        weights = {word: 0.5 if POSTCODE.fullmatch(word) else weight_of(word) for word in asked}
        explained = sum(weight for word, weight in weights.items() if word in street.words)
        named = sum(weight_of(word) for word in street.name_words & asked)
        score = explained / sum(weights.values()) * (0.4 + 0.6 * named / street.name_weight)
        return score * UNKNOWN_NUMBER if number and number not in street.numbers else score
