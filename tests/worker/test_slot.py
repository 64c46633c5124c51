from jobs.models import Job
from jobs.worker.pool import Slot


def slot(**state):
    """A slot as it is between two words with its child, without the child."""
    slot = Slot.__new__(Slot)
    slot.__dict__ |= {"job": None, "asked": None, "deadline": 5.0, "kill_at": 7.0} | state
    return slot


def test_a_free_slot_asks_for_no_look_however_old_its_last_deadline_is():
    assert slot().next_moment() == float("inf")


def test_a_running_job_asks_for_a_look_at_its_deadline():
    assert slot(job=Job()).next_moment() == 5.0


def test_a_job_that_was_asked_to_stop_asks_for_a_look_when_it_is_to_be_killed():
    assert slot(job=Job(), asked="timeout").next_moment() == 7.0
