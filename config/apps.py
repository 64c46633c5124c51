from django.apps import AppConfig
from django.conf import settings


class ProjectConfig(AppConfig):
    """The project itself: it brings `manage.py demo`, and texts in the reader's language."""

    name = "config"

    def ready(self) -> None:
        from config.language import compile_catalogues

        compile_catalogues(settings.BASE_DIR)
