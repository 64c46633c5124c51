"""A real addok, loaded with the addresses of the sample: what the public geocoder descends from."""

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.chaos.waiting import wait_until
from tests.system.conftest import require

ROOT = Path(settings.BASE_DIR)
ADDRESSES = ROOT / "data" / "ban-sample.ndjson"
# Made by `make test-system`, because its requirements would get in the way of ours.
PROGRAMS = ROOT / ".venv" / "addok" / "bin"


@contextmanager
def addok(folder: Path) -> Iterator[str]:
    """Its address."""
    redis, port = folder / "redis.sock", free_port()
    environment = os.environ | {
        "REDIS_SOCKET": str(redis),
        "ADDOK_CONFIG_MODULE": str(ROOT / "tests" / "system" / "addok_config.py"),
    }
    store = ["--port", "0", "--unixsocket", str(redis), "--save", "", "--appendonly", "no"]
    with started([require("redis-server", package="redis-server"), *store], folder, environment):
        wait_until(redis.exists, seconds=10, what="Redis")
        for step in (["batch", str(ADDRESSES)], ["ngrams"]):
            subprocess.run(
                [program("addok"), *step], cwd=folder, env=environment, check=True, timeout=60,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
        serve = [program("gunicorn"), "--no-control-socket", "--bind", f"127.0.0.1:{port}"]
        with started([*serve, "addok.http.wsgi:application"], folder, environment):
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: answers(f"{url}/search/?q=sarcelles"), seconds=30, what="addok")
            yield url


def program(name: str) -> str:
    return require(str(PROGRAMS / name), package=".venv/addok, which `make test-system` makes")


@contextmanager
def started(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[None]:
    with (folder / "addok.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
