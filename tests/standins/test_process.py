"""The stand-in as a process."""

import signal
import subprocess
import sys
from subprocess import PIPE

import pytest
import requests

from tests.standins.addresses import DATA, DOCUMENTS, DUKAS, DUKAS_LABEL

COMMAND = [sys.executable, "-m", "standins.geocoder", "--addresses", str(DOCUMENTS)]


@pytest.fixture
def process():
    process = subprocess.Popen(
        [*COMMAND, "--until-eof"], cwd=DATA.parent, stdin=PIPE, stdout=PIPE, text=True
    )
    with process:
        yield process
        process.kill()


def test_its_first_line_is_its_address(process):
    url = process.stdout.readline().strip()

    answer = requests.get(f"{url}/search", params={"q": DUKAS}, timeout=5).json()

    assert answer["features"][0]["properties"]["label"] == DUKAS_LABEL


def test_it_ends_when_it_is_told_to(process):
    process.stdout.readline()

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0


def test_it_ends_with_its_parent(process):
    process.stdout.readline()

    process.stdin.close()

    assert process.wait(timeout=10) == 0
