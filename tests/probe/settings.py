"""The project's settings with the probe types in it."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.probe"]

# How a worker finds the database that a test made for itself.
if name := os.environ.get("PROBE_DATABASE"):
    DATABASES["default"]["NAME"] = name

# A project that says nothing of logs, as Django begins one.
if os.environ.get("PROBE_LOGGING") == "none":
    LOGGING = {}
