"""chancy at its best settings: in the worker's own event loop, as its process pool is slower."""

import asyncio
import logging

from chancy import Chancy, Queue, Worker, job  # type: ignore[import-not-found]

from bench.queue.errand import do_async, stamp

QUEUE = {"concurrency": 500, "polling_interval": 1, "eager_polling": True}
quiet = logging.getLogger("quiet")
quiet.setLevel(logging.ERROR)


async def run_noop(*, i: int) -> None:
    pass


async def run_stamp(*, at: float) -> None:
    stamp(at)


noop, stamped = job()(run_noop), job()(run_stamp)


class System:
    def __init__(self, chancy: Chancy) -> None:
        self.chancy = chancy

    async def setup(self) -> None:
        await self.chancy.migrate()

    async def enqueue(self, number: int) -> None:
        await self.chancy.push(noop.job.with_kwargs(i=number))

    async def enqueue_many(self, numbers: list[int]) -> None:
        async for _ in self.chancy.push_many([noop.job.with_kwargs(i=i) for i in numbers]):
            pass

    async def enqueue_stamp(self, at: float) -> None:
        await self.chancy.push(stamped.job.with_kwargs(at=at))

    async def work(self, how: str, workers: int) -> None:
        queue = Queue("default", executor=Chancy.Executor.Async, **QUEUE)
        await self.chancy.declare(queue, upsert=True)
        async with Worker(self.chancy) as worker:
            await worker.wait_for_shutdown()


async def main() -> None:
    # Where the database is, libpq finds in the environment.
    async with Chancy("", log=quiet) as chancy:
        await do_async(System(chancy))


if __name__ == "__main__":
    asyncio.run(main())
