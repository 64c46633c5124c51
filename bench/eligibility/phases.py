"""What is measured, each in a process of its own, so that its peak of memory is its own."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import shapely

from bench.eligibility import original, whole_test
from bench.eligibility.world import World
from pro_eligibility.eligibility.pieces import Pieces
from pro_eligibility.eligibility.rules import verdicts
from pro_eligibility.eligibility.thresholds import FAR

ROWS_PER_SECOND = 200  # of the stand-in
KIBIBYTES = 1 if sys.platform == "linux" else 1_024  # of ru_maxrss


class Size(NamedTuple):
    networks: int
    vertices: int
    points: int
    sample: int  # of the points, for the way that takes long
    many: int
    rows: int  # of a file of addresses, geocoded at ROWS_PER_SECOND
    most_rows: int  # of a file of coordinates, geocoded as fast as the stand-in can


WHOLE = Size(1_000, 2_000_000, 100_000, 300, 1_000_000, 20_000, 200_000)
QUICK = Size(100, 200_000, 10_000, 100, 100_000, 2_000, 20_000)


class Outcome(NamedTuple):
    """`made_mb` is the peak when the world was there and nothing of the phase had begun."""

    seconds: float
    points: int
    peak_mb: float
    made_mb: float
    note: str = ""


def run(phase: str, size: Size) -> Outcome:
    """The outcome of one of PHASES, which a process of its own prints as JSON."""
    command = [sys.executable, "-m", "bench.eligibility", "--phase", phase]
    said = subprocess.run(
        [*command, *(["--quick"] if size == QUICK else [])], stdout=subprocess.PIPE, check=True
    )
    return Outcome(*json.loads(said.stdout))


def measure(phase: str, size: Size) -> Outcome:
    """The same in this process."""
    world = World.made(networks=size.networks, vertices=size.vertices)
    return PHASES[phase](world, size)


def ours(world: World, size: Size) -> Outcome:
    return eligibility(world, size.points)


def many(world: World, size: Size) -> Outcome:
    return eligibility(world, size.many)


def eligibility(world: World, count: int) -> Outcome:
    """All that is asked of a point, the making of the snapshot included."""
    points, made_mb = world.points(count), peak_mb()
    with timed() as seconds:
        snapshot = world.snapshot()
        # One by one, as a job that writes them to the database would take them.
        answered = sum(1 for _ in verdicts(snapshot, points))
    return Outcome(seconds(), answered, peak_mb(), made_mb)


def bare(world: World, size: Size) -> Outcome:
    """The least that shapely can do: one search for the nearest piece of any network."""
    points, made_mb = world.points(size.points), peak_mb()
    geometries = [row.geometry for row in (*world.heat, *world.future)]
    with timed() as seconds:
        tree = shapely.STRtree(Pieces.of(geometries).geometries)
        tree.query_nearest(shapely.points(points), max_distance=FAR + 1, return_distance=True)
    return Outcome(seconds(), len(points), peak_mb(), made_mb)


def one_by_one(world: World, size: Size) -> Outcome:
    """The original's way for a sample; the preparation (tables, indexes) is not counted."""
    points, made_mb = world.points(size.points)[: size.sample], peak_mb()
    with original.way(world) as way:
        way.ask(points[0])
        with timed() as seconds:
            for point in points:
                way.ask(point)
        return Outcome(seconds(), len(points), peak_mb(), made_mb, way.name)


def addresses(world: World, size: Size) -> Outcome:
    """A file of different addresses, whose geocoder sets the pace."""
    content = whole_test.addresses(size.rows)
    return whole(world, content, size.rows, rows_per_second=ROWS_PER_SECOND)


def largest(world: World, size: Size) -> Outcome:
    """The largest file that is taken."""
    content = whole_test.coordinates(size.most_rows)
    return whole(world, content, size.most_rows, rows_per_second=None)


def whole(world: World, content: bytes, rows: int, *, rows_per_second: float | None) -> Outcome:
    """The memory is that of the worker's process, in which none of this world was made."""
    seconds, peak = whole_test.run(world, content, rows_per_second=rows_per_second)
    return Outcome(seconds, rows, peak / KIBIBYTES / 1_024, 0)


PHASES: dict[str, Callable[[World, Size], Outcome]] = {
    "ours": ours,
    "bare": bare,
    "original": one_by_one,
    "many": many,
    "addresses": addresses,
    "largest": largest,
}


@contextmanager
def timed() -> Iterator[Callable[[], float]]:
    """Seconds since the beginning, until the end of the block."""
    began = time.perf_counter()
    ended: list[float] = []
    yield lambda: (ended[0] if ended else time.perf_counter()) - began
    ended.append(time.perf_counter())


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES / 1_024
