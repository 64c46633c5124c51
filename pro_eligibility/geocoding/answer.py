"""What the geocoder is asked about, and what it answers."""

from typing import NamedTuple


class Question(NamedTuple):
    """Where is this address?"""

    id: int
    text: str


class Place(NamedTuple):
    """Which address is here?"""

    id: int
    longitude: float
    latitude: float


class Answer(NamedTuple):
    """About the question or the place with this id; None and "" where nothing is known.

    The score, 0–100, is passed on as it is: the service finds something for nonsense too.
    """

    id: int
    found: bool
    longitude: float | None = None
    latitude: float | None = None
    score: int | None = None
    label: str = ""
    citycode: str = ""
    refused: str = ""  # what the service said of this one row
