"""A watcher stops the server when it has no client, and never while it has one."""

import os
import signal
import time

import psycopg
from psycopg.pq import Ping

from config.postgres import Server, connect, ensure_running
from config.postgres.watcher import LONGEST_PAUSE
from tests.private_postgres.processes import (
    first_line,
    has_no_watcher,
    kill,
    output,
    postmaster,
    use,
    wait_until,
    watcher,
)


def is_stopped(server: Server) -> bool:
    return server.ping() is Ping.NO_RESPONSE and not server.pid_file.exists()


def test_it_stops_by_itself_after_its_users_were_killed(short_lived: Server) -> None:
    users = [use(short_lived, stay=60) for _ in range(2)]
    pids = {first_line(user) for user in users}

    for user in users:
        kill(user)

    assert len(pids) == 1
    wait_until(lambda: is_stopped(short_lived))
    assert "database system is shut down" in short_lived.log.read_text()


def test_the_default_leaves_time_to_stop_within_a_minute() -> None:
    assert Server.idle_seconds + LONGEST_PAUSE <= 50


def test_it_stays_while_a_client_is_connected(short_lived: Server) -> None:
    with psycopg.connect(ensure_running(short_lived)) as connection:
        time.sleep(3)

        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_starts_again_after_it_has_stopped(short_lived: Server) -> None:
    first = output(use(short_lived))
    wait_until(lambda: is_stopped(short_lived))

    assert output(use(short_lived)) != first


def test_whoever_connects_as_it_stops_is_served(restless: Server) -> None:
    def open_connection() -> psycopg.Connection:
        return psycopg.connect(restless.conninfo("jobs"))

    for turn in range(25):
        with connect(restless, open_connection, "jobs") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        time.sleep(0.05 + turn % 10 * 0.01)

    assert restless.log.read_text().count("starting PostgreSQL") > 3


def test_a_killed_watcher_is_replaced_at_the_next_connection(server: Server) -> None:
    ensure_running(server)
    wait_until(lambda: watcher(server))
    first = watcher(server)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: watcher(server) is None)

    output(use(server))

    wait_until(lambda: watcher(server))
    assert watcher(server) != first


def test_connections_do_not_gather_watchers(server: Server) -> None:
    for process in [use(server) for _ in range(4)]:
        output(process)
    wait_until(lambda: watcher(server))
    first = watcher(server)
    output(use(server))

    assert watcher(server) == first


def test_the_watcher_leaves_with_a_server_that_was_stopped_by_hand(server: Server) -> None:
    output(use(server))
    wait_until(lambda: watcher(server))

    os.kill(postmaster(server), signal.SIGINT)

    wait_until(lambda: has_no_watcher(server))
