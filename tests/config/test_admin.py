"""The admin, whose pages are found only when they are asked for."""

import subprocess
import sys

from tests.worker.commands import ROOT, environment

# In a process of its own: in this one the pages are there already.
SCRIPT = """
import django
from django.core.checks import run_checks

django.setup()
from django.contrib import admin
from jobs.models import Job

before = admin.site.is_registered(Job)
run_checks(tags=["admin"])
print(before, admin.site.is_registered(Job))
"""


def test_its_checks_find_its_pages_even_if_nobody_has_read_the_addresses():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout == "False True\n", done.stderr
