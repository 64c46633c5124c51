"""The project's settings with the job types of the benchmark, on a database of the benchmark."""

import os

from bench.queue.postgres import FOLDER
from config.postgres import private_database
from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS, env

INSTALLED_APPS = [*INSTALLED_APPS, "bench.queue"]

if not env.DATABASE_URL:
    DATABASES["default"] = private_database(FOLDER)
DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]
