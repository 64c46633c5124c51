"""What the index knows: streets with their house numbers, localities and communes."""

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from standins.geocoder.words import weight_of, words_of


class Place(NamedTuple):
    """An address that can be answered."""

    id: str
    type: str
    label: str
    name: str
    number: str
    street: str
    postcode: str
    city: str
    citycode: str
    context: str
    longitude: float
    latitude: float


class Street:
    """A document in the import format of addok: a street, a locality or a commune."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.type = document["type"]
        self.importance = float(document["importance"])
        self.numbers: dict[str, dict[str, Any]] = document.get("housenumbers", {})
        codes = document["postcode"]
        self.postcodes: list[str] = codes if isinstance(codes, list) else [codes]
        self.name_words = frozenset(words_of(document["name"]))
        self.name_weight = sum(weight_of(word) for word in self.name_words)
        around = f"{document['city']} {document.get('district', '')}"
        self.words = self.name_words.union(words_of(around), self.postcodes)
        # Too many streets are called "rue" for it to say which.
        telling = {word for word in self.name_words if weight_of(word) == 1}
        self.telling = telling or self.name_words

    def at(self, number: str) -> Place:
        """The house number; the street as a whole where it is not known."""
        if number not in self.numbers:
            return self._whole
        point = self.numbers[number]
        name = f"{number} {self.document['name']}"
        return self._place(point, type="housenumber", name=name, number=number)

    def places(self) -> Iterator[Place]:
        """Those that may be nearest to a point."""
        if self.type != "municipality":
            yield self._whole
        yield from (self.at(number) for number in self.numbers)

    @cached_property
    def _whole(self) -> Place:
        return self._place(self.document, type=self.type, name=self.document["name"], number="")

    def _place(self, point: dict[str, Any], *, type: str, name: str, number: str) -> Place:
        whole = self.document
        town = f"{self.postcodes[0]} {whole['city']}"
        return Place(
            id=point["id"],
            type=type,
            label=whole["city"] if type == "municipality" else f"{name} {town}",
            name=name,
            number=number,
            street=whole["name"] if number else "",
            postcode=self.postcodes[0],
            city=whole["city"],
            citycode=whole["citycode"],
            context=whole["context"],
            longitude=point["lon"],
            latitude=point["lat"],
        )


def read_streets(path: Path) -> Iterator[Street]:
    with path.open(encoding="utf-8") as lines:
        yield from (Street(json.loads(line)) for line in lines)
