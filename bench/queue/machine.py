"""Where it was measured, and what."""

import os
import platform
import re
from pathlib import Path

from bench.queue.environments import HERE
from bench.queue.postgres import ROOT, PostgreSQL


def described(postgres: PostgreSQL) -> str:
    where = "a private one" if postgres.private else "that of DATABASE_URL"
    return (
        f"{os.cpu_count()} × {processor()}, {platform.system()} {platform.release()}; "
        f"PostgreSQL {postgres.version()}, {where}; Python {platform.python_version()}; "
        f"{', '.join(versions())}."
    )


def processor() -> str:
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def versions() -> list[str]:
    """Of the peers, as they are pinned."""
    pinned = (HERE / "node" / "package.json").read_text()
    on_node = re.findall(r'"(graphile-worker|pg-boss)": "(.+)"', pinned)
    files = sorted(ROOT.glob("requirements/bench-*.in"))
    in_python = [re.search(r"(?m)^([\w-]+)(?:\[.*\])?==(\S+)", file.read_text()) for file in files]
    found = [*on_node, *(match.groups() for match in in_python if match)]
    return [f"{name} {version}" for name, version in found]
