"""What is sent to PostgreSQL, and how many rows it writes."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')


class Statements:
    """By this thread, while `counted` lasts."""

    def __init__(self) -> None:
        self.count = 0
        self.rows: Counter[str] = Counter()  # written, by table

    @contextmanager
    def counted(self) -> Iterator[None]:
        with connection.execute_wrapper(self._execute):
            yield

    @property
    def rows_of_networks(self) -> int:
        """In any table of the app that has the networks."""
        models = apps.get_app_config("networks").get_models()
        return sum(self.rows[model._meta.db_table] for model in models)

    def _execute(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        result = execute(sql, params, many, context)
        self.count += 1
        if written := WRITES.match(sql):
            self.rows[written[1]] += context["cursor"].rowcount
        return result
