"""`python -m bench.eligibility [--quick]`: how fast many points are assessed, and against what."""

import argparse
import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from bench.eligibility.phases import (  # noqa: E402
    PHASES,
    QUICK,
    ROWS_PER_SECOND,
    WHOLE,
    Size,
    measure,
    run,
)
from bench.measurement import Measurement, Target, show  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.eligibility", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    # How it starts each of its parts in a process of its own.
    parser.add_argument("--phase", choices=PHASES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = QUICK if options.quick else WHOLE
    if options.phase:
        print(json.dumps(measure(options.phase, size)))
    else:
        title = f"{size.networks:,} made networks with {size.vertices:,} vertices"
        show(title, [*points_at_once(size), *whole_tests(size)])


def points_at_once(size: Size) -> list[Measurement]:
    ours, bare, original, many = (
        run(phase, size) for phase in ("ours", "bare", "original", "many")
    )
    all_of_them = original.seconds / original.points * size.points
    points = f"{size.points:,} points"
    return [
        Measurement(f"eligibility of {points}", ours.seconds, "s"),
        Measurement("  peak of memory", ours.peak_mb, "MB", Target("≤", 500)),
        Measurement(f"bare shapely for {points}", bare.seconds, "s"),
        Measurement(
            "  eligibility / bare shapely", ours.seconds / bare.seconds, "×", Target("≤", 2)
        ),
        Measurement(f"the original's way for {original.points:,} points", original.seconds, "s"),
        Measurement(f"  by {original.note}, for {points}", all_of_them, "s"),
        Measurement(
            "  the original's way / eligibility", all_of_them / ours.seconds, "×", Target("≥", 50)
        ),
        Measurement(f"eligibility of {many.points:,} points", many.seconds, "s"),
        Measurement("  peak of memory", many.peak_mb, "MB", Target("≤", 500)),
        Measurement("  of which before the snapshot was made", many.made_mb, "MB"),
    ]


def whole_tests(size: Size) -> list[Measurement]:
    addresses, largest = run("addresses", size), run("largest", size)
    # The rest of the time is ours: the stand-in takes so long whoever asks it.
    waiting = addresses.points / ROWS_PER_SECOND / addresses.seconds * 100
    return [
        Measurement(
            f"a test of {addresses.points:,} addresses, geocoded at {ROWS_PER_SECOND} rows/s",
            addresses.seconds,
            "s",
        ),
        Measurement("  waiting for the geocoder", waiting, "%", Target("≥", 90)),
        Measurement("  peak of memory", addresses.peak_mb, "MB", Target("≤", 500)),
        Measurement(f"a test of {largest.points:,} coordinates", largest.seconds, "s"),
        Measurement("  peak of memory", largest.peak_mb, "MB", Target("≤", 500)),
    ]


if __name__ == "__main__":
    main()
