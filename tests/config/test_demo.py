"""`manage.py demo`, as `make demo` runs it."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest

from config.demo import HOST, SOURCES
from jobs.models import Job
from pro_eligibility.models import EligibilityTest
from tests.worker.commands import ROOT, environment, manage

pytestmark = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_runs_real_jobs_and_says_what_was_done_twice_in_a_row(monkeypatch):
    monkeypatch.setenv("SERVE", "0")

    first, second = manage("demo"), manage("demo")

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "build_tiles communes: finished" in first.stdout
    assert "features 1,276" in second.stdout
    # Besides the sources, a test of addresses and the map that follows it; the first time the
    # networks are new, so the addresses near them are looked at.
    assert Job.objects.filter(status="finished").count() == 2 * (len(SOURCES) + 2) + 1
    assert "pro_eligibility_test: finished" in first.stdout
    assert {test.stage for test in EligibilityTest.objects.all()} == {"done"}


def test_a_port_that_is_taken_is_refused_before_anything_is_done():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = manage("demo", "--port", port)

    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert "Choose another: PORT=8001 make demo." in done.stderr
    assert not Job.objects.exists()


def test_it_serves_until_it_is_told_to_stop():
    port = free_port()
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # As a shell starts what it puts in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    until = time.monotonic() + 60
    while not (up := answers(f"http://{HOST}:{port}/tiles/communes.json")):
        if demo.poll() is not None or time.monotonic() > until:
            break
        time.sleep(0.1)
    family = psutil.Process(demo.pid).children(recursive=True)
    demo.send_signal(signal.SIGINT)
    try:
        said, _ = demo.communicate(timeout=30)
    finally:
        demo.kill()
        left = [process for process in family if process.is_running()]
        for process in left:
            process.kill()

    assert up, said
    assert not left
    assert demo.returncode == 0, said
    assert "Log in as admin with the password" in said
    assert not answers(f"http://{HOST}:{port}/tiles/communes.json")
