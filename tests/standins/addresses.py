"""The addresses that the stand-in of the geocoder knows, read once."""

import csv
from functools import cache
from pathlib import Path

from standins.geocoder.index import Index

DATA = Path(__file__).parent.parent.parent / "data"
DOCUMENTS = DATA / "ban-sample.ndjson"
DUKAS = "15 ALLEE PAUL DUKAS SARCELLES"
DUKAS_LABEL = "15 Allée Paul Dukas 95200 Sarcelles"
GAMBETTA = "75B RUE GAMBETTA VILLIERS LE BEL"
GAMBETTA_LABEL = "75bis Rue Gambetta 95400 Villiers-le-Bel"
NONSENSE = "xyzzy plugh"


@cache
def index() -> Index:
    return Index.read(DOCUMENTS)


@cache
def gas_addresses() -> list[dict[str, str]]:
    with (DATA / "addresses-gaz.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
