"""Tests that need more than wheels: a part that is missing fails them, by the package's name."""

import os
import shutil

import pytest

from tests.chaos.conftest import (
    pytest_collection_modifyitems,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

# The scenarios behind a pooler end with the same table as `make chaos`.
__all__ = ["pytest_collection_modifyitems", "pytest_runtest_makereport", "pytest_terminal_summary"]


def require(program: str, *, package: str) -> str:
    """Where the program is; without it, the test fails."""
    # Debian keeps the programs of servers where only root looks for them.
    path = shutil.which(program, path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if path is None:
        pytest.fail(
            f"There is no program {program!r}. Install the package {package}:"
            f" apt-get install {package}",
            pytrace=False,
        )
    return path
