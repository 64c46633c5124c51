"""The ends of children and of what they leave, seen from their worker."""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from jobs.worker import pool as pools
from jobs.worker import processes
from jobs.worker.pool import Pool
from jobs.worker.processes import WATCH, has_ended

PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(lambda: None)
    yield pool
    for slot in [*pool.slots, *pool.leaving]:
        pool.remove(slot)
        slot.close()
    pool.guard.dismiss()


def until(condition: Callable[[], object]) -> None:
    give_up = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_a_child_that_is_let_go_ends_by_itself(pool: Pool):
    slot = pool.fork()

    pool.let_leave(slot)

    until(lambda: has_ended(slot.pid))
    assert pool.left() == [slot]
    assert os.waitid(os.P_PID, slot.pid, WATCH).si_code == os.CLD_EXITED


def test_a_child_that_does_not_go_is_killed_when_its_time_is_over(pool: Pool):
    slot = pool.fork()
    os.kill(slot.pid, signal.SIGSTOP)
    pool.let_leave(slot)
    assert pool.left() == []

    slot.leave_by = time.monotonic()

    assert pool.left() == [slot]
    pool.remove(slot)
    slot.close()
    assert pool.leaving == []


def test_a_killed_child_that_does_not_end_keeps_nobody_waiting(pool: Pool, monkeypatch, caplog):
    slot = pool.fork()
    with monkeypatch.context() as patch:
        patch.setattr(processes, "has_ended", lambda pid: False)
        patch.setattr(pools, "LONGEST_DEATH", 0.05)

        pool.remove(slot)

    slot.close()
    assert pool.slots == []
    assert caplog.messages == [f"Process {slot.pid} was killed and does not end."]
    until(lambda: pool.reap_adopted() or not is_child(slot.pid))


def is_child(pid: int) -> bool:
    """Whether it is one of ours, ended or not."""
    try:
        return os.waitid(os.P_PID, pid, WATCH | os.WEXITED) is None or True
    except ChildProcessError:
        return False


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere only process 1 adopts")
def test_orphans_that_come_to_the_worker_are_reaped_and_nobody_else_is():
    def worker() -> bool:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        pool = Pool(lambda: None)
        if (own := os.fork()) == 0:
            os._exit(7)
        leave_orphans(3)

        until(lambda: pool.reap_adopted() or zombies() <= {own})

        status = os.waitstatus_to_exitcode(os.waitpid(own, 0)[1])
        guarded = os.waitid(os.P_PID, pool.guard.pid, WATCH) is None
        pool.guard.dismiss()
        return status == 7 and guarded

    if (pid := os.fork()) == 0:
        os._exit(0 if worker() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def leave_orphans(count: int) -> None:
    """As a handler does whose child is killed."""
    if (child := os.fork()) == 0:
        os.setpgid(0, 0)
        for _ in range(count):
            if os.fork() == 0:
                os._exit(0)
        os._exit(0)
    os.waitpid(child, 0)


def zombies() -> set[int]:
    ours = psutil.Process().children()
    return {process.pid for process in ours if process.status() == psutil.STATUS_ZOMBIE}
