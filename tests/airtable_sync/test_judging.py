"""What is to be done about one cell: a table of all cases, and what is true of any cells."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airtable_sync.judging import UNKNOWN, judged
from airtable_sync.models import PlannedChange

Action = PlannedChange.Action
CHANGE, CONFLICT, HELD = Action.CHANGE, Action.CONFLICT, Action.HELD

CASES = [
    # owner, target, agreed, held, what is to be done
    ("a", "a", UNKNOWN, UNKNOWN, None),
    (None, None, UNKNOWN, UNKNOWN, None),
    ("a", "a", "b", UNKNOWN, None),
    # At first nobody knows who has changed it.
    ("a", "b", UNKNOWN, UNKNOWN, CHANGE),
    ("a", None, UNKNOWN, UNKNOWN, CHANGE),
    (None, "b", UNKNOWN, UNKNOWN, CONFLICT),
    ([], ["b"], UNKNOWN, UNKNOWN, CONFLICT),
    (False, True, UNKNOWN, UNKNOWN, CHANGE),
    (0, 5, UNKNOWN, UNKNOWN, CHANGE),
    # Later one side has changed it.
    ("a", "b", "b", UNKNOWN, CHANGE),
    ("a", "b", "a", UNKNOWN, CHANGE),
    (None, "b", "b", UNKNOWN, CHANGE),
    ("a", None, "a", UNKNOWN, CHANGE),
    ("a", None, None, UNKNOWN, CHANGE),
    # Or both have.
    ("a", "b", "c", UNKNOWN, CONFLICT),
    (None, "b", "c", UNKNOWN, CONFLICT),
    ("a", None, "c", UNKNOWN, CONFLICT),
    (True, False, None, UNKNOWN, CONFLICT),
    # A blank that always was one blanks nothing.
    (None, "b", None, UNKNOWN, CONFLICT),
    ([], ["b"], [], UNKNOWN, CONFLICT),
    # What was undone stays so until its owner changes it.
    ("a", "b", "b", "a", HELD),
    ("a", "b", "c", "a", HELD),
    (None, "b", "b", None, HELD),
    ("a", "a", "b", "a", None),
    ("c", "b", "b", "a", CHANGE),
    ("c", "d", "b", "a", CONFLICT),
]


@pytest.mark.parametrize(("owner", "target", "agreed", "held", "expected"), CASES)
def test_each_case(owner: Any, target: Any, agreed: Any, held: Any, expected: Action | None):
    assert judged(owner, target, agreed=agreed, held=held) == expected


CELLS = st.sampled_from([None, False, True, 0, 1, "a", "b", [], ["a"]])
SEEN = st.just(UNKNOWN) | CELLS


@settings(deadline=None)
@given(cell=CELLS, agreed=SEEN, held=SEEN)
def test_where_both_sides_are_the_same_nothing_is_done(cell: Any, agreed: Any, held: Any):
    assert judged(cell, cell, agreed=agreed, held=held) is None


@settings(deadline=None)
@given(owner=CELLS, target=CELLS, agreed=SEEN, held=SEEN)
def test_where_they_differ_something_is_said_of_it(owner: Any, target: Any, agreed: Any, held: Any):
    action = judged(owner, target, agreed=agreed, held=held)

    assert (action is None) == (owner == target)


@settings(deadline=None)
@given(owner=CELLS, target=CELLS, agreed=CELLS)
def test_what_both_changed_is_never_overwritten(owner: Any, target: Any, agreed: Any):
    if owner != target and agreed not in (owner, target):
        assert judged(owner, target, agreed=agreed) is CONFLICT


@settings(deadline=None)
@given(owner=CELLS, target=CELLS, agreed=SEEN)
def test_what_is_blank_is_blanked_only_where_it_was_filled_in(owner: Any, target: Any, agreed: Any):
    action = judged(owner, target, agreed=agreed)

    if owner in (None, []) and action is CHANGE:
        assert agreed is not UNKNOWN
        assert agreed not in (None, [])
