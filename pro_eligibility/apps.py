from django.apps import AppConfig


class ProEligibilityConfig(AppConfig):
    """Bulk address tests against the heat networks. Registers no job type yet."""

    name = "pro_eligibility"
