"""Payloads of every kind: those that survive their storage, and those that do not."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    RootModel,
    SecretStr,
    computed_field,
    field_serializer,
    field_validator,
)
from pydantic.alias_generators import to_camel

from jobs.registry import JobType

PARIS = ZoneInfo("Europe/Paris")
Revealed = Annotated[SecretStr, PlainSerializer(lambda secret: secret.get_secret_value())]


def job_type(payload: type[BaseModel], **options: Any) -> JobType:
    return JobType(name="paint", handler=lambda job: None, payload=payload, **options)


class Colour(Enum):
    RED = "red"
    BLUE = 2


class Coat(IntEnum):
    FIRST = 1
    SECOND = 2


class Wall(BaseModel):
    kind: Literal["wall"] = "wall"
    height: Decimal


class Door(BaseModel):
    kind: Literal["door"] = "door"
    opens: bool = True


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    first_coat: int
    second_coat: int = 2


class Aliased(BaseModel):
    colour: str = Field(alias="couleur")
    coats: int = Field(1, validation_alias=AliasChoices("layers", "coats"))
    size: int = Field(1, validation_alias="taille", serialization_alias="taille")


class Named(BaseModel):
    model_config = ConfigDict(validate_by_name=True)

    colour: str = Field(validation_alias="couleur")


class Computed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    coats: int

    @computed_field
    def litres(self) -> int:
        return self.coats * 2


class Serialized(BaseModel):
    token: Revealed
    words: set[str]

    @field_serializer("words")
    def joined(self, words: set[str]) -> str:
        return ",".join(sorted(words))

    @field_validator("words", mode="before")
    @classmethod
    def split(cls, words: Any) -> Any:
        return words.split(",") if isinstance(words, str) else words


class House(BaseModel):
    parts: list[Annotated[Wall | Door, Field(discriminator="kind")]]
    front: Door = Door()
    anything: Any = None


class Walls(RootModel[dict[str, Wall]]):
    pass


class Facts(BaseModel):
    at: datetime
    day: date
    took: timedelta
    raw: bytes
    price: Decimal
    place: UUID
    colours: set[Colour]
    coats: tuple[Coat, ...]
    by_number: dict[int, float]
    maybe: int | None = None


class Tree(BaseModel):
    branches: list["Tree"] = []
    _seen: object = PrivateAttr(default_factory=object)


class Doubling(BaseModel):
    coats: Annotated[int, AfterValidator(lambda coats: 2 * coats)]


class Wrong(BaseModel):
    coats: int = "many"  # type: ignore[assignment]


class Base64(BaseModel):
    model_config = ConfigDict(ser_json_bytes="base64")

    raw: bytes


class Forgetful(BaseModel):
    colour: str = "red"

    @field_serializer("colour")
    def forget(self, colour: str) -> str:
        return "grey"


class Oak(Door):
    age: int = 100


FACTS = {
    "at": datetime(2026, 10, 25, 2, 30, tzinfo=PARIS),  # an hour that is there twice
    "day": date(2026, 10, 25),
    "took": timedelta(days=-3, microseconds=7),
    "raw": "é".encode(),
    "price": Decimal("1E+3"),
    "place": UUID(int=1),
    "colours": {Colour.RED, Colour.BLUE},
    "coats": (Coat.SECOND, Coat.FIRST),
    "by_number": {1: 1e16, 2: 1e-7},
}
