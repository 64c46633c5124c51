"""The admin, whose pages are found only when they are asked for."""

from tests.worker.commands import python

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
    done = python("-c", SCRIPT)

    assert done.stdout == "False True\n", done.stderr
