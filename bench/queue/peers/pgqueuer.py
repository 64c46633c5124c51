"""pgqueuer at its best settings."""

import json
from typing import Any

import asyncpg  # type: ignore[import-not-found]
import uvloop  # type: ignore[import-not-found]
from pgqueuer.db import AsyncpgDriver  # type: ignore[import-not-found]
from pgqueuer.qm import QueueManager  # type: ignore[import-not-found]
from pgqueuer.queries import Queries  # type: ignore[import-not-found]

from bench.queue.errand import do_async, stamp

AT_ONCE = {"many": {"batch_size": 100}, "soon": {}}


class PgQueuer:
    def __init__(self, queries: Any) -> None:
        self.queries = queries

    async def setup(self) -> None:
        await self.queries.install()

    async def enqueue(self, number: int) -> None:
        await self.queries.enqueue("noop", payload(i=number))

    async def enqueue_many(self, numbers: list[int]) -> None:
        payloads: list[bytes | None] = [payload(i=number) for number in numbers]
        await self.queries.enqueue(["noop"] * len(numbers), payloads, [0] * len(numbers))

    async def enqueue_stamp(self, at: float) -> None:
        await self.queries.enqueue("stamp", payload(at=at))

    async def work(self, how: str, workers: int) -> None:
        manager = QueueManager(self.queries)
        manager.entrypoint("noop")(run_noop)
        manager.entrypoint("stamp")(run_stamp)
        await manager.run(**AT_ONCE[how])


async def run_noop(job: Any) -> None:
    json.loads(job.payload)


async def run_stamp(job: Any) -> None:
    stamp(json.loads(job.payload)["at"])


def payload(**data: float) -> bytes:
    return json.dumps(data).encode()


async def main() -> None:
    connection = await asyncpg.connect()
    await do_async(PgQueuer(Queries(AsyncpgDriver(connection))))


if __name__ == "__main__":
    uvloop.run(main())
