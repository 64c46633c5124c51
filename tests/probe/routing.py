"""A router that has the jobs in a database of their own, and reads of them in another."""

from typing import Any

from django.db.models import Model


class JobsElsewhere:
    """Whoever reads where Django asks to read sees nothing of what was written since."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return "frozen" if model._meta.app_label == "jobs" else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        return "queue" if model._meta.app_label == "jobs" else None

    def allow_relation(self, *objects: Model, **hints: Any) -> bool:
        return True
