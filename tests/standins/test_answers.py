"""What the stand-in answers when nothing is wrong."""

import pytest
import requests

from standins.geocoder import GeocoderStandin
from standins.geocoder.server import Server
from tests.standins.addresses import DUKAS, DUKAS_LABEL, NONSENSE, index

DOCUMENTED = [
    "longitude",
    "latitude",
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


def test_the_documented_columns_follow_those_that_were_sent(rows_of):
    (row,) = rows_of("search/csv", f"n,address\r\n7,{DUKAS}\r\n", columns=["address"])

    assert list(row) == ["n", "address", *DOCUMENTED]
    assert (row["n"], row["address"]) == ("7", DUKAS)
    assert row["result_label"] == DUKAS_LABEL
    assert (row["longitude"], row["latitude"]) == ("2.372514", "48.974443")
    assert (row["result_type"], row["result_id"]) == ("housenumber", "95585_1920_00015")
    assert (row["result_name"], row["result_street"]) == (
        "15 Allée Paul Dukas",
        "Allée Paul Dukas",
    )
    assert (row["result_postcode"], row["result_citycode"]) == ("95200", "95585")
    assert row["result_status"] == "ok"


@pytest.mark.parametrize("path", ["search/csv", "search/csv/"])
def test_the_address_may_end_in_a_slash(rows_of, path):
    assert len(rows_of(path, f"address\n{DUKAS}\n")) == 1


def test_only_the_columns_that_are_asked_for_are_added(rows_of):
    (row,) = rows_of("search/csv", f"address\n{DUKAS}\n", result_columns=["result_label"])

    assert list(row) == ["address", "result_label"]


def test_several_columns_make_one_question(standin, rows_of):
    table = "street,town\n15 allee paul dukas,Sarcelles\n"

    (row,) = rows_of("search/csv", table, columns=["street", "town"])

    assert row["result_label"] == DUKAS_LABEL
    assert standin.counters.asked == {"15 allee paul dukas Sarcelles": 1}


@pytest.mark.parametrize(
    ("text", "status"), [(DUKAS, "ok"), (NONSENSE, "not-found"), ("", "skipped")]
)
def test_each_row_has_a_status(rows_of, text, status):
    (row,) = rows_of("search/csv", f'n,address\n1,"{text}"\n', columns=["address"])

    assert row["result_status"] == status


def test_a_bare_addok_tells_no_status_no_citycode_and_no_low_score(standin):
    table = f"address\n{NONSENSE} Sarcelles\n{NONSENSE}\n"

    with GeocoderStandin(index(), bare=True) as bare:
        files = {"data": table.encode()}
        answer = requests.post(f"{bare.url}/search/csv", files=files, timeout=5)

    names, low, nothing = answer.content.decode().splitlines()
    assert names == ",".join(["address", *DOCUMENTED[:-2]])
    assert low.split(",")[3:6] == ["", "0.0", "Sarcelles"]
    assert nothing == NONSENSE + "," * 13


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        ("longitude,latitude", {}),
        ("lon,lat", {}),
        ("x,y", {"lon": "x", "lat": "y"}),
    ],
)
def test_the_columns_of_a_point_may_be_named(rows_of, names, fields):
    (row,) = rows_of("reverse/csv", f"{names}\n2.372514,48.974443\n", **fields)

    assert row["result_label"] == DUKAS_LABEL
    assert (row["result_latitude"], row["result_distance"]) == ("48.974443", "0")


@pytest.mark.parametrize(
    ("point", "status"), [("2.0,48.2", "not-found"), ("east,north", "error"), (",", "skipped")]
)
def test_a_point_without_an_address_has_a_status_too(rows_of, point, status):
    (row,) = rows_of("reverse/csv", f"longitude,latitude\n{point}\n")

    assert row["result_status"] == status


@pytest.mark.parametrize(
    ("table", "fields", "message"),
    [
        ("address\n", {}, "The file 'data' has no rows."),
        ("address\nx\n", {"columns": ["street"]}, "The file 'data' has no column street."),
    ],
)
def test_what_it_cannot_use_is_refused_with_a_message(post, table, fields, message):
    answer = post("search/csv", table, **fields)

    assert answer.status_code == 400
    assert answer.json() == {"code": 400, "message": message}


def test_a_form_without_the_file_is_refused(standin):
    answer = requests.post(f"{standin.url}/search/csv", files={"file": b"x"}, timeout=5)

    assert (answer.status_code, answer.json()["message"]) == (400, "The file 'data' is missing.")


def test_a_single_address_is_answered_in_geojson(standin):
    answer = requests.get(f"{standin.url}/search", params={"q": DUKAS}, timeout=5).json()

    (feature,) = answer["features"]
    assert answer["type"] == "FeatureCollection"
    assert feature["geometry"] == {"type": "Point", "coordinates": [2.372514, 48.974443]}
    assert feature["properties"]["label"] == DUKAS_LABEL


def test_rows_come_at_the_pace_that_is_asked_for(monkeypatch):
    waits = []
    monkeypatch.setattr(Server, "wait", lambda self, seconds: waits.append(seconds))

    with GeocoderStandin(index(), rows_per_second=200) as slow:
        files = {"data": ("address\n" + f"{DUKAS}\n" * 50).encode()}
        answer = requests.post(f"{slow.url}/search/csv", files=files, timeout=5)

    assert len(answer.text.splitlines()) == 51
    assert sum(waits) == 0.25


def test_what_it_was_asked_is_counted(standin, post):
    post("search/csv", f"address\n{DUKAS}\n{NONSENSE}\n")
    post("search/csv", f"address\n{DUKAS}\n")

    counted = requests.get(f"{standin.url}/standin/counters", timeout=5).json()

    asked = {DUKAS: 2, NONSENSE: 1}
    assert counted == {"requests": 2, "rows": 3, "refused": 0, "asked": asked}
    assert (standin.counters.requests, standin.counters.asked) == (2, asked)
