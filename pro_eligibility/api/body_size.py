"""How large the body of a request may be: refused before it is in memory, or on the disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _
from rest_framework.request import Request

from pro_eligibility.api.problems import BodyTooLarge
from pro_eligibility.uploads.errors import UploadRefused
from pro_eligibility.uploads.limits import MAX_BYTES

MEGABYTE = 1024 * 1024


def check_size(request: Request, *, takes_a_file: bool) -> None:
    """Raises BodyTooLarge at once if it says that it is; else, while a file of it arrives."""
    fields = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    most = fields + (MAX_BYTES if takes_a_file else 0)
    if (size := content_length(request)) > most:
        raise too_large(_("The request"), size, most)
    if takes_a_file:
        request.upload_handlers.insert(0, Limited(request._request))


def content_length(request: Request) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else 0


class Limited(FileUploadHandler):
    """Counts what arrives, and passes it on to the handlers that keep it."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            raise too_large(_("The file"), self.received, MAX_BYTES)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def too_large(what: str, size: int, most: int) -> BodyTooLarge:
    megabytes = -(-size // MEGABYTE)
    return BodyTooLarge(
        UploadRefused("too_large", what=what, size=megabytes, most=most // MEGABYTE)
    )
