import pytest
from django.core.management import CommandError, call_command

from jobs.models import Job, Worker


def health(capsys, *options):
    """The exit code and what was printed."""
    with pytest.raises(SystemExit) as end:
        call_command("jobs_health", *options)
    return int(end.value.code), capsys.readouterr().out


@pytest.mark.django_db
def test_without_a_worker_it_is_not_healthy(capsys):
    code, said = health(capsys)

    assert (code, said) == (1, "workers seen in the last 60 s: 0\n")


@pytest.mark.django_db
def test_a_worker_seen_lately_is_healthy(capsys):
    worker = Worker.enlist(slots=1, types=[])

    code, said = health(capsys)

    assert code == 0
    assert worker.name in said


@pytest.mark.django_db
def test_a_worker_seen_too_long_ago_is_not_healthy(capsys):
    worker = Worker.enlist(slots=1, types=[])
    Worker.objects.update(seen_at="2020-01-01T00:00Z")

    code, said = health(capsys, "--max-age", "30")

    assert code == 1
    assert worker.name in said


@pytest.mark.django_db
def test_types_that_no_worker_serves_are_named(capsys, handled_by):
    handled_by(lambda job: None)
    Worker.enlist(slots=1, types=["another"])
    Job.objects.enqueue("task", {})

    code, said = health(capsys)

    assert code == 0
    assert "no worker serves task: 1 due for " in said
    assert "oldest due job: task, due for " in said


def test_a_max_age_that_is_no_number_is_refused():
    with pytest.raises(CommandError) as error:
        call_command("jobs_health", "--max-age", "soon")

    expected = "Error: argument --max-age: 'soon' should be a number from 1 to 86400"
    assert str(error.value) == expected
