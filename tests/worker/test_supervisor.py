"""When the worker looks at the table again, and what it does when the machine is full."""

import errno
import math
import os
import selectors
import time

import pytest

from jobs.models.queryset import BATCH
from jobs.worker.console import Console
from jobs.worker.hands import Hands
from jobs.worker.ledger import LOCKED_PAUSE, Ledger
from jobs.worker.rounds import Polled
from jobs.worker.supervisor import Supervisor
from jobs.worker.turn import due_of


@pytest.mark.parametrize(("wait", "pause"), [(math.inf, 5), (60.0, 5), (1.5, 1.5), (0.0, 0.0)])
def test_it_looks_again_at_the_next_hour_or_at_the_poll(monkeypatch, wait, pause):
    supervisor = Supervisor(due_of(["task"]), types=["task"], poll=5)
    monkeypatch.setattr(supervisor, "_room", lambda: 1)
    monkeypatch.setattr(supervisor.ledger, "poll", lambda: (False, wait))
    now = time.monotonic()

    supervisor._poll(now)

    assert supervisor.poll_at == now + pause


@pytest.mark.parametrize(
    ("finds", "room", "hungry"), [(False, 1, False), (True, 1, True), (False, 0, True)]
)
def test_it_claims_after_a_poll_that_found_something_or_once_there_is_room(
    monkeypatch, finds, room, hungry
):
    supervisor = Supervisor(due_of(["task"]), types=["task"])
    supervisor.hungry = False
    monkeypatch.setattr(supervisor, "_room", lambda: room)
    monkeypatch.setattr(supervisor.ledger, "poll", lambda: (finds, math.inf))

    supervisor._poll(time.monotonic())

    assert (supervisor.hungry, supervisor.drained) == (hungry, not hungry)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "wait", "again"),
    [
        (1, None, math.inf),
        (1, 60.0, 60.0),
        (BATCH, -9.0, 0.0),
        (0, -9.0, LOCKED_PAUSE),
    ],
    ids=["none", "later", "more than a batch", "locked"],
)
def test_the_next_hour_is_that_of_the_next_job_for_later(monkeypatch, made, wait, again):
    monkeypatch.setattr("jobs.worker.ledger.poll", lambda choice: Polled(made, wait, False))

    ledger = Ledger(slots=1, types=[], choice=due_of([]))

    assert ledger.poll() == (made > 0, again)


def test_a_machine_that_cannot_fork_keeps_the_worker_and_leaks_nothing(monkeypatch, caplog):
    ledger = Ledger(slots=1, types=["task"], choice=due_of(["task"]))
    hands = Hands(ledger, Console(), selectors.PollSelector(), lambda: None)
    before = len(os.listdir("/dev/fd"))

    def full():
        raise OSError(errno.EAGAIN, "no more processes")

    with monkeypatch.context() as patch:
        patch.setattr("os.fork", full)
        hands.fill(2)

    hands.dismiss()
    assert caplog.messages == [
        f"A child cannot be forked: [Errno {errno.EAGAIN}] no more processes."
    ]
    assert len(os.listdir("/dev/fd")) == before - 1  # the pipe to the guard
