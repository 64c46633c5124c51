"""Numbers on a command line, refused when they are out of range."""

import argparse
from collections.abc import Callable
from typing import Any


def between(least: float, most: float, kind: type = int) -> Callable[[str], Any]:
    """For add_argument(type=…): a number of this kind from `least` to `most`."""

    def number(text: str) -> Any:
        try:
            if least <= (value := kind(text)) <= most:
                return value
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"{text!r} should be a number from {least:g} to {most:g}")

    return number
