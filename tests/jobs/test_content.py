import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from pydantic import BaseModel, ConfigDict, RootModel

from jobs.content import printable, stored
from jobs.errors import NotStorable, TooLarge


class Visit(BaseModel):
    day: date
    place: UUID


class Anything(BaseModel):
    a: Any


class Measured(BaseModel):
    a: float


class Lenient(Measured):
    model_config = ConfigDict(ser_json_inf_nan="constants")


class Spelt(Measured):
    model_config = ConfigDict(ser_json_inf_nan="strings")


class Listed(RootModel[list[int]]):
    pass


def test_a_mapping_comes_back_as_plain_json():
    assert json.loads(stored("result", {"n": 1, "list": (1, 2), "none": None})) == {
        "n": 1,
        "list": [1, 2],
        "none": None,
    }


def test_a_model_comes_back_as_plain_json():
    visit = Visit(day=date(2026, 11, 24), place=UUID(int=1))

    assert json.loads(stored("result", visit)) == {
        "day": "2026-11-24",
        "place": "00000000-0000-0000-0000-000000000001",
    }


@pytest.mark.parametrize(
    "value",
    [
        *[
            1e16,
            1e-7,
            1.2345678901234568e17,
            -0.0,
            5e-324,
            10**30,
            True,
            None,
            "null",
            "NaN",
            "é\n\\",
        ],
        *[Decimal("1.10"), timedelta(minutes=90), datetime(2026, 11, 24, tzinfo=UTC), b"raw"],
        {"deep": [{"set": {1}, "tuple": (1, None)}], 1: "by number", None: "by none"},
        Visit(day=date(2026, 11, 24), place=UUID(int=1)),
    ],
)
def test_a_model_is_the_same_json_as_its_dump(value):
    model = Anything(a=value)

    assert json.loads(stored("result", model)) == json.loads(
        json.dumps(model.model_dump(mode="json"))
    )


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Listed([1]), "result cannot be stored as JSON: it is a list, not a mapping."),
        (Anything(a="\x00"), "result cannot be stored as JSON: it contains a NUL character."),
        (
            Anything(a="\ud800"),
            "result cannot be stored as JSON: 'utf-8' codec can't encode character '\\ud800'"
            " in position 7: surrogates not allowed.",
        ),
    ],
)
def test_a_model_that_is_not_json_is_refused_with_its_reason(model, message):
    with pytest.raises(NotStorable) as refusal:
        stored("result", model)

    assert str(refusal.value) == message


@pytest.mark.parametrize("model", [Measured, Lenient, Spelt])
@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_of_a_model_that_json_does_not_have_is_refused(model, number):
    with pytest.raises(NotStorable, match=r"^result cannot be stored as JSON: Out of range float"):
        stored("result", model(a=number))


def ring() -> dict[str, Any]:
    endless: dict[str, Any] = {}
    endless["self"] = endless
    return endless


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1], "result cannot be stored as JSON: it is a list, not a mapping."),
        ("text", "result cannot be stored as JSON: it is a str, not a mapping."),
        (
            {"day": date(2026, 11, 24)},
            "result cannot be stored as JSON: Object of type date is not JSON serializable.",
        ),
        ({"a": "\x00"}, "result cannot be stored as JSON: it contains a NUL character."),
        ({"a\x00": 1}, "result cannot be stored as JSON: it contains a NUL character."),
        (
            {"a": "\ud800"},
            "result cannot be stored as JSON: 'utf-8' codec can't encode character '\\ud800'"
            " in position 7: surrogates not allowed.",
        ),
        (ring(), "result cannot be stored as JSON: Circular reference detected."),
    ],
)
def test_what_is_not_json_is_refused_with_its_reason(value, message):
    with pytest.raises(NotStorable) as refusal:
        stored("result", value)

    assert str(refusal.value) == message


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_have_is_refused(number):
    # Newer Pythons add which number it was.
    with pytest.raises(NotStorable, match=r"^result cannot be stored as JSON: Out of range float"):
        stored("result", {"n": number})


def test_something_nested_without_end_is_refused():
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"deeper": deep}

    with pytest.raises(NotStorable):
        stored("result", deep)


@pytest.mark.parametrize("given", [dict, lambda value: Anything(**value)])
def test_the_limit_counts_bytes(given):
    assert stored("result", given({"a": "é" * 499_995}))
    with pytest.raises(TooLarge) as refusal:
        stored("result", given({"a": "é" * 499_996}))

    assert str(refusal.value) == (
        "result is 1,000,001 bytes of JSON; the limit is 1,000,000."
        " Keep large content in a table of its own and pass its id."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("given", [dict, lambda value: Anything(**value)])
@pytest.mark.parametrize("text", ["\\u0000", "\\\\u0000", "\\", '"', "é😀", "\x01\x7f\u2028"])
def test_what_is_storable_is_stored(text, given):
    value = stored("result", given({"a": text}))

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb ->> 'a'", [value])
        assert cursor.fetchone() == (text,)


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x00b", "a\\x00b"), ("a\ud800b", "a\\ud800b"), ("été", "été")]
)
def test_a_text_is_made_printable(text, shown):
    assert printable(text) == shown
