"""What is asked again, how long after, and how often."""

from datetime import timedelta

import pytest

from airtable_sync.errors import AirtableUnavailable
from standins.airtable import AirtableStandin, Fault
from tests.airtable_sync.client.world import COLUMNS, SCHEMA, TABLE, add_networks

pytestmark = pytest.mark.django_db


PAGE = "“<!DOCTYPE html><html><head><title>Maintenance</title></head><body></body></html>”"


class Cancelled(BaseException):
    """As a job raises it that is to end."""


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault("status", status=500), "Airtable says 500 SERVER_ERROR: “Something is wrong.”"),
        (Fault("status", status=502), "Airtable says 502 SERVER_ERROR: “Something is wrong.”"),
        (
            Fault("status", status=503, body="html"),
            f"Airtable says 503 Service Unavailable: {PAGE}",
        ),
        (Fault("html"), "Airtable answered with a web page"),
        (Fault("malformed"), "Airtable answered with something that is no JSON"),
        (
            Fault("cut"),
            "Airtable could not be reached: ('Connection aborted.', "
            "RemoteDisconnected('Remote end closed connection without response'))",
        ),
        (Fault("cut", sent=20), "Airtable broke off its answer"),
        (
            Fault("reset"),
            "Airtable could not be reached: ('Connection aborted.', "
            "ConnectionResetError(104, 'Connection reset by peer'))",
        ),
    ],
)
def test_what_may_get_better_is_asked_again(standin, airtable, told, fault, why):
    add_networks(standin, 1)
    standin.faults.set(fault)

    assert len(airtable.records(TABLE, COLUMNS)) == 1

    assert airtable.requests == standin.counters.requests == 2
    assert [line.split("; asked again in ")[0] for line in told] == [why]


def test_a_silent_service_is_asked_again(standin, client_of, told):
    standin.faults.set(Fault("late", seconds=30))

    assert client_of(timeout=timedelta(seconds=0.2)).records(TABLE, COLUMNS) == []

    assert told[0].startswith("Airtable was silent for 0.2 s; asked again in ")


def test_every_page_is_asked_again_by_itself(standin, airtable):
    add_networks(standin, 301)
    standin.faults.set(*(Fault("status", status=503, after=number) for number in range(3)))

    assert len(airtable.records(TABLE, COLUMNS)) == 301

    assert standin.counters.requests == 4 + 3


def test_the_penalty_of_half_a_minute_is_outlasted(standin, airtable, clock, told):
    standin.faults.set(Fault("rate"))

    airtable.records(TABLE, COLUMNS)

    assert clock.now() == pytest.approx(30)
    assert standin.counters.refusals == 1
    assert told == ["Airtable says 429; asked again in 30 s"]


def test_a_longer_penalty_is_waited_for_as_the_service_says(clock, told, airtable_of):
    with AirtableStandin(SCHEMA, penalty=75, retry_after=True, clock=clock.now) as standin:
        standin.faults.set(Fault("rate"))

        airtable_of(standin).records(TABLE, COLUMNS)

    assert clock.now() == pytest.approx(75)
    assert told == ["Airtable says 429; asked again in 75 s"]


def test_during_a_penalty_nobody_else_asks(standin, client_of, clock):
    first, second = client_of(patience=timedelta(0)), client_of()
    standin.faults.set(Fault("rate"))
    with pytest.raises(AirtableUnavailable):
        first.records(TABLE, COLUMNS)

    second.records(TABLE, COLUMNS)

    assert clock.now() == pytest.approx(30)
    assert standin.counters.refusals == 1


def test_patience_has_an_end(standin, client_of, clock):
    standin.faults.set(Fault("status", times=None, status=503))

    with pytest.raises(AirtableUnavailable) as error:
        client_of(patience=timedelta(seconds=100)).records(TABLE, COLUMNS)

    assert 100 <= clock.now() < 101
    assert str(error.value) == (
        f"Airtable did not answer within 100 s ({standin.counters.requests} attempts): it says "
        "503 SERVER_ERROR: “Something is wrong.”. What was sent is kept; the sync goes on "
        "from there when it is run again."
    )


def test_without_patience_it_is_asked_once(standin, client_of, told):
    standin.faults.set(Fault("status", times=None, status=503))

    with pytest.raises(AirtableUnavailable, match=r"within 0 s \(1 attempt\)"):
        client_of(patience=timedelta(0)).records(TABLE, COLUMNS)

    assert standin.counters.requests == 1
    assert told == []


def test_a_service_that_is_away_is_unavailable(clock, told, airtable_of):
    with AirtableStandin(SCHEMA, clock=clock.now) as gone:
        airtable = airtable_of(gone)
        airtable.records(TABLE, COLUMNS)

    with pytest.raises(AirtableUnavailable, match="Connection refused"):
        airtable.records(TABLE, COLUMNS)

    assert len(told) > 5


def test_a_wait_can_be_ended_within_half_a_second(standin, client_of, clock):
    def check():
        if clock.now() > 10:
            raise Cancelled

    standin.faults.set(Fault("rate"))

    with pytest.raises(Cancelled):
        client_of(check=check).records(TABLE, COLUMNS)

    assert 10 < clock.now() <= 10.5
    assert standin.counters.requests == 1


def test_a_wait_for_ones_turn_can_be_ended_too(standin, client_of, clock):
    def check():
        if clock.now() > 10:
            raise Cancelled

    first = client_of(patience=timedelta(0))
    standin.faults.set(Fault("rate"))
    with pytest.raises(AirtableUnavailable):
        first.records(TABLE, COLUMNS)

    with pytest.raises(Cancelled):
        client_of(check=check).records(TABLE, COLUMNS)

    assert 10 < clock.now() <= 10.5


def test_nothing_is_asked_for_a_job_that_is_to_end(standin, client_of):
    def check():
        raise Cancelled

    with pytest.raises(Cancelled):
        client_of(check=check).records(TABLE, COLUMNS)

    assert standin.counters.requests == 0
