import json
import socket
from dataclasses import replace
from uuid import uuid4

import pytest
from pydantic import BaseModel

from jobs.models import Job
from jobs.outcome import Failure
from jobs.worker import frames
from jobs.worker.attempt import Returned, data_of, running_job
from jobs.worker.held import Held


@pytest.fixture
def streams():
    one, other = socket.socketpair()
    other.setblocking(False)
    yield one, frames.Lines(other)
    one.close()
    other.close()


def test_a_frame_in_pieces_is_read_once_it_is_whole(streams):
    writer, lines = streams
    whole = frames.encode({"what": "progress", "text": "é\n"})

    writer.sendall(whole[:7])
    first = lines.read()
    writer.sendall(whole[7:])

    assert first == []
    assert lines.read() == [{"what": "progress", "text": "é\n"}]


def test_draining_reads_every_frame_and_does_not_wait_for_more(streams):
    writer, lines = streams
    for number in range(3):
        writer.sendall(frames.encode({"number": number}))

    assert [frame["number"] for frame in lines.drain()] == [0, 1, 2]
    assert not lines.ended


def test_the_end_of_the_stream_is_noticed(streams):
    writer, lines = streams
    writer.close()

    assert lines.drain() == []
    assert lines.ended


def test_an_order_brings_all_that_a_child_needs():
    user, entity = str(uuid4()), str(uuid4())
    held = Held(str(uuid4()), 3, 7, "task", 2, 1, True, '{"word": "x"}', user, entity)

    number, same = frames.ordered(frames.order(held, 5))

    assert number == 5
    assert [getattr(same, name) for name in Held.__slots__] == [
        getattr(held, name) for name in Held.__slots__
    ]


def test_large_data_are_left_for_the_child_to_read():
    held = Held(str(uuid4()), 1, 1, "task", data='{"text": "' + "x" * 60_000 + '"}')

    assert frames.ordered(frames.order(held, 1))[1].data == ""


@pytest.mark.django_db
def test_large_data_is_read_from_the_row(handled_by):
    class Text(BaseModel):
        text: str

    handled_by(lambda job: None, payload=Text)
    job = Job.objects.enqueue("task", {"text": "x" * 60_000})

    data = data_of(Held(str(job.pk), 1, 1, "task", data=""))

    assert json.loads(data) == {"text": "x" * 60_000}


def test_the_ids_are_uuids_for_the_handler():
    id, user, entity = uuid4(), uuid4(), uuid4()
    held = Held(str(id), 1, 1, "task", user_id=str(user), entity_id=str(entity))

    job = running_job(held)

    assert (job.id, job.user_id, job.entity_id) == (id, user, entity)


def test_a_result_is_passed_on_as_it_came(streams):
    writer, lines = streams

    writer.sendall(frames.ended(4, Returned('{"tab": "\\t", "é": 1}'), worn=True, seconds=0.25))

    assert lines.read() == [frames.Ended(4, False, True, 0.25, '{"tab": "\\t", "é": 1}')]


def test_a_failure_brings_what_its_own_attempt_said_last(streams):
    writer, lines = streams
    failure = Failure("exception", "ValueError: no", "…", repeatable=True)

    writer.sendall(frames.ended(4, failure, worn=True, seconds=0.25, log=["INFO one", "INFO two"]))

    (frame,) = lines.read()
    assert frames.failure(frame) == replace(failure, log=("INFO one", "INFO two"))


def test_the_number_of_an_order_is_read_without_the_rest():
    assert frames.number_of(frames.order(Held("id", 1, 1), 123)) == 123


def test_something_that_is_no_frame_ends_the_stream(streams):
    writer, lines = streams

    writer.sendall(b'{"what": "retur{"what": "progress"}\n')

    assert lines.drain() == []
    assert lines.ended
