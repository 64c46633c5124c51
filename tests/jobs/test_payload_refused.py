"""What would not be read back as it was given is refused: at register, if it never could be."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    Field,
    RootModel,
    SecretBytes,
    SecretStr,
    field_serializer,
    model_validator,
)

from jobs.errors import InvalidPayload, NotStorable, UnusableModel
from tests.jobs.payloads import (
    FACTS,
    PARIS,
    Aliased,
    Base64,
    Camel,
    Door,
    Doubling,
    Forgetful,
    House,
    Oak,
    Wrong,
    job_type,
)


def model(**fields: Any) -> type[BaseModel]:
    """A model of the name Paint."""
    annotations = {name: kind for name, (kind, _) in fields.items()}
    defaults = {name: field for name, (_, field) in fields.items() if field is not ...}
    return type("Paint", (BaseModel,), {"__annotations__": annotations, **defaults})


class Listed(RootModel[list[int]]):
    pass


class Hidden(BaseModel):
    password: SecretStr


SECRET = "is a secret, stored as '**********'; keep it in a table of its own and pass its id"
ONE_ALIAS = "give it one alias for both"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (model(token=(SecretStr, ...)), f"Paint.token {SECRET}"),
        (model(token=(SecretBytes | None, None)), f"Paint.token {SECRET}"),
        (model(tokens=(list[SecretStr], ...)), f"Paint.tokens {SECRET}"),
        (model(house=(dict[str, Hidden], ...)), f"Hidden.password {SECRET}"),
        (
            model(note=(str, Field("", exclude=True))),
            "Paint.note has exclude=True, so it would not be stored; leave that out",
        ),
        (
            model(colour=(str, Field(validation_alias="couleur"))),
            f"Paint.colour is stored as 'colour' and read as 'couleur'; {ONE_ALIAS}",
        ),
        (
            model(colour=(str, Field(serialization_alias="couleur"))),
            f"Paint.colour is stored as 'couleur' and read as 'colour'; {ONE_ALIAS}",
        ),
        (
            model(colour=(str, Field(validation_alias=AliasChoices("a", AliasPath("b", 0))))),
            f"Paint.colour is stored as 'colour' and read as 'a' or 'b.0'; {ONE_ALIAS}",
        ),
        (
            model(a=(SecretStr, ...), b=(int, Field(1, exclude=True))),
            f"Paint.a {SECRET}; Paint.b has exclude=True, so it would not be stored;"
            " leave that out",
        ),
        (Listed, "Listed is stored as JSON of the type array; give it fields"),
        (
            model(act=(Callable[[], None], ...)),
            "Paint cannot be described as JSON: Cannot generate a JsonSchema for"
            " core_schema.CallableSchema",
        ),
        (
            model(other=("Nowhere", ...)),
            "Paint cannot be described as JSON: `Paint` is not fully defined; you should define"
            " `Nowhere`, then call `Paint.model_rebuild()`",
        ),
    ],
)
def test_what_could_never_be_read_back_is_refused_at_register(payload, reason):
    with pytest.raises(UnusableModel) as refusal:
        job_type(payload)

    assert str(refusal.value) == f"paint: {reason}."


def test_a_result_that_no_job_could_have_is_refused_at_register():
    with pytest.raises(UnusableModel) as refusal:
        job_type(Door, result=Listed)

    assert (
        str(refusal.value) == "paint: Listed is stored as JSON of the type array; give it fields."
    )


def test_a_result_may_hold_what_is_only_shown():
    class Shown(BaseModel):
        token: SecretStr
        note: str = Field("", exclude=True)
        count: int = Field(serialization_alias="Count")

    assert job_type(Door, result=Shown).result is Shown


def test_code_of_the_model_may_make_up_for_its_aliases():
    class Lenient(BaseModel):
        colour: str = Field(validation_alias="couleur")

        @model_validator(mode="before")
        @classmethod
        def either(cls, data: Any) -> Any:
            return {"couleur": data.get("couleur") or data.get("colour")}

    paint = job_type(Lenient)

    assert paint.validate(paint.stored({"couleur": "red"})).colour == "red"


@pytest.mark.parametrize(
    ("payload", "data", "field", "reason"),
    [
        (Doubling, {"coats": 1}, "coats", "would be read back as 4, given 2"),
        (Base64, {"raw": b"a"}, "raw", "would be read back as b'YQ==', given b'a'"),
        (Forgetful, {}, "colour", "would be read back as 'grey', given 'red'"),
        (
            House,
            {"parts": [], "anything": (1, 2)},
            "anything",
            "would be read back as [1, 2], given (1, 2)",
        ),
        (
            House,
            {"parts": [], "anything": {"days": [FACTS["day"]]}},
            "anything.days.0",
            "would be read back as '2026-10-25', given datetime.date(2026, 10, 25)",
        ),
        (
            House,
            {"parts": [], "front": Oak()},
            "front",
            "would be read back as Door(kind='door', opens=True),"
            " given Oak(kind='door', opens=True, age=100)",
        ),
        (
            Wrong,
            {},
            "coats",
            "Input should be a valid integer, unable to parse string as an integer, given 'many',"
            " as stored",
        ),
    ],
)
def test_what_would_be_read_back_as_something_else_is_refused_by_name(payload, data, field, reason):
    with pytest.raises(InvalidPayload) as refusal:
        job_type(payload).stored(data)

    assert refusal.value.fields == {field: reason}


def test_a_moment_whose_offset_json_cannot_hold_is_refused():
    class Moment(BaseModel):
        at: datetime

    with pytest.raises(InvalidPayload, match="at: would be read back as"):
        job_type(Moment).stored({"at": datetime(1900, 1, 1, tzinfo=PARIS)})


def test_a_model_that_was_changed_since_is_refused():
    door = Door()
    door.opens = "now and then"  # type: ignore[assignment]

    with pytest.raises(InvalidPayload, match=r"opens: .* given 'now and then', as stored"):
        job_type(Door).stored(door)


def test_a_model_of_a_subclass_with_more_fields_is_refused():
    with pytest.raises(InvalidPayload) as refusal:
        job_type(Door).stored(Oak())

    assert refusal.value.fields == {"age": "unknown field; this type takes kind, opens, as stored"}


def test_a_model_of_another_class_is_taken_by_its_aliases():
    class Other(BaseModel):
        coat: int = Field(serialization_alias="firstCoat")

    assert json.loads(job_type(Camel).stored(Other(coat=3))) == {"firstCoat": 3, "secondCoat": 2}


def test_the_aliases_are_what_a_type_takes():
    with pytest.raises(InvalidPayload) as refusal:
        job_type(Aliased).stored({"couleur": "red", "colour": "red"})

    assert refusal.value.fields == {
        "colour": "unknown field; this type takes couleur, layers, taille"
    }


@pytest.mark.parametrize("raw", [b"\xff", b"a\x00b"])
def test_bytes_that_are_no_text_are_refused(raw):
    class Raw(BaseModel):
        raw: bytes

    with pytest.raises(NotStorable, match="paint: data cannot be stored as JSON"):
        job_type(Raw).stored({"raw": raw})


def test_code_that_raises_as_it_is_stored_is_named():
    class Failing(BaseModel):
        colour: str = "red"

        @field_serializer("colour")
        def fail(self, colour: str) -> str:
            raise RuntimeError("no paint")

    with pytest.raises(NotStorable) as refusal:
        job_type(Failing).stored({})

    assert "no paint" in str(refusal.value)
