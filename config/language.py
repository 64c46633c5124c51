"""Which language a page is in, and the compiled texts that this needs."""

import logging
import os
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware

logger = logging.getLogger(__name__)

# What machines read is the same for everybody, and is cached for everybody.
IN_ONE_LANGUAGE = ("/tiles/", "/static/")


class PageLanguageMiddleware(LocaleMiddleware):
    """The language that the visitor chose, or else that of the browser; English for machines."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path_info.startswith(IN_ONE_LANGUAGE):
            super().process_request(request)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(IN_ONE_LANGUAGE):
            return response
        return super().process_response(request, response)


def compile_catalogues(root: Path) -> None:
    """Compile each catalogue of texts that is newer than its compiled form, which is not kept.

    It is done as the project starts, with a library, because Django's own command needs a system
    package. Where the disk cannot be written to, pages stay in English and the log says so.
    """
    for texts in root.glob("*/locale/*/LC_MESSAGES/django.po"):
        compiled = texts.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= texts.stat().st_mtime:
            continue
        try:
            compile_catalogue(texts, compiled)
        except OSError as error:
            logger.warning("%s cannot be written, its texts stay in English: %s", compiled, error)


def compile_catalogue(texts: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with texts.open("rb") as source:
        catalogue = read_po(source, abort_invalid=True)
    # Several processes may start at once: each writes a file of its own, and the last one stays.
    written = compiled.with_suffix(f".{os.getpid()}")
    with written.open("wb") as target:
        write_mo(target, catalogue)
    written.replace(compiled)
