"""A Django project with nothing in it but one queue."""

import os
from typing import Any

import django
from django.conf import settings

DATABASE = {
    "ENGINE": "django.db.backends.postgresql",
    # The rest of where it is, libpq finds in the environment.
    "NAME": os.environ.get("PGDATABASE"),
    "CONN_MAX_AGE": None,
}


def start(*apps: str, **more: Any) -> None:
    settings.configure(
        SECRET_KEY="for databases that are dropped at the end",
        DATABASES={"default": DATABASE},
        INSTALLED_APPS=apps,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING={"version": 1, "root": {"level": "ERROR"}, "disable_existing_loggers": True},
        **more,
    )
    django.setup()
