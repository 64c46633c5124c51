"""The guard, with real processes."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from jobs.worker.guard import Guard

# A process that does not listen to anybody, with one of its own in the same group.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard(lambda: None)
    yield guard
    guard.dismiss()


@pytest.fixture
def group(guard: Guard) -> Iterator[subprocess.Popen[bytes]]:
    """A process group that the guard watches."""
    process = subprocess.Popen(
        [sys.executable, "-c", STUBBORN], process_group=0, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    guard.watch(process.pid)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happened():
            return True
        time.sleep(0.02)
    return False


def test_the_groups_are_killed_when_the_lease_ends(guard, group):
    guard.lease_ends(time.monotonic() + 0.2)

    assert group.wait(timeout=5) == -signal.SIGKILL


def test_a_renewed_lease_spares_the_groups(guard, group):
    guard.lease_ends(time.monotonic() + 0.3)
    guard.lease_ends(time.monotonic() + 60)

    with pytest.raises(subprocess.TimeoutExpired):
        group.wait(timeout=0.8)


def test_a_forgotten_group_is_spared(guard, group):
    guard.forget(group.pid)
    guard.lease_ends(time.monotonic())

    with pytest.raises(subprocess.TimeoutExpired):
        group.wait(timeout=0.5)


def test_the_groups_are_killed_when_the_worker_dies(guard, group):
    guard.leave()  # what the kernel does to the pipe of a killed worker

    assert group.wait(timeout=5) == -signal.SIGKILL
    guard._pipe = os.open(os.devnull, os.O_WRONLY)


def test_a_killed_guard_is_replaced_by_one_that_knows_the_groups(guard, group):
    guard.lease_ends(time.monotonic() + 1.5)
    os.kill(guard.pid, signal.SIGKILL)
    killed = guard.pid

    assert within(5, lambda: guard.replace_if_dead() or guard.pid != killed)
    assert group.wait(timeout=5) == -signal.SIGKILL


def test_a_guard_that_cannot_be_replaced_yet_is_replaced_later(guard, group, monkeypatch, caplog):
    def full():
        raise OSError(errno.EAGAIN, "no more processes")

    os.kill(guard.pid, signal.SIGKILL)
    killed = guard.pid
    with monkeypatch.context() as patch:
        patch.setattr("os.fork", full)
        assert within(5, lambda: guard.replace_if_dead() or guard.pid == 0)
        guard.replace_if_dead()
        guard.lease_ends(time.monotonic() + 60)
        guard.watch(1 << 22)
        guard.forget(1 << 22)

    guard.replace_if_dead()

    assert guard.pid not in (0, killed)
    assert len(caplog.messages) == 1
    guard.lease_ends(time.monotonic())
    assert group.wait(timeout=5) == -signal.SIGKILL
