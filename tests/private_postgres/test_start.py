"""The server starts when the first connection is opened, once for everybody."""

import os
import time

import pytest

from config.postgres import Server, binaries, ensure_running
from tests.private_postgres.conftest import NewServer
from tests.private_postgres.processes import (
    DJANGO,
    ENVIRONMENT,
    ask,
    output,
    postmaster,
    python,
    use,
    wait_until,
    watcher,
)


def test_the_first_connection_of_django_starts_it_and_makes_the_database(server: Server) -> None:
    code = DJANGO + (
        "connection.ensure_connection()\n"
        "print(connection.settings_dict['NAME'], connection.connection.info.dbname,"
        " connection.pg_version // 10000)"
    )

    assert output(python(code, server.folder)) == "jobs jobs 18"


def test_a_second_process_uses_the_same_server(server: Server) -> None:
    first, second = output(use(server)), output(use(server))

    assert first == second == str(postmaster(server))


def test_six_processes_at_once_get_one_server(server: Server) -> None:
    answers = [output(process) for process in [use(server) for _ in range(6)]]

    assert set(answers) == {str(postmaster(server))}
    assert server.log.read_text().count("starting PostgreSQL") == 1


def test_forked_children_open_their_own_connections(server: Server) -> None:
    code = DJANGO + (
        "import os\n"
        "connection.ensure_connection()\n"
        "connection.close()\n"
        "child = os.fork()\n"
        "connection.ensure_connection()\n"
        "connection.close()\n"
        "sys.exit(child and os.waitpid(child, 0)[1])"
    )

    assert output(python(code, server.folder)) == ""


def test_the_starter_leaves_nobody_holding_its_pipes(server: Server) -> None:
    before = time.monotonic()

    # It reads to the end of both pipes, which the server and its watcher outlive.
    output(use(server))

    assert time.monotonic() - before < 20


def test_neither_the_server_nor_its_watcher_hears_ctrl_c(server: Server) -> None:
    output(use(server))
    wait_until(lambda: watcher(server))

    assert os.getsid(0) not in {os.getsid(postmaster(server)), os.getsid(watcher(server) or 0)}


def test_djangos_test_runner_makes_and_removes_its_database(server: Server) -> None:
    code = DJANGO + (
        "name = connection.creation.create_test_db(verbosity=0)\n"
        "copy = connection.copy()\n"
        "copy.ensure_connection()\n"
        "print(name, copy.connection.info.dbname)\n"
        "copy.close()\n"
        "connection.creation.destroy_test_db('jobs', verbosity=0)\n"
    )

    assert output(python(code, server.folder)) == "test_jobs test_jobs"
    assert ask(server, "SELECT count(*) FROM pg_database WHERE datname LIKE 'test%'") == 0


def test_dbshell_runs_the_psql_of_the_server(server: Server) -> None:
    code = DJANGO + "call_command('dbshell', '--', '-Atc', 'SELECT current_database()')"

    assert output(python(code, server.folder)) == "jobs"


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(
    new_server: NewServer,
) -> None:
    long = new_server("x" * 100)

    assert output(use(long)) == str(postmaster(long))
    assert long.socket_folder.parent.as_posix() == "/tmp"
    assert long.socket_folder.stat().st_mode & 0o777 == 0o700


def test_that_folder_goes_when_the_server_stops(new_server: NewServer) -> None:
    long = new_server("x" * 100, idle_seconds=0.5)
    ensure_running(long)

    wait_until(lambda: not long.socket_folder.exists())


@pytest.mark.parametrize("name", ["l'eau à 90°", "eau, vapeur"])
def test_a_path_may_have_spaces_commas_and_accents(name: str, new_server: NewServer) -> None:
    odd = new_server(name)

    assert output(use(odd)) == str(postmaster(odd))


def test_pg_bindir_chooses_the_programs(server: Server) -> None:
    # The wheel has PostgreSQL 16 as well.
    older = binaries.find().folder.parents[1] / "pginstall" / "bin"

    output(use(server, env=ENVIRONMENT | {"PG_BINDIR": str(older)}))

    assert ask(server, "SHOW server_version").startswith("16.")
    assert ask(server, "SELECT upper('réseau')") == "RÉSEAU"


def test_text_is_utf8_and_knows_accents_on_every_system(server: Server) -> None:
    ensure_running(server)

    assert ask(server, "SELECT upper('réseau') || ' ' || getdatabaseencoding()") == "RÉSEAU UTF8"
