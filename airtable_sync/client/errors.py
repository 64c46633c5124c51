"""What only the client of Airtable can find wrong."""

from airtable_sync.errors import AirtableSyncError


class NotAirtable(AirtableSyncError):
    """What is at AIRTABLE_URL, or on the way there, will not do."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"{url} cannot be asked as Airtable can: {reason}. Set AIRTABLE_URL to "
            "https://api.airtable.com, and look at the proxy that HTTPS_PROXY names, if any."
        )
