"""Tests that need more than wheels: a part that is missing fails them, by the package's name."""

import shutil

import pytest


def require(program: str, *, package: str) -> str:
    """Where the program is; without it, the test fails."""
    path = shutil.which(program)
    if path is None:
        pytest.fail(
            f"There is no program {program!r}. Install the package {package}:"
            f" apt-get install {package}",
            pytrace=False,
        )
    return path
