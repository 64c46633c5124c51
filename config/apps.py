from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project itself: it brings `manage.py demo`."""

    name = "config"
