"""The environments that the peers are installed in, each made when it is first needed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from bench.queue.postgres import FOLDER, ROOT

HERE = Path(__file__).parent


class NotInstalled(Exception):
    """A system cannot be measured here; the message says why."""


class Environment(Protocol):
    def command(self) -> list[str]:
        """What does an errand once the words of the errand are added."""


class Python:
    """A virtual environment with what requirements/bench-NAME.txt pins."""

    def __init__(self, name: str, module: str) -> None:
        self.module = module
        self.requirements = ROOT / "requirements" / f"bench-{name}.txt"
        self.folder = FOLDER / name

    def command(self) -> list[str]:
        if as_installed(self.folder) != self.requirements.read_text():
            self.install()
        return [str(self.folder / "bin" / "python"), "-m", self.module]

    def install(self) -> None:
        say(f"Installing {self.requirements.name}")
        run([sys.executable, "-m", "venv", "--clear", str(self.folder)])
        pip = [str(self.folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        pip += ["--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(self.requirements)])
        (self.folder / "installed").write_text(self.requirements.read_text())


class OurPython:
    """The environment that the benchmark itself runs in."""

    def __init__(self, module: str) -> None:
        self.module = module

    def command(self) -> list[str]:
        return [sys.executable, "-m", self.module]


class Node:
    """A copy of the folder `node`, with what its package-lock.json pins."""

    folder = FOLDER / "node"

    def __init__(self, script: str) -> None:
        self.script = script

    def command(self) -> list[str]:
        for program in ("node", "npm"):
            if shutil.which(program) is None:
                raise NotInstalled(f"there is no {program}")
        shutil.copytree(HERE / "node", self.folder, dirs_exist_ok=True)
        if as_installed(self.folder) != (self.folder / "package-lock.json").read_text():
            self.install()
        return ["node", str(self.folder / self.script)]

    def install(self) -> None:
        say("Installing what node/package-lock.json names")
        run(["npm", "ci", "--no-audit", "--no-fund", "--prefix", str(self.folder)])
        shutil.copy(self.folder / "package-lock.json", self.folder / "installed")


def as_installed(folder: Path) -> str:
    """What was installed there, as it was pinned then."""
    installed = folder / "installed"
    return installed.read_text() if installed.exists() else ""


def run(command: list[str]) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )
    if done.returncode:
        raise NotInstalled(f"{os.path.basename(command[0])} failed: {complaint(done.stdout)}")


def complaint(said: str) -> str:
    """The line that says what went wrong: the last that calls itself an error, or else the last."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it said nothing"]
    errors = [line for line in lines if re.match(r"(npm )?err(or|!)", line, re.IGNORECASE)]
    return [*lines, *errors][-1][:200]


def say(what: str) -> None:
    """On the way, where it does not mix with the table."""
    print(what, file=sys.stderr, flush=True)
