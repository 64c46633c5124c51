"""What is measured: syncs on stages of their own, and the original's way beside ours."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from math import ceil

from django.db import connections

from airtable_sync.errors import FuseBlown
from airtable_sync.table import TableSync
from airtable_sync.tables import TABLES
from bench.airtable import original, world
from bench.airtable.stage import ANSWER, NO_FUSE, REQUESTS_PER_SECOND, Cost, Stage, stage
from bench.airtable.syncs import pull, push
from bench.airtable.world import CHANGED, NETWORKS
from bench.measurement import Measurement, Target

HEAT = TABLES["reseaux-de-chaleur"]
PAGES, BATCHES = ceil(NETWORKS / 100), ceil(CHANGED / 10)
FAST_ANSWER = 0.1  # seconds
FUSE = 20  # percent, unless the settings say otherwise
LIMIT = 5  # requests within a second, that Airtable takes
UNEVEN = 0.2  # seconds that a request is on its way, at most
PAGES_ONLY, NONE = Target("=", PAGES), Target("=", 0)


def geometries() -> list[Measurement]:
    """What follows from geometries that changed, sent by us and by the original."""
    ours, theirs = sent(our_way), sent(original_way)
    confirmed = sent(confirmed_way, fuse=FUSE)
    bound = PAGES + BATCHES
    return [
        Measurement("sync_geometries_to_airtable", ours.requests, "requests", Target("=", bound)),
        Measurement("  the original's way", theirs.requests, "requests"),
        Measurement("  the original's way / ours", theirs.requests / ours.requests, "×"),
        Measurement("  cells sent", ours.cells, "cells"),
        Measurement("    the original's way", theirs.cells, "cells"),
        *durations(ours, theirs, ANSWER),
        *durations(
            sent(our_way, answer=FAST_ANSWER), sent(original_way, answer=FAST_ANSWER), FAST_ANSWER
        ),
        Measurement(
            f"  confirmed by a person, as it is more than {FUSE} %",
            confirmed.requests,
            "requests",
            Target("=", PAGES + bound),
        ),
    ]


def durations(ours: Cost, theirs: Cost, answer: float) -> list[Measurement]:
    return [
        Measurement(f"  time, if each answer takes {answer:.2f} s", ours.seconds, "s"),
        Measurement("    refused (429)", ours.refusals, "requests", NONE),
        Measurement("    the original's way", theirs.seconds, "s"),
        Measurement("      refused (429)", theirs.refusals, "requests"),
    ]


def metadata() -> list[Measurement]:
    """What people changed in Airtable."""
    with stage(HEAT) as here:
        world.edit(HEAT, here.standin)
        cost = here.cost(partial(pull, HEAT))
        here.check_in_step(HEAT)
    rows = cost.statements.rows[HEAT.model._meta.db_table]
    return [
        Measurement("sync_metadata_from_airtable", cost.requests, "requests", PAGES_ONLY),
        Measurement("  rows written", rows, "rows", Target("=", CHANGED)),
        Measurement("  sent to PostgreSQL", cost.statements.count, "statements"),
        Measurement("  time", cost.seconds, "s"),
    ]


def unchanged() -> list[Measurement]:
    """Both syncs, where there is nothing to do."""
    with stage(HEAT) as here:
        there, back = here.cost(partial(push, HEAT)), here.cost(partial(pull, HEAT))
    return [*nothing_done("to", there), *nothing_done("from", back)]


def nothing_done(which: str, cost: Cost) -> list[Measurement]:
    rows = cost.statements.rows_of_networks
    return [
        Measurement(f"nothing changed, {which} Airtable", cost.requests, "requests", PAGES_ONLY),
        Measurement("  of which write", cost.writes, "requests", NONE),
        Measurement("  rows written", rows, "rows", NONE),
    ]


def three_workers() -> list[Measurement]:
    """Each with a table of one base, whose requests arrive unevenly."""
    tables = TABLES.all()
    with stage(*tables, on_the_way=UNEVEN) as here:
        for table in tables:
            world.draw_again(table)
        workers = [partial(work, table) for table in tables]
        cost = here.cost(partial(here.clock.at_once, workers))
        for table in tables:
            here.check_in_step(table)
    bound = len(tables) * (PAGES + BATCHES)
    most, reached = most_in_a_second(cost.arrivals), cost.requests / cost.seconds
    return [
        Measurement("three workers, a table each", cost.requests, "requests", Target("=", bound)),
        Measurement("  most in any second", most, "requests", Target("≤", LIMIT)),
        Measurement("  refused (429)", cost.refusals, "requests", NONE),
        Measurement("  time", cost.seconds, "s"),
        Measurement(f"  reached, of {REQUESTS_PER_SECOND} that are allowed", reached, "requests/s"),
    ]


def work(table: TableSync) -> None:
    """In a thread, which has a connection of its own."""
    try:
        push(table)
    finally:
        connections.close_all()


def sent(way: Callable[[Stage], object], *, answer: float = ANSWER, fuse: float = NO_FUSE) -> Cost:
    with stage(HEAT, answer=answer, fuse=fuse) as here:
        world.draw_again(HEAT)
        cost = here.cost(partial(way, here))
        here.check_in_step(HEAT)
    return cost


def our_way(here: Stage) -> None:
    push(HEAT)


def confirmed_way(here: Stage) -> None:
    try:
        push(HEAT)
    except FuseBlown as blown:
        push(HEAT, plan_id=blown.plan_id)


def original_way(here: Stage) -> None:
    original.sync(HEAT, here.standin, here.clock)


def most_in_a_second(moments: Sequence[float]) -> int:
    ordered = sorted(moments)
    return max(bisect_left(ordered, one + 1) - place for place, one in enumerate(ordered))
