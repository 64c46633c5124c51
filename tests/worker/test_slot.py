"""What the supervisor knows of a child, and when it has to look at it."""

import errno
import socket
from math import inf

import pytest

from jobs.worker import frames
from jobs.worker.held import Held
from jobs.worker.pool import UNKNOWN_TYPE_TIMEOUT, Slot, packets

ONE, TWO, THREE = (Held(str(number), 1, 1, "task") for number in (1, 2, 3))


def slot(*given: Held, **state) -> Slot:
    """A slot as it is between two words with its child, without the child."""
    slot = Slot.__new__(Slot)
    slot.orders, slot.unread = packets()
    slot.given, slot.orders_given, slot.was_asked = {}, 0, False
    slot.said_worn = slot.is_debugged = False
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


class Narrow:
    """A line as other systems have it: it says why it takes no packet."""

    def __init__(self, most: int, full: int):
        self.most, self.full, self.sent = most, full, []

    def send(self, packet: bytes, flags: int) -> None:
        if len(packet) > self.most:
            raise OSError(errno.EMSGSIZE, "too long")
        if self.sent:
            raise OSError(self.full, "full")
        self.sent.append(packet)


@pytest.mark.parametrize("full", [errno.ENOBUFS, errno.EAGAIN])
def test_a_system_that_has_no_room_for_an_order_does_not_lose_it(full):
    busy = slot()
    close(busy)
    busy.orders = Narrow(2000, full)

    assert busy.give(ONE)
    assert not busy.give(TWO)

    assert list(busy.given.values()) == [ONE]


def test_a_system_with_small_packets_leaves_the_data_to_be_read():
    busy = slot()
    close(busy)
    busy.orders = Narrow(2000, errno.ENOBUFS)

    assert busy.give(Held("4", 1, 1, "task", data='"' + "x" * 5000 + '"'))

    assert frames.ordered(busy.orders.sent[0])[1].data == ""


def test_where_packets_are_of_another_kind_they_may_be_as_large(monkeypatch):
    pair = socket.socketpair

    def without_order(family, kind):
        if kind == socket.SOCK_SEQPACKET:
            raise OSError(errno.EPROTONOSUPPORT, "not here")
        return pair(family, kind)

    monkeypatch.setattr("socket.socketpair", without_order)
    ends = packets()

    ends[0].send(b"x" * (2 * frames.MOST_DATA), socket.MSG_DONTWAIT)

    assert len(ends[1].recv(frames.LARGEST_PACKET)) == 2 * frames.MOST_DATA
    for end in ends:
        end.close()
