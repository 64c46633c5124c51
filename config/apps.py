from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core.checks import CheckMessage, Tags, register


class AdminConfig(SimpleAdminConfig):
    """The admin, whose pages are found as `config.urls` is read: a worker has no use for them."""

    def ready(self) -> None:
        register(check_dependencies, Tags.admin)
        register(check_pages, Tags.admin)


def check_pages(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> Sequence[CheckMessage]:
    """What Django says of them; nobody may have read the addresses yet."""
    admin.autodiscover()
    return check_admin_app(app_configs, **kwargs)


class ProjectConfig(AppConfig):
    """The project itself: it brings `manage.py demo`, and texts in the reader's language."""

    name = "config"

    def ready(self) -> None:
        from config.language import compile_catalogues

        compile_catalogues(settings.BASE_DIR)
