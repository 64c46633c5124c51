from django.apps import AppConfig


class AirtableSyncConfig(AppConfig):
    """Keeps the networks and an Airtable base in step. Registers no job type yet."""

    name = "airtable_sync"
