"""What a worker has in memory before its first job: little of what only some jobs or pages need."""

import os
import subprocess
import sys

import pytest

from tests.worker.commands import ROOT

# Whatever comes before the loop is done; instead of the loop it says what was imported.
SCRIPT = """
import sys
import django
from django.core.management import execute_from_command_line

django.setup()
from jobs.worker.supervisor import Supervisor

Supervisor.run = lambda self: print(*sys.modules)
execute_from_command_line(["manage.py", "run_jobs"])
"""
FOR_SOME_JOBS = {"numpy", "pyairtable", "pyogrio", "pyproj", "python_calamine", "requests"}
FOR_SOME_JOBS |= {"shapely", "xlsxwriter"}
FOR_PAGES = {"config.urls", "drf_spectacular.openapi", "jobs.admin", "rest_framework.views"}
FOR_TERMINALS = {"rich"}


@pytest.fixture(scope="module")
def imported() -> set[str]:
    # There is no database there, which a worker waits for.
    environment = dict(os.environ) | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "made-up",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_it_knows_its_handlers(imported: set[str]) -> None:
    assert {"airtable_sync.handlers", "pro_eligibility.handlers", "tiles.handlers"} <= imported


def test_what_some_jobs_need_waits_for_the_first_of_them(imported: set[str]) -> None:
    found = sorted(imported & FOR_SOME_JOBS)

    assert found == [], f"imported at the start: {', '.join(found)}"


def test_it_imports_no_pages(imported: set[str]) -> None:
    found = sorted(imported & FOR_PAGES)

    assert found == [], f"imported at the start: {', '.join(found)}"


def test_it_imports_nothing_that_draws_on_a_terminal(imported: set[str]) -> None:
    found = sorted(imported & FOR_TERMINALS)

    assert found == [], f"imported at the start: {', '.join(found)}"
