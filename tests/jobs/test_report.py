import pytest

from tests.jobs.sessions import row

pytestmark = pytest.mark.django_db
HALF = {"done": 1, "total": 2, "message": "walls"}


def test_a_running_job_shows_how_far_it_is(claimed):
    assert claimed.report(HALF)

    assert row(claimed)["progress"] == HALF


def test_progress_leaves_the_job_to_its_holder(claimed):
    claimed.report(HALF)

    assert claimed.finish({})


def test_who_has_lost_a_job_cannot_report_on_it(lost):
    before = row(lost)

    assert not lost.report(HALF)

    assert row(lost) == before
