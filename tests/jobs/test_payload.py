"""What is stored of a payload is read back as it was given."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from jobs.errors import InvalidPayload, NotStorable
from jobs.models import Job
from jobs.payload import moments_of
from tests.jobs.payloads import (
    FACTS,
    Aliased,
    Base64,
    Camel,
    Coat,
    Colour,
    Computed,
    Doubling,
    Facts,
    Forgetful,
    House,
    Named,
    Serialized,
    Tree,
    Walls,
    Wrong,
    job_type,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SURVIVE = [
    (Camel, {"firstCoat": 1}),
    (Aliased, {"couleur": "red", "layers": 3, "taille": 4}),
    (Named, {"couleur": "red"}),
    (Computed, {"coats": 2}),
    (Serialized, {"token": "secret", "words": {"a", "b"}}),
    (House, {"parts": [{"kind": "wall", "height": "2.50"}, {"kind": "door"}]}),
    (House, {"parts": [], "anything": {"deep": [1, None, 1.5, "a"]}}),
    (Walls, {"north": {"height": 2}}),
    (Facts, FACTS),
    (Tree, {"branches": [{"branches": []}]}),
]


@pytest.mark.parametrize(("payload", "data"), SURVIVE)
def test_a_payload_is_read_back_as_it_was_given(payload, data):
    paint = job_type(payload)
    given = paint.validate(data)

    back = paint.validate(paint.stored(data))

    assert fields_of(back) == fields_of(given)


@pytest.mark.parametrize(("payload", "data"), SURVIVE)
def test_a_payload_given_as_its_model_is_stored_as_one_given_as_a_mapping(payload, data):
    paint = job_type(payload)

    assert paint.stored(payload.model_validate(data)) == paint.stored(data)


def fields_of(model: BaseModel) -> dict[str, Any]:
    """All that is no private attribute; a moment as how far it is from another."""
    fields = model.model_dump()
    at = fields.get("at")
    return fields | ({"at": at - NOON} if at and at.tzinfo else {})


@pytest.mark.parametrize(
    ("payload", "data", "kept"),
    [
        (Camel, {"firstCoat": 1}, {"firstCoat": 1, "secondCoat": 2}),
        (Aliased, {"couleur": "red", "coats": 3}, {"couleur": "red", "coats": 3, "taille": 1}),
        (Named, {"couleur": "red"}, {"colour": "red"}),
        (Computed, {"coats": 2}, {"coats": 2}),
        (Serialized, {"token": "x", "words": {"b", "a"}}, {"token": "x", "words": "a,b"}),
    ],
)
def test_what_is_stored_is_the_payload_by_alias(payload, data, kept):
    assert json.loads(job_type(payload).stored(data)) == kept


@pytest.mark.django_db
def test_a_model_with_aliases_and_computed_fields_comes_through_the_table(register):
    class Both(Aliased, Computed):
        pass

    paint = register("both", payload=Both)
    given = Both(couleur="red", coats=2)

    Job.objects.enqueue("both", given)

    assert paint.validate(json.dumps(Job.objects.get().data)) == given


class Plain(BaseModel):
    at: datetime | None = None
    text: str = "a"
    number: Annotated[int, Field(ge=-(10**30))] = 1
    real: float = 0.5
    flag: bool = False
    day: date = date(2026, 1, 1)
    took: timedelta = timedelta(0)
    price: Decimal | None = None
    place: UUID = UUID(int=0)
    kind: Literal["wall", 3, None] = "wall"
    colour: Colour = Colour.RED
    coats: tuple[Coat, ...] = ()
    raw: bytes = b""
    names: dict[str, list[int | None]] = Field(default_factory=dict)
    by_number: dict[int, frozenset[UUID]] = {}


@given(st.builds(Plain), st.none() | st.datetimes(timezones=st.none() | st.timezones()))
def test_what_is_not_looked_at_would_be_read_back_as_it_was_given(plain, at):
    paint, plain.at = job_type(Plain), at
    try:
        text = paint.stored(plain.model_dump())
    except (NotStorable, InvalidPayload):  # bytes that are no text; an offset with seconds
        return

    assert fields_of(paint.validate(text)) == fields_of(plain)


@pytest.mark.parametrize(
    ("payload", "moments"),
    [
        *[(Plain, ["at"]), (Facts, ["at"]), (Camel, [])],
        *[(one, None) for one in (Doubling, Wrong, Base64, Forgetful, House, Walls, Tree)],
    ],
)
def test_only_where_it_is_certain_no_look_is_needed(payload, moments):
    assert moments_of(payload) == moments
