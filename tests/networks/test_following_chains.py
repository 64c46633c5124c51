"""Which of the jobs that follow wait for which, and which are not worth it."""

import pytest

from jobs.models import Job
from networks.following import enqueue_following, enqueue_tiles_and_recheck, only_if
from networks.kinds import PLACED_KINDS
from tests.factories import UserFactory
from tests.networks.conftest import FOLLOWERS, chains, is_chain, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_installed")]

HEAT = "reseaux-de-chaleur"
SYNC, UPDATE, TILES, RECHECK = FOLLOWERS
BOX = (3.0, 46.5, 3.1, 46.6)


def following(*kinds: str) -> list[Job]:
    return enqueue_following(kinds, [BOX], by=None)


def test_d_5_5_what_comes_from_airtable_waits_for_what_goes_there_of_the_same_kind():
    asking, _ = chains(following(*PLACED_KINDS))

    assert len(asking) == 6
    assert all(is_chain(asking[place : place + 2]) for place in (0, 2, 4))


def test_d_5_5_the_recheck_waits_for_all_tiles():
    _, others = chains(following(*PLACED_KINDS))

    assert [job.type for job in others] == [*[TILES] * 4, RECHECK]
    assert is_chain(others)


def test_map_and_addresses_follow_though_airtable_fails():
    jobs = following("heat-networks")

    jobs[0].cancel()

    left = Job.objects.pending().order_by("pk")
    assert [(job.type, job.due) for job in left] == [(TILES, True), (RECHECK, False)]


def test_a_source_whose_jobs_wait_already_is_waited_for_in_its_turn():
    first = following("cold-networks")

    second = following("heat-networks", "cold-networks")

    assert [job.pk for job in second[3:6]] == [job.pk for job in first[:3]]
    assert second[6].blocked_by == first[2].pk


@pytest.mark.parametrize("missing", FOLLOWERS)
def test_a_type_that_no_app_runs_is_left_out_and_not_waited_for(installed, missing):
    installed(*(name for name in FOLLOWERS if name != missing))

    jobs = following("heat-networks")

    assert [job.type for job in jobs] == [name for name in FOLLOWERS if name != missing]
    assert all(is_chain(chain) for chain in chains(jobs))


def test_a_type_is_left_out_while_its_condition_does_not_hold():
    configured = False
    only_if(SYNC, lambda: configured)

    without = following("heat-networks")
    configured = True
    complete = following("heat-networks")

    assert [job.type for job in without] == [UPDATE, TILES, RECHECK]
    assert [job.type for job in complete] == [SYNC, UPDATE, TILES, RECHECK]


def test_a_condition_enqueues_no_type_that_no_app_runs(installed):
    installed(TILES)
    only_if(SYNC, lambda: True)

    assert said(following("heat-networks")) == [(TILES, HEAT)]


def test_what_came_from_airtable_is_shown_and_rechecked_and_not_sent_back():
    jobs = enqueue_tiles_and_recheck(["cold-networks", "heat-networks"], [BOX], by=None)

    assert said(jobs) == [(TILES, HEAT), (TILES, "reseaux-de-froid"), (RECHECK, "")]
    assert is_chain(jobs)
    assert jobs[-1].data == {"bboxes": [list(BOX)]}


def test_where_nothing_matters_to_addresses_there_is_no_recheck():
    assert said(enqueue_tiles_and_recheck(["heat-networks"], [], by=None)) == [(TILES, HEAT)]


def test_jobs_are_those_of_whoever_changed_something():
    user = UserFactory()

    jobs = enqueue_following(["heat-networks"], [BOX], by=user)

    assert {job.user for job in jobs} == {user}
