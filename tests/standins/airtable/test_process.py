"""The stand-in as a process."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
import requests

from standins.airtable import KEY
from tests.standins.airtable.world import HEAT, NAME, SCHEMA, TOO_FAST, fields_of

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def process(tmp_path):
    schema, records = tmp_path / "schema.json", tmp_path / "records.json"
    schema.write_text(json.dumps(SCHEMA))
    records.write_text(json.dumps({NAME: [{"id_fcu": 1}, {"id_fcu": 2}]}))
    files = ["--schema", schema, "--records", records]
    limits = ["--requests-per-second", "1", "--penalty", "60", "--retry-after"]
    process = subprocess.Popen(
        [sys.executable, "-m", "standins.airtable", *files, *limits, "--until-eof"],
        cwd=ROOT,
        stdin=PIPE,
        stdout=PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def test_its_first_line_is_its_address_and_its_options_count(process):
    url = process.stdout.readline().strip()
    headers = {"Authorization": f"Bearer {KEY}"}

    first, second = (requests.get(f"{url}/v0/{HEAT}", headers=headers, timeout=5) for _ in range(2))

    assert fields_of(first) == [{"id_fcu": 1}, {"id_fcu": 2}]
    assert (second.status_code, second.json()) == (429, TOO_FAST)
    assert 55 < int(second.headers["Retry-After"]) <= 60


def test_it_ends_when_it_is_told_to(process):
    process.stdout.readline()

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0


def test_it_ends_with_its_parent(process):
    process.stdout.readline()

    process.stdin.close()

    assert process.wait(timeout=10) == 0
