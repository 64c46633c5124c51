"""The bounds: the least that psycopg has to do for the same, without any handler in between."""

import json
import time
from typing import Any

import psycopg

from bench.queue.errand import do, stamp

TABLES = """
CREATE TABLE jobs (
    id bigserial PRIMARY KEY,
    status text NOT NULL DEFAULT 'pending',
    type text NOT NULL DEFAULT 'noop',
    priority smallint NOT NULL DEFAULT 0,
    run_at timestamptz NOT NULL DEFAULT now(),
    data jsonb NOT NULL,
    result jsonb,
    worker text,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX ON jobs (priority DESC, run_at, id) WHERE status = 'pending'
"""
INSERT = "INSERT INTO jobs (data) VALUES (%s)"
COPY = "COPY jobs (data) FROM STDIN"
NOTIFY = "SELECT pg_notify('bare', %s)"
CLAIM = """
WITH next AS (
    SELECT id FROM jobs WHERE status = 'pending' AND run_at <= now()
    ORDER BY priority DESC, run_at, id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE jobs
SET status = 'processing', worker = 'bare', attempts = attempts + 1, started_at = now()
FROM next WHERE jobs.id = next.id
RETURNING jobs.id, data
"""
FINISH = """
UPDATE jobs SET status = 'finished', result = ended.result, finished_at = now()
FROM unnest(%s::bigint[], %s::jsonb[]) AS ended (id, result)
WHERE jobs.id = ended.id
"""
RESULT = json.dumps({"ok": True})
PAUSE = 0.05


class Bare:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def setup(self) -> None:
        self.connection.execute(TABLES)

    def enqueue(self, number: int) -> None:
        with self.connection.transaction():
            self.connection.execute(INSERT, [json.dumps({"i": number})])
            self.connection.execute(NOTIFY, [""])

    def enqueue_many(self, numbers: list[int]) -> None:
        with self.connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for number in numbers:
                copy.write_row([json.dumps({"i": number})])

    def enqueue_stamp(self, at: float) -> None:
        """The fastest word from one process to another, with no job in it."""
        self.connection.execute(NOTIFY, [repr(at)])

    def work(self, how: str, workers: int) -> None:
        if how == "soon":
            self.listen()
        else:
            self.loop(int(how))

    def listen(self) -> None:
        self.connection.execute("LISTEN bare")
        stamp(time.time())  # it says itself that it is there: what was said before it does not hear
        for said in self.connection.notifies():
            stamp(float(said.payload))

    def loop(self, batch: int) -> None:
        while True:
            if claimed := self.connection.execute(CLAIM, [batch]).fetchall():
                ids = [id for id, _ in claimed]
                self.connection.execute(FINISH, [ids, [RESULT] * len(ids)])
            else:
                time.sleep(PAUSE)


def main() -> None:
    with psycopg.connect(autocommit=True, prepare_threshold=1) as connection:
        do(Bare(connection))


if __name__ == "__main__":
    main()
