import pytest

from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db


def test_a_released_job_waits_as_if_it_had_not_been_claimed(claimed):
    assert claimed.release()

    claimed.refresh_from_db()
    assert (claimed.status, claimed.worker_id, claimed.due) == ("pending", None, True)
    assert (claimed.attempts, claimed.crashes, claimed.errors) == (0, 0, [])


def test_the_lease_is_not_given_back(claimed):
    claimed.release()

    assert row(claimed)["lease"] == 1


def test_a_released_job_can_be_claimed_at_once(claimed, claim):
    claimed.release()

    assert claim() == [claimed]


def test_progress_ends_with_the_attempt(claimed):
    claimed.report({"done": 1, "total": 2, "message": ""})

    claimed.release()

    assert row(claimed)["progress"] is None


def test_a_job_to_be_cancelled_is_not_put_back(claimed):
    claimed.cancel()

    assert claimed.release()

    claimed.refresh_from_db()
    assert (claimed.status, claimed.error["kind"]) == ("error", "cancelled")


def test_who_has_lost_a_job_cannot_release_it(lost):
    before = row(lost)

    assert not lost.release()

    assert row(lost) == before


def test_a_job_that_nobody_holds_cannot_be_released(pending):
    assert not pending.release()

    assert row(pending)["attempts"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_released_job_wakes_the_workers(claimed, heard):
    claimed.release()

    assert heard() == ["work"]
