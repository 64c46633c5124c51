"""Pages that show and never edit: rows of the queue change by their verbs alone."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """For a ModelAdmin: nothing can be added, changed or deleted, by anybody."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
