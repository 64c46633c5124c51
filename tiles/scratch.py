"""A temporary folder that says so when it is full."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from tiles.errors import DiskFull, TippecanoeFailed

# No space, over a quota, over the largest size of a file.
FULL = [errno.ENOSPC, errno.EDQUOT, errno.EFBIG]
SAID_WHEN_FULL = [*map(os.strerror, FULL), "SIGXFSZ"]

PREFIX = "tiles-build-"
# Longer than the timeout of the job: what is older belongs to no build that lives.
LONGEST_BUILD = timedelta(hours=3)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of one's own, gone afterwards. Raises DiskFull where it was too small."""
    sweep()
    with TemporaryDirectory(prefix=PREFIX) as name:
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


def sweep() -> None:
    """Remove the folders of builds whose process was killed: nobody else does."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # another build removes it, or it is another user's
            if folder.stat().st_mtime < time.time() - LONGEST_BUILD.total_seconds():
                shutil.rmtree(folder)
