"""A workbook as the zip it is."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from xml.parsers.expat import ExpatError

from pro_eligibility.uploads.errors import UploadRefused

# NotImplementedError: an unknown compression; RuntimeError: a password;
# LookupError: an unknown encoding.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
    RuntimeError,
)


@contextmanager
def unzipped(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Whatever is said of a damaged one, as UploadRefused."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield archive
    except DAMAGED as error:
        raise UploadRefused("unreadable", problem=error) from error
