"""`filterByFormula`: comparisons, AND, OR, NOT; what else the service knows is refused."""

import operator
import re
from collections.abc import Callable
from typing import Any

from standins.airtable import errors
from standins.airtable.table import Record, Table

Value = Callable[[Record], Any]
TOKEN = re.compile(
    r"""\s*(?:
        (?P<field>\{(?:\\.|[^}\\])*\})
      | (?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>!=|<=|>=|[=<>(),])
    )\s*""",
    re.VERBOSE,
)
ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Formula:
    def __init__(self, text: str, table: Table) -> None:
        self._table, self._tokens = table, tokens_of(text)
        self._value = self._comparison()
        if self._tokens:
            raise errors.invalid_formula(f"{self._tokens[0][1]} is not expected.")

    def holds(self, record: Record) -> bool:
        return bool(self._value(record))

    def _comparison(self) -> Value:
        left = self._operand()
        if not self._next_is("=", "!=", *ORDERS):
            return left
        sign, right = self._take()[1], self._operand()
        return lambda record: compare(left(record), sign, right(record))

    def _operand(self) -> Value:
        kind, word = self._take()
        if kind == "field":
            return self._cell(unescaped(word[1:-1]))
        if kind == "text":
            return constant(unescaped(word[1:-1]))
        if kind == "number":
            return constant(float(word))
        if kind == "name":
            return self._call(word) if self._next_is("(") else self._cell(word)
        if word != "(":
            raise errors.invalid_formula(f"{word} is not expected.")
        inner = self._comparison()
        self._expect(")")
        return inner

    def _call(self, name: str) -> Value:
        arguments = self._arguments()
        match name.upper(), len(arguments):
            case "AND", _:
                return lambda record: all(one(record) for one in arguments)
            case "OR", _:
                return lambda record: any(one(record) for one in arguments)
            case "NOT", 1:
                return lambda record: not arguments[0](record)
            case ("TRUE" | "FALSE" | "BLANK") as word, 0:
                return constant({"TRUE": True, "FALSE": False, "BLANK": None}[word])
            case "RECORD_ID", 0:
                return lambda record: record.id
        raise errors.invalid_formula(f"{name} with {len(arguments)} arguments is not known.")

    def _arguments(self) -> list[Value]:
        self._expect("(")
        arguments: list[Value] = []
        while not self._next_is(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._comparison())
        self._expect(")")
        return arguments

    def _cell(self, name: str) -> Value:
        if not (field := self._table.find_field(name)):
            raise errors.invalid_formula(f"Unknown field names: {name.lower()}")
        return lambda record: record.cells.get(field.id)

    def _next_is(self, *signs: str) -> bool:
        return bool(self._tokens) and self._tokens[0] in [("sign", sign) for sign in signs]

    def _take(self) -> tuple[str, str]:
        if not self._tokens:
            raise errors.invalid_formula("It ends too early.")
        return self._tokens.pop(0)

    def _expect(self, sign: str) -> None:
        if self._take() != ("sign", sign):
            raise errors.invalid_formula(f"{sign} is missing.")


def tokens_of(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while place < len(text):
        if not (found := TOKEN.match(text, place)):
            raise errors.invalid_formula("Please check your formula text.")
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        place = found.end()
    return tokens


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def constant(value: Any) -> Value:
    return lambda record: value


def compare(left: Any, sign: str, right: Any) -> bool:
    if sign in ORDERS:
        return comparable(left, right) and ORDERS[sign](left, right)
    # An empty cell equals the empty text, 0 and FALSE() alike.
    equal = left == right or (not left and not right)
    return equal if sign == "=" else not equal


def comparable(left: Any, right: Any) -> bool:
    return any(isinstance(left, kind) and isinstance(right, kind) for kind in (int | float, str))
