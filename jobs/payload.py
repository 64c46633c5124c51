"""Whether what is stored of a payload is read back as it was given."""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from annotated_types import BaseMetadata
from pydantic import (
    AliasChoices,
    BaseModel,
    PlainSerializer,
    Secret,
    SecretBytes,
    SecretStr,
    TypeAdapter,
    WrapSerializer,
)
from pydantic.fields import FieldInfo

Model = type[BaseModel]

MINUTE = timedelta(minutes=1)
# Their JSON is read back as they were. An instance given for a nested model is stored as it is: it
# may have been changed since it was validated, or be of a subclass with more fields.
PLAIN = {str, int, bool, float, NoneType, UUID, date, timedelta, Decimal, bytes}
PLAIN_KEYS = {str, int, UUID}
PLAIN_CONTAINERS = {list, tuple, set, frozenset}
# Options of a model that change nothing between what is given and what is read.
HARMLESS = {
    "extra", "frozen", "title", "populate_by_name", "validate_by_name", "alias_generator",
    "json_schema_extra", "validate_default", "use_attribute_docstrings", "arbitrary_types_allowed",
}  # fmt: skip


# -- what can never be read back -------------------------------------------------------------------


def losses(model: Model) -> Iterator[str]:
    """What never comes back as it was given, and what to do."""
    if reasons := list(unfit(model)):
        yield from reasons
        return
    for owner in models_in(model):
        if has_code_for_all(owner):
            continue
        for name, field in owner.model_fields.items():
            if reason := loss(owner, name, field):
                yield f"{owner.__name__}.{name} {reason}"


def unfit(model: Model | None) -> Iterator[str]:
    """Why it cannot be stored at all, nor described in the API's schema."""
    if model is None:
        return
    try:
        with warnings.catch_warnings(action="ignore"):
            shape = model.model_json_schema(mode="serialization").get("type", "object")
    except Exception as error:  # of pydantic, or of code of the model
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        yield f"{model.__name__} cannot be described as JSON: {reason}"
        return
    if shape != "object":
        yield f"{model.__name__} is stored as JSON of the type {shape}; give it fields"


def has_code_for_all(owner: Model) -> bool:
    """Whether code of its own may make up for what its fields lose."""
    validators = owner.__pydantic_decorators__.model_validators.values()
    before = any(one.info.mode != "after" for one in validators)
    return before or bool(owner.__pydantic_decorators__.model_serializers)


def loss(owner: Model, name: str, field: FieldInfo) -> str:
    if field.exclude:
        return "has exclude=True, so it would not be stored; leave that out"
    if is_secret(field.annotation) and not is_serialized(owner, name, field):
        return "is a secret, stored as '**********'; keep it in a table of its own and pass its id"
    stored, read = stored_name(name, field), names_read(owner, name, field)
    if stored not in read:
        names = " or ".join(map(repr, read))
        return f"is stored as {stored!r} and read as {names}; give it one alias for both"
    return ""


def is_secret(annotation: Any) -> bool:
    kind, parts = get_origin(annotation) or annotation, get_args(annotation)
    if kind is Annotated and any(map(is_serializer, parts)):
        return False
    secret = isinstance(kind, type) and issubclass(kind, SecretStr | SecretBytes | Secret)
    return secret or any(map(is_secret, parts))


def is_serialized(owner: Model, name: str, field: FieldInfo) -> bool:
    """Whether code of its own says how it is stored."""
    serializers = owner.__pydantic_decorators__.field_serializers.values()
    named = any({name, "*"} & set(one.info.fields) for one in serializers)
    return named or any(map(is_serializer, field.metadata))


def is_serializer(metadata: Any) -> bool:
    return isinstance(metadata, PlainSerializer | WrapSerializer)


def read_names(model: Model) -> list[str]:
    """By which names data may give its fields."""
    fields = model.model_fields.items()
    return [name for one, field in fields for name in names_read(model, one, field)[:1]]


def stored_name(name: str, field: FieldInfo) -> str:
    return field.serialization_alias or name


def names_read(owner: Model, name: str, field: FieldInfo) -> list[str]:
    """By which names data may give the field, the first of them that of the documentation."""
    alias, config = field.validation_alias, owner.model_config
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias or name]
    names = [
        choice if isinstance(choice, str) else ".".join(map(str, choice.path))
        for choice in choices
        if config.get("validate_by_alias") is not False
    ]
    by_name = config.get("validate_by_name") or config.get("populate_by_name")
    return [*names, name] if by_name and name not in names else names


def models_in(annotation: Any, seen: dict[Model, None] | None = None) -> Iterable[Model]:
    """The model and those within its fields, each once."""
    seen = {} if seen is None else seen
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            seen[annotation] = None
            for field in annotation.model_fields.values():
                models_in(field.annotation, seen)
    elif get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            models_in(part, seen)
    return seen


# -- what always is --------------------------------------------------------------------------------


def moments_of(model: Model) -> list[str] | None:
    """The fields that hold moments, the only ones that may not come back; None if others may not.

    They all come back, but for a moment with seconds in its offset, which JSON does not have.
    """
    moments = [name for name, field in model.model_fields.items() if is_moment(field)]
    others = [field for name, field in model.model_fields.items() if name not in moments]
    return moments if is_plain_model(model) and all(map(is_plain_field, others)) else None


def is_whole(moment: datetime | None) -> bool:
    offset = None if moment is None else moment.utcoffset()
    return offset is None or not offset % MINUTE


def is_plain_model(model: Model) -> bool:
    """Whether it consists of its fields, which have no code of their own."""
    own = model.__pydantic_decorators__
    validators = own.validators or own.field_validators or own.root_validators
    return not (
        validators
        or own.model_validators
        or own.field_serializers
        or own.model_serializers
        or model.__pydantic_root_model__
        or model.__pydantic_custom_init__
        or model.__pydantic_post_init__
        or model.model_config.keys() - HARMLESS
    )


def is_moment(field: FieldInfo) -> bool:
    kinds = datetime, datetime | None
    plain = field.annotation in kinds and not field.metadata and field.exclude_if is None
    return plain and (field.is_required() or field.default is None)


def is_plain_field(field: FieldInfo) -> bool:
    factory = field.default_factory
    return (
        is_plain(field.annotation)
        and all(map(is_constraint, field.metadata))
        and field.exclude_if is None
        and (factory is None or factory in PLAIN_CONTAINERS or factory is dict)
        and (field.is_required() or factory is not None or default_returns(field))
    )


def is_constraint(metadata: Any) -> bool:
    kind = type(metadata)
    return isinstance(metadata, BaseMetadata) and not hasattr(kind, "__get_pydantic_core_schema__")


def is_plain(annotation: Any) -> bool:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return is_plain(parts[0]) and all(map(is_constraint, parts[1:]))
    if origin is Literal:
        return all(type(part) in (str, int, bool, NoneType) for part in parts)
    if origin in (Union, UnionType):
        others = [part for part in parts if part is not NoneType]
        return len(others) == 1 and is_plain(others[0])
    if origin is dict:
        return parts[0] in PLAIN_KEYS and is_plain(parts[1])
    if origin in PLAIN_CONTAINERS:
        return all(part is Ellipsis or is_plain(part) for part in parts)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return all(type(member.value) in (str, int) for member in annotation)
    return annotation in PLAIN


def default_returns(field: FieldInfo) -> bool:
    """A default is not validated unless it comes back."""
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    try:
        back = adapter.validate_json(adapter.dump_json(field.default, warnings=False))
    except ValueError:
        return False
    return bool(back == field.default)


# -- what does not this time -----------------------------------------------------------------------


def differences(given: BaseModel, back: BaseModel) -> dict[str, str]:
    """The parts that are read back as something else, by their dotted path."""
    fields = type(back).model_fields
    pairs = ((name, getattr(given, name, None), getattr(back, name)) for name in fields)
    return {
        path: f"would be read back as {other!r:.100}, given {value!r:.100}"
        for name, first, second in pairs
        for path, value, other in differing(first, second, name)
    }


def differing(given: Any, back: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    parts, others = parts_of(given), parts_of(back)
    if type(given) is type(back) and parts and others and parts.keys() == others.keys():
        for name in parts:
            yield from differing(parts[name], others[name], f"{path}.{name}")
    elif not same(given, back):
        yield path, given, back


def parts_of(value: Any) -> Mapping[Any, Any] | None:
    """What it is made of, by name; None if it is to be compared as a whole."""
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, list | tuple) else None


def same(given: Any, back: Any) -> bool:
    moments = isinstance(given, datetime) and isinstance(back, datetime)
    if moments and given.tzinfo and back.tzinfo:
        # Python calls no two moments of an hour that is there twice equal, unless of one zone.
        return not given - back
    return bool(given == back)
