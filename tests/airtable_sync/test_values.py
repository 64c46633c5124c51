"""How each kind of value converts, both ways."""

import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airtable_sync.errors import NotInThisColumn
from airtable_sync.values import (
    ATTACHMENTS,
    DAY,
    FLAG,
    JOINED,
    NUMBER,
    TEXT,
    WHOLE,
    Value,
    is_blank,
)

FORMULA_ERROR, NOT_A_NUMBER = {"error": "#ERROR!"}, {"specialValue": "NaN"}
FILE = {"id": "att1", "filename": "plan.pdf", "size": 1_024, "type": "application/pdf"}


@pytest.mark.parametrize(
    ("value", "ours", "cell"),
    [
        (TEXT, "Moulins", "Moulins"),
        (TEXT, " Moulins\n", "Moulins"),
        (TEXT, "", None),
        (TEXT, " ", None),
        (NUMBER, 50.5, 50.5),
        (NUMBER, 0, 0),
        (NUMBER, None, None),
        (WHOLE, 1_999, 1_999),
        (WHOLE, None, None),
        (FLAG, True, True),
        (FLAG, False, False),
        (FLAG, None, False),
        (DAY, date(2027, 1, 15), "2027-01-15"),
        # In France it is the next day already.
        (DAY, datetime(2027, 1, 15, 23, 30, tzinfo=UTC), "2027-01-16"),
        (DAY, datetime(2027, 7, 15, 22, 30, tzinfo=UTC), "2027-07-16"),
        (DAY, None, None),
        (JOINED, ["Moulins", "Yzeure"], "Moulins,Yzeure"),
        (JOINED, ["Moulins"], "Moulins"),
        (JOINED, [], None),
        (JOINED, None, None),
        (ATTACHMENTS, [FILE], [FILE]),
        (ATTACHMENTS, [], []),
        (ATTACHMENTS, None, []),
    ],
)
def test_ours_becomes_a_cell(value: Value, ours: Any, cell: Any):
    assert value.cell(ours) == cell
    assert type(value.cell(ours)) is type(cell)


@pytest.mark.parametrize(
    ("value", "cell", "normal", "ours"),
    [
        (TEXT, "Moulins", "Moulins", "Moulins"),
        (TEXT, " Moulins\n", "Moulins", "Moulins"),
        (TEXT, "Moulins\nYzeure", "Moulins\nYzeure", "Moulins\nYzeure"),
        (TEXT, "", None, ""),
        (TEXT, None, None, ""),
        (NUMBER, 50.5, 50.5, 50.5),
        (NUMBER, 0, 0, 0),
        (NUMBER, -1, -1, -1),
        (NUMBER, "NULL", None, None),
        (NUMBER, None, None, None),
        (WHOLE, 1_999, 1_999, 1_999),
        (WHOLE, 1_999.0, 1_999, 1_999),
        (WHOLE, "NULL", None, None),
        (WHOLE, None, None, None),
        (FLAG, True, True, True),
        (FLAG, False, False, False),
        (FLAG, None, False, False),
        (ATTACHMENTS, None, [], []),
        (ATTACHMENTS, [FILE | {"url": "https://example.fr/1"}], [FILE], [FILE]),
        (ATTACHMENTS, [FILE | {"thumbnails": {}}], [FILE], [FILE]),
        (
            ATTACHMENTS,
            [{"id": "att1"}],
            [{"id": "att1", "filename": None, "size": None, "type": None}],
            [{"id": "att1", "filename": None, "size": None, "type": None}],
        ),
    ],
)
def test_a_cell_becomes_ours(value: Value, cell: Any, normal: Any, ours: Any):
    assert value.normal(cell) == normal
    assert type(value.normal(cell)) is type(normal)
    assert value.value(value.normal(cell)) == ours


@pytest.mark.parametrize(
    ("value", "cell", "reason"),
    [
        (TEXT, 5, "5 is no text"),
        (TEXT, True, "True is no text"),
        (TEXT, ["Moulins"], "['Moulins'] is no text"),
        (TEXT, FORMULA_ERROR, "the error #ERROR! of a formula is no text"),
        (TEXT, "Mou\0lins", r"'Mou\x00lins' has characters that cannot be stored"),
        (TEXT, "Mou\ud83dlins", r"'Mou\ud83dlins' has characters that cannot be stored"),
        (NUMBER, "5", "'5' is no number"),
        (NUMBER, "n. c.", "'n. c.' is no number"),
        (NUMBER, "", "'' is no number"),
        (NUMBER, True, "True is no number"),
        (NUMBER, [5], "[5] is no number"),
        (NUMBER, math.nan, "nan is no number"),
        (NUMBER, math.inf, "inf is no number"),
        (NUMBER, FORMULA_ERROR, "the error #ERROR! of a formula is no number"),
        (NUMBER, NOT_A_NUMBER, "the error NaN of a formula is no number"),
        (NUMBER, {"label": "Open"}, "{'label': 'Open'} is no number"),
        (WHOLE, 1_999.5, "1999.5 is no whole number"),
        (WHOLE, "1999", "'1999' is no number"),
        (WHOLE, -math.inf, "-inf is no number"),
        (FLAG, 1, "1 is neither ticked nor not ticked"),
        (FLAG, "oui", "'oui' is neither ticked nor not ticked"),
        (FLAG, FORMULA_ERROR, "the error #ERROR! of a formula is neither ticked nor not ticked"),
        (ATTACHMENTS, "plan.pdf", "'plan.pdf' is no list of attachments"),
        (ATTACHMENTS, ["plan.pdf"], "['plan.pdf'] is no list of attachments"),
        (ATTACHMENTS, [{"url": "x"}], "[{'url': 'x'}] is no list of attachments"),
        (ATTACHMENTS, FORMULA_ERROR, "the error #ERROR! of a formula is no list of attachments"),
    ],
)
def test_what_its_column_cannot_have_is_refused(value: Value, cell: Any, reason: str):
    with pytest.raises(NotInThisColumn) as refused:
        value.normal(cell)

    assert str(refused.value) == reason


def test_a_long_cell_is_said_in_part():
    with pytest.raises(NotInThisColumn) as refused:
        NUMBER.normal("x" * 1_000)

    assert str(refused.value) == f"'{'x' * 99} is no number"


@pytest.mark.parametrize(
    ("cell", "blank"),
    [
        (None, True),
        ([], True),
        # Nobody has to do anything for a box not to be ticked, or for a number to be 0.
        (False, False),
        (0, False),
        ("Moulins", False),
        ([FILE], False),
    ],
)
def test_blank_is_what_nobody_has_filled_in(cell: Any, blank: bool):
    assert is_blank(cell) is blank


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KINDS = st.sampled_from([TEXT, NUMBER, WHOLE, FLAG, DAY, JOINED, ATTACHMENTS])


@settings(deadline=None)
@given(value=KINDS, cell=JSON)
def test_any_json_is_a_cell_of_the_column_or_refused(value: Value, cell: Any):
    try:
        normal = value.normal(cell)
    except NotInThisColumn:
        return
    assert value.normal(normal) == normal


@settings(deadline=None)
@given(value=st.sampled_from([TEXT, NUMBER, WHOLE, FLAG, ATTACHMENTS]), cell=JSON)
def test_what_was_taken_is_the_same_cell_again(value: Value, cell: Any):
    try:
        normal = value.normal(cell)
    except NotInThisColumn:
        return
    assert value.cell(value.value(normal)) == normal
