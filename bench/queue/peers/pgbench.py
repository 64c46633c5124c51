"""pgbench on the table of the bare loop: the same statements, sent by a program written in C."""

import os
import sys
from pathlib import Path

import psycopg

from bench.queue.errand import do
from bench.queue.peers.bare import CLAIM, PAUSE, RESULT, Bare
from bench.queue.postgres import program

# Like the bare loop, it pauses where nothing was claimed.
SCRIPT = """
WITH claimed AS ({claim})
SELECT array_agg(id) AS ids, count(*) AS count FROM claimed \\gset
\\if :count
UPDATE jobs SET status = 'finished', result = '{result}', finished_at = now()
WHERE id = ANY (:ids::bigint[]);
\\else
\\sleep {pause} ms
\\endif
"""
# It is ended before these seconds are over.
OPTIONS = ["--no-vacuum", "--protocol", "prepared", "--time", "36000", "--file"]


class Pgbench(Bare):
    def setup(self) -> None:
        installed()
        super().setup()

    def work(self, how: str, workers: int) -> None:
        """Become pgbench with one client, which takes so many jobs at a time."""
        script = os.memfd_create("script", flags=0)  # with flags of 0 it outlives this program
        os.write(script, script_of(int(how)).encode())
        os.execv(installed(), ["pgbench", *OPTIONS, f"/dev/fd/{script}"])


def installed() -> Path:
    return program("pgbench") or sys.exit("there is no pgbench")


def script_of(batch: int) -> str:
    claim = CLAIM.replace("%s", str(batch))
    return SCRIPT.format(claim=claim, result=RESULT, pause=int(PAUSE * 1_000))


def main() -> None:
    with psycopg.connect(autocommit=True) as connection:
        do(Pgbench(connection))


if __name__ == "__main__":
    main()
