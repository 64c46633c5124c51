"""Which child is given what, and how much is claimed for them."""

import time

import pytest

from jobs.worker.backlog import Backlog
from jobs.worker.held import Held
from jobs.worker.pace import BLINK, LONG, MOST, Pace
from jobs.worker.pool import Slot, packets

QUICK = BLINK / MOST / 2


def held(id: str, type: str = "short", *, is_suspect: bool = False) -> Held:
    return Held(id, 1, 1, type, is_suspect=is_suspect)


@pytest.fixture
def slots():
    """Two children that read nothing."""
    made = []
    for _ in range(2):
        slot = Slot.__new__(Slot)
        slot.orders, slot.unread = packets()
        slot.given, slot.orders_given, slot.was_asked = {}, 0, False
        slot.said_worn = slot.is_debugged = False
        slot._next_begins()
        made.append(slot)
    yield made
    for slot in made:
        slot.orders.close()
        slot.unread.close()


@pytest.fixture
def backlog(slots):
    return Backlog(lambda: slots)


def given(slots) -> list[list[str]]:
    return [[held.id for held in slot.given.values()] for slot in slots]


def test_at_first_each_child_has_one_job(backlog, slots):
    assert backlog.room() == 2
    backlog.add(held(id) for id in "abc")

    backlog.hand_out()

    assert given(slots) == [["a"], ["b"]]
    assert [left.id for left in backlog.jobs] == ["c"]


def test_short_jobs_are_given_several_at_a_time(backlog, slots):
    backlog.pace.note("short", QUICK)
    assert backlog.room() == 2 * MOST
    backlog.add(held(id) for id in "abcde")

    backlog.hand_out()

    assert given(slots) == [["a", "c", "e"], ["b", "d"]]


def test_a_job_of_a_type_that_is_not_known_waits_for_a_child_that_is_free(backlog, slots):
    backlog.pace.note("short", QUICK)
    backlog.add([held("a"), held("b"), held("c", "new")])

    backlog.hand_out()

    assert given(slots) == [["a"], ["b"]]


def test_a_suspect_runs_alone(backlog, slots):
    backlog.pace.note("short", QUICK)
    backlog.add([held("a", is_suspect=True), held("b"), held("c"), held("d", is_suspect=True)])

    backlog.hand_out()

    assert given(slots) == [["a"], ["b", "c"]]
    assert [left.id for left in backlog.jobs] == ["d"]


def test_nothing_is_claimed_to_wait_behind_a_job_that_turns_out_to_be_long(backlog, slots):
    backlog.pace.note("short", QUICK)
    backlog.add([held("a")])
    backlog.hand_out()

    slots[0].began = time.monotonic() - 2 * LONG

    assert backlog.room() == MOST


@pytest.mark.parametrize("state", ["was_asked", "said_worn"])
def test_a_child_that_is_to_be_replaced_gets_nothing(backlog, slots, state):
    setattr(slots[0], state, True)

    assert (backlog.room(), backlog.free()) == (1, 1)


def test_what_a_child_had_not_begun_goes_before_what_none_has_had(backlog, slots):
    backlog.add([held("c")])

    backlog.put_back([held("a"), held("b")])

    assert [waiting.id for waiting in backlog.jobs] == ["a", "b", "c"]


def test_what_waits_too_long_is_overdue(backlog, slots):
    before = time.monotonic()
    backlog.add(held(id) for id in "abc")

    backlog.hand_out()

    assert before + LONG <= backlog.overdue_at <= time.monotonic() + LONG


def test_pace_forgets_what_was_long_ago():
    pace = Pace()
    pace.note("short", 10.0)
    for _ in range(200):
        pace.note("short", QUICK)

    assert pace.is_short("short")
    assert pace.at_once == MOST


def test_a_long_run_makes_the_next_claims_small_at_once():
    pace = Pace()
    pace.note("short", QUICK)
    pace.note("long", 60.0)

    assert pace.at_once == 1
    assert pace.is_short("short")
    assert not pace.is_short("long")
