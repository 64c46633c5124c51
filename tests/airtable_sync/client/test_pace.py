"""How often a base is asked, by all workers together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from airtable_sync.client import Airtable
from airtable_sync.client.pace import SharedPace
from airtable_sync.models import BasePace
from services.clock import Clock, VirtualClock
from standins.airtable import AirtableStandin
from tests.airtable_sync.client.world import COLUMNS, SCHEMA, TABLE, add_networks, conf_of

pytestmark = pytest.mark.django_db
BASE, OTHER = "appOne", "appTwo"
NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def nothing() -> None:
    """Nobody wants to end a wait."""


def test_a_moment_is_taken_once():
    assert BasePace.take(BASE, 0.25, at=NOON)
    assert not BasePace.take(BASE, 0.25, at=NOON)


def test_the_next_moment_comes_a_gap_later():
    BasePace.take(BASE, 0.25, at=NOON)

    assert BasePace.seconds_left(BASE, at=later(0.1)) == 0.15
    assert not BasePace.take(BASE, 0.25, at=later(0.249))
    assert BasePace.take(BASE, 0.25, at=later(0.25))


def test_moments_that_nobody_took_are_not_saved_up():
    BasePace.take(BASE, 0.25, at=NOON)

    assert BasePace.take(BASE, 0.25, at=later(60))
    assert not BasePace.take(BASE, 0.25, at=later(60.2))


def test_each_base_has_moments_of_its_own():
    assert BasePace.take(BASE, 0.25, at=NOON)
    assert BasePace.take(OTHER, 0.25, at=NOON)


def test_no_moment_comes_while_all_hold_off():
    BasePace.take(BASE, 0.25, at=NOON)
    BasePace.take(OTHER, 0.25, at=NOON)

    BasePace.hold_off(BASE, 30, at=NOON)

    assert BasePace.seconds_left(BASE, at=NOON) == 30
    assert not BasePace.take(BASE, 0.25, at=later(29.9))
    assert BasePace.take(BASE, 0.25, at=later(30))
    assert BasePace.take(OTHER, 0.25, at=later(0.25))


def test_a_shorter_penalty_does_not_end_a_longer_one():
    BasePace.take(BASE, 0.25, at=NOON)
    BasePace.hold_off(BASE, 60, at=NOON)

    BasePace.hold_off(BASE, 30, at=later(1))

    assert BasePace.seconds_left(BASE, at=later(1)) == 59


def test_the_clock_is_the_databases_unless_another_is_given():
    BasePace.take(BASE, 3600)

    left = BasePace.objects.annotate(left=F("next_at") - Now()).get(base=BASE).left

    assert timedelta(seconds=3590) < left <= timedelta(seconds=3600)
    assert 3590 < BasePace.seconds_left(BASE) <= 3600


def test_requests_are_spread_evenly(standin, airtable):
    add_networks(standin, 1_001)

    airtable.records(TABLE, COLUMNS)

    times = [asked.at for asked in standin.counters.log]
    assert len(times) == 11
    assert {round(after - before, 3) for before, after in pairwise(times)} == {0.25}


class SlowOnce(VirtualClock):
    """As if the first answer of the database were long in coming: the worker was stopped."""

    looks = 0

    def now(self) -> float:
        self.looks += 1
        if self.looks == 2:
            self.sleep(0.2)
        return super().now()


def test_a_worker_that_is_late_takes_another_moment():
    clock = SlowOnce()

    SharedPace(BASE, 4, clock).wait(nothing)

    assert clock.now() == pytest.approx(0.25)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_the_caller_is_refused_for_it_would_stop_all_others():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable atomic block"):
        BasePace.take(BASE, 0.25)


@pytest.mark.django_db(transaction=True)
def test_three_workers_together_ask_five_times_in_any_second_at_most():
    with AirtableStandin(SCHEMA) as standin:
        conf = conf_of(standin)

        def read_four_times(worker: int) -> None:
            airtable = Airtable(conf, clock=Clock(), told=pytest.fail)
            for _ in range(4):
                airtable.records(TABLE, COLUMNS)
            connection.close()

        with ThreadPoolExecutor(3) as workers:
            list(workers.map(read_four_times, range(3)))

    times = [asked.at for asked in standin.counters.log]
    assert len(times) == 12
    assert all(sixth - first > 1 for first, sixth in zip(times, times[5:], strict=False))
    assert standin.counters.refusals == 0
