"""The commands as a person runs them: real processes on the database of the test."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    """With the probe types, which the processes register for themselves."""
    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tests.probe.settings",
        "PROBE_DATABASE": connection.settings_dict["NAME"],
    }


def manage(*arguments: object) -> subprocess.CompletedProcess[str]:
    return python("manage.py", *map(str, arguments))


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
