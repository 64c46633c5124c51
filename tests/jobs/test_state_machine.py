"""Any order of events: the rows do what a model of them does, and no job is ever stuck."""

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from jobs.registry import Backoff
from tests.jobs.verbs import ATTEMPTS, HOUR, Verbs

# The same orders each time; a failure prints what repeats it.
ORDERS = hypothesis_settings(
    max_examples=50,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
)


@pytest.mark.django_db(transaction=True)
def test_no_order_of_events_breaks_the_queue(register, settings):
    # No pause of this machine is to pass for an hour, or for a death.
    settings.JOBS = {"alive_for": HOUR, "notify": False}
    register("stubborn", max_attempts=ATTEMPTS["stubborn"], backoff=Backoff(first=HOUR))

    run_state_machine_as_test(Verbs, settings=ORDERS)
