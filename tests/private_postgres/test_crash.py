"""Whoever is killed, and whenever, the next start succeeds."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest

from config.postgres import Server, ensure_running
from tests.private_postgres.processes import ask, output, postmaster, use, wait_until


def test_it_starts_again_after_its_postmaster_was_killed(server: Server) -> None:
    line = psycopg.connect(ensure_running(server, "jobs"))
    line.execute("CREATE TABLE kept ()")
    line.commit()
    first = postmaster(server)

    os.kill(first, signal.SIGKILL)

    assert output(use(server)) == str(postmaster(server)) != str(first)
    with pytest.raises(psycopg.OperationalError):
        line.execute("SELECT 1")
    with psycopg.connect(server.conninfo("jobs")) as again:
        assert again.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_session_that_works_on_after_the_postmaster_delays_the_start_only(server: Server) -> None:
    # It notices the death of the postmaster when it ends its work, two seconds later.
    busy = (
        "DO $$ DECLARE until timestamptz := clock_timestamp() + interval '2 s';"
        " BEGIN WHILE clock_timestamp() < until LOOP END LOOP; END $$"
    )
    code = "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute(sys.argv[2])"
    worker = subprocess.Popen(
        [sys.executable, "-c", code, ensure_running(server), busy], stderr=subprocess.DEVNULL
    )
    wait_until(lambda: ask(server, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'DO %'"))

    os.kill(postmaster(server), signal.SIGKILL)

    assert output(use(server)) == str(postmaster(server))
    worker.wait(10)


@pytest.mark.parametrize("end", [os.kill, os.killpg], ids=["alone", "with its initdb"])
def test_a_starter_killed_in_initdb_leaves_nothing_that_hinders(
    end: Callable[[int, int], None], server: Server
) -> None:
    starter = use(server, start_new_session=True)
    wait_until(lambda: any(server.home.glob("data-*/*")))
    assert not server.data.exists()

    end(starter.pid, signal.SIGKILL)
    starter.communicate()

    assert output(use(server)) == str(postmaster(server))


def test_a_pid_file_that_names_another_process_does_not_hinder(server: Server) -> None:
    ensure_running(server)
    words = server.pid_file.read_text().split("\n", 1)[1]
    os.kill(postmaster(server), signal.SIGQUIT)
    wait_until(lambda: not server.pid_file.exists())
    other = subprocess.Popen(["sleep", "60"])

    # As in a container that was killed and started again, where small numbers come back.
    server.pid_file.write_text(f"{other.pid}\n{words}")

    assert output(use(server)) == str(postmaster(server))
    assert other.poll() is None
    other.kill()
    other.wait()
