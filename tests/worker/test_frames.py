import socket
from uuid import uuid4

import pytest

from jobs.models import Job
from jobs.worker import frames


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


def test_small_data_travels_with_the_order():
    job = Job(type="task", data={"word": "x"}, lease=3, worker_id=7, attempts=2)

    number, same = frames.ordered_job(frames.order(job, 5))

    assert number == 5
    assert (same.pk, same.type, same.data) == (job.pk, "task", {"word": "x"})
    assert (same.lease, same.worker_id, same.attempts) == (3, 7, 2)


@pytest.mark.django_db
def test_large_data_is_read_from_the_row(handled_by):
    from pydantic import BaseModel

    class Text(BaseModel):
        text: str

    handled_by(lambda job: None, payload=Text)
    job = Job.objects.enqueue("task", {"text": "x" * 60_000})
    job.worker_id = 1

    frame = frames.order(job, 1)

    assert "data" not in frame
    assert frames.ordered_job(frame)[1].data == {"text": "x" * 60_000}


def test_something_that_is_no_frame_ends_the_stream(streams):
    writer, lines = streams

    writer.sendall(b'{"what": "retur{"what": "progress"}\n')

    assert lines.drain() == []
    assert lines.ended


def test_the_ids_of_an_order_are_uuids_again():
    user, entity = uuid4(), uuid4()
    job = Job(type="task", data={}, lease=1, worker_id=1, user_id=user, entity_id=entity)

    _, same = frames.ordered_job(frames.order(job, 1))

    assert (same.user_id, same.entity_id) == (user, entity)
