"""What the supervisor knows of a child, and when it has to look at it."""

from math import inf

from jobs.worker.held import Held
from jobs.worker.pool import UNKNOWN_TYPE_TIMEOUT, Slot, packets

ONE, TWO, THREE = (Held(str(number), 1, 1, "task") for number in (1, 2, 3))


def slot(*given: Held, **state) -> Slot:
    """A slot as it is between two words with its child, without the child."""
    slot = Slot.__new__(Slot)
    slot.orders, slot.unread = packets()
    slot.given, slot.orders_given, slot.was_asked, slot.said_worn = {}, 0, False, False
    slot._next_begins()
    for held in given:
        assert slot.give(held)
    slot.__dict__ |= {"kill_at": 7.0, "began": 1.0} | state
    return slot


def close(slot: Slot) -> None:
    slot.orders.close()
    slot.unread.close()


def test_a_free_slot_asks_for_no_look_however_old_its_last_deadline_is():
    free = slot()

    assert free.next_moment() == inf
    close(free)


def test_a_running_job_asks_for_a_look_at_its_deadline():
    busy = slot(ONE)

    assert busy.next_moment() == busy.deadline == 1.0 + UNKNOWN_TYPE_TIMEOUT.total_seconds()
    close(busy)


def test_a_job_that_was_asked_to_stop_asks_for_a_look_when_it_is_to_be_killed():
    busy = slot(ONE, asked="timeout")

    assert busy.next_moment() == 7.0
    close(busy)


def test_what_waits_behind_a_job_asks_for_a_look_before_it_has_waited_long():
    busy = slot(ONE, TWO)

    assert busy.next_moment() == busy.reclaim_at == 1.05
    close(busy)


def test_what_the_child_has_not_read_is_taken_back_in_its_order():
    busy = slot(ONE, TWO, THREE)
    busy.unread.recv(1 << 18)  # as the child does

    assert busy.take_back() == [TWO, THREE]
    assert busy.job is ONE
    close(busy)


def test_what_was_taken_back_can_be_given_again():
    busy = slot(ONE, TWO)
    busy.take_back()

    busy.give(TWO)

    assert list(busy.given.values()) == [TWO]
    assert busy.number == 3
    close(busy)


def test_the_next_begins_when_one_has_ended():
    busy = slot(ONE, TWO)

    assert busy.ended(busy.number, worn=False) is ONE
    assert busy.job is TWO
    assert busy.began > 1.0
    close(busy)


def test_a_line_that_is_full_takes_no_more_and_keeps_nobody_waiting():
    large = Held("4", 1, 1, "task", data='"' + "x" * 49_000 + '"')
    busy = slot()

    given = [busy.give(large) for _ in range(50)]

    assert given[0]
    assert not given[-1]
    assert len(busy.given) == sum(given)
    close(busy)
