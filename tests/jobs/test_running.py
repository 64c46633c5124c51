import logging

import numpy
import pytest

from jobs.models import Job
from jobs.running import RunningJob
from tests.factories import UserFactory


@pytest.fixture
def reports():
    return []


@pytest.fixture
def job(reports):
    return RunningJob(id=Job().pk, type="paint", data=None, on_progress=reports.append)


def test_progress_is_reported_at_most_once_a_second_and_at_the_end(job, reports):
    for done in range(1, 1001):
        job.progress(done, 1000)

    assert [report["done"] for report in reports] == [1, 1000]


def test_progress_of_numbers_that_are_not_of_python_is_plain_json(job, reports):
    job.progress(numpy.int64(1), numpy.float64(4), "a\x00b")

    assert reports == [{"done": 1, "total": 4, "message": "a\\x00b"}]


def test_progress_refuses_what_is_not_a_number(job):
    with pytest.raises(ValueError, match="progress takes two finite numbers, given nan and 1"):
        job.progress(float("nan"), 1)


def test_every_line_of_the_log_carries_the_job(job, caplog):
    with caplog.at_level(logging.INFO):
        job.logger.info("Painting %s", "red")

    line = caplog.records[0]
    assert line.getMessage() == "Painting red"
    assert (line.job, line.type, line.attempt) == (str(job.id), "paint", 1)


@pytest.mark.django_db
def test_the_user_is_who_enqueued_it():
    ada = UserFactory()

    assert RunningJob(id=Job().pk, type="paint", data=None, user_id=ada.pk).user == ada


@pytest.mark.django_db
def test_a_job_without_a_user_belongs_to_nobody(job):
    assert job.user is None
