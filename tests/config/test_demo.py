"""`manage.py demo`, as `make demo` runs it."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import pytest
from django.core.management import CommandError

from airtable_sync.models import SyncedRecord, SyncPlan
from config.demo import HOST, standin
from config.demo_airtable import airtable
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


def waiting() -> list[SyncPlan]:
    return list(SyncPlan.objects.filter(state="planned").order_by("pk"))


def plans() -> list[tuple[str, str, dict[str, int]]]:
    """What the syncs did or would do, in their order."""
    rows = SyncPlan.objects.order_by("pk").values_list("direction", "state", "counts")
    return [(direction, state, counts) for direction, state, counts in rows]


def test_it_runs_real_jobs_and_says_what_was_done_twice_in_a_row(monkeypatch):
    monkeypatch.setenv("SERVE", "0")

    first, second = manage("demo"), manage("demo")

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "build_tiles communes: finished" in first.stdout
    assert "features 1,276" in second.stdout
    assert "pro_eligibility_test: finished" in first.stdout
    assert not Job.objects.exclude(status="finished").exists()
    assert {test.stage for test in EligibilityTest.objects.all()} == {"done"}
    assert plans() == [
        ("to_airtable", "applied", {"create": 2, "change": 2}),
        ("from_airtable", "applied", {"change": 5}),
        ("to_airtable", "planned", {"change": 1}),
        ("from_airtable", "planned", {"change": 2, "problem": 1}),
        # The stand-in is another one, and we know already what it has to tell.
        ("to_airtable", "applied", {"create": 2, "change": 2}),
        ("from_airtable", "applied", {}),
        ("to_airtable", "planned", {"change": 1}),
        ("from_airtable", "planned", {"change": 2, "problem": 1}),
    ]
    # Two of seven rows are more than pass without a person; one is not.
    assert [plan.needs_confirmation for plan in waiting()] == [False, True] * 2


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


def test_a_stand_in_that_does_not_start_is_not_taken_for_the_service_itself(capfd):
    with pytest.raises(CommandError) as refusal, standin("standins.geocoder", "--port", "none"):
        pass

    assert str(refusal.value) == "standins.geocoder did not start; its last lines say why."
    assert "invalid int value: 'none'" in capfd.readouterr().err


def test_what_was_undone_in_an_earlier_demo_is_not_held_back_in_this_one(monkeypatch):
    SyncedRecord.objects.create(name="reseaux-de-chaleur", key=1, held={"id_fcu": 1})
    for name in ("AIRTABLE_URL", "AIRTABLE_BASE", "AIRTABLE_API_KEY"):
        monkeypatch.setenv(name, "")

    with airtable():
        assert not SyncedRecord.objects.exists()


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
    until = time.monotonic() + 90
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
    assert [f"/syncplan/{plan.pk}/" in said for plan in waiting()] == [True, True]
    assert not answers(f"http://{HOST}:{port}/tiles/communes.json")
