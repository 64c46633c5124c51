"""A temporary folder that says so when it is full."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tiles.errors import DiskFull, TippecanoeFailed

# No space, over a quota, over the largest size of a file.
FULL = [errno.ENOSPC, errno.EDQUOT, errno.EFBIG]
SAID_WHEN_FULL = [*map(os.strerror, FULL), "SIGXFSZ"]


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of one's own, gone afterwards. Raises DiskFull where it was too small."""
    with TemporaryDirectory(prefix="tiles-") as name:
        folder = Path(name)
        try:
            yield folder
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise disk_full(folder, error) from error
        except TippecanoeFailed as error:
            if not any(words in str(error) for words in SAID_WHEN_FULL):
                raise
            raise disk_full(folder, error) from error


def disk_full(folder: Path, error: Exception) -> DiskFull:
    return DiskFull(folder.parent, shutil.disk_usage(folder).free, str(error).rstrip("."))
