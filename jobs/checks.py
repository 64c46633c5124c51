"""What `manage.py check` finds wrong with the queue's surroundings."""

from collections.abc import Iterable
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from jobs.conf import Conf, conf

# What a worker is checked for as it starts; other apps give their checks this tag too. The rest
# of Django's would read the addresses, and with them every view.
WORKER = "jobs"


@register(WORKER)
def check_setting(**kwargs: Any) -> Iterable[CheckMessage]:
    try:
        conf()
    except ImproperlyConfigured as error:
        takes = ", ".join(Conf.model_fields)
        yield Error(str(error), hint=f"JOBS takes {takes}; see jobs/conf.py.", id="jobs.E003")


@register(WORKER)
def check_is_postgresql(**kwargs: Any) -> Iterable[CheckMessage]:
    alias = _alias()
    if (vendor := connections[alias].vendor) != "postgresql":
        yield Error(
            f"The jobs are in the database {alias!r}, which is {vendor}.",
            hint="The queue needs PostgreSQL 14 or later: change DATABASES, or a database router.",
            id="jobs.E001",
        )


@register(WORKER)
def check_pooler_settings(**kwargs: Any) -> Iterable[CheckMessage]:
    """Behind a pooler a session is not ours from one transaction to the next."""
    database = connections[_alias()].settings_dict
    if not _has_pooler():
        return
    for key, wanted in (("CONN_MAX_AGE", 0), ("DISABLE_SERVER_SIDE_CURSORS", True)):
        if (found := database.get(key)) != wanted:
            yield checks.Warning(
                f"The database goes through a pooler, and {key} is {found!r}.",
                hint=f"Set {key} to {wanted!r} in DATABASES, or unset DATABASE_LISTEN_URL if there"
                " is no pooler.",
                id="jobs.W001",
            )


@register(Tags.database)
def check_version(databases: Iterable[str] | None, **kwargs: Any) -> Iterable[CheckMessage]:
    for connection in _asked(databases):
        try:
            connection.ensure_connection()
        except NotSupportedError as error:
            connection.close()
            yield Error(
                str(error),
                hint=f"Upgrade the server of the database {connection.alias!r}.",
                id="jobs.E002",
            )


@register(Tags.database)
def check_orphans_end(databases: Iterable[str] | None, **kwargs: Any) -> Iterable[CheckMessage]:
    """A worker asks for this itself, which a pooler does not pass on."""
    for connection in _asked(databases) if _has_pooler() else []:
        with connection.cursor() as cursor:
            cursor.execute("SHOW client_connection_check_interval")
            if cursor.fetchone() == ("0",):
                yield checks.Warning(
                    "A statement of a job that was killed would go on, and commit.",
                    hint="Behind a pooler the role has to end it: ALTER ROLE … SET"
                    " client_connection_check_interval = '500ms'.",
                    id="jobs.W002",
                )


def _alias() -> str:
    from jobs.models import Job

    return router.db_for_write(Job)


def _has_pooler() -> bool:
    try:
        return bool(conf().listen_url)
    except ImproperlyConfigured:  # said by check_setting
        return False


def _asked(databases: Iterable[str] | None) -> list[BaseDatabaseWrapper]:
    """The connection of the jobs, if it is among those to be checked."""
    connection = connections[_alias()]
    is_asked = connection.alias in (databases or ()) and connection.vendor == "postgresql"
    return [connection] if is_asked else []
