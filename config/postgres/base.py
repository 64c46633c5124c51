"""Django's PostgreSQL backend, on a private server that starts with the first connection.

It is the ENGINE of the entries that `config.postgres.private_database` makes. The one key that
Django does not know is "SERVER", a `config.postgres.server.Server`.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.backends.postgresql import base, client

from config.postgres import binaries
from config.postgres.lifecycle import connect


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, with the psql that belongs to the server."""

    def runshell(self, parameters: Iterable[str]) -> None:
        self.connection.ensure_connection()
        super().runshell(parameters)

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        arguments, env = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [str(binaries.find().folder / "psql"), *arguments[1:]], env


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        open_connection = partial(super().get_new_connection, conn_params)
        return connect(self.settings_dict["SERVER"], open_connection, conn_params["dbname"])
