"""procrastinate at its best settings."""

import asyncio

import procrastinate  # type: ignore[import-not-found]

from bench.queue.errand import do_async, stamp

CONNECTIONS = {"min_size": 4, "max_size": 24}
AT_ONCE = {"many": 20, "soon": 4}
app = procrastinate.App(connector=procrastinate.PsycopgConnector(**CONNECTIONS))


async def run_noop(i: int) -> None:
    pass


async def run_stamp(at: float) -> None:
    stamp(at)


noop, stamped = app.task(name="noop")(run_noop), app.task(name="stamp")(run_stamp)


class Procrastinate:
    async def setup(self) -> None:
        await app.schema_manager.apply_schema_async()

    async def enqueue(self, number: int) -> None:
        await noop.defer_async(i=number)

    async def enqueue_many(self, numbers: list[int]) -> None:
        await noop.batch_defer_async(*({"i": number} for number in numbers))

    async def enqueue_stamp(self, at: float) -> None:
        await stamped.defer_async(at=at)

    async def work(self, how: str, workers: int) -> None:
        await app.run_worker_async(concurrency=AT_ONCE[how])


async def main() -> None:
    async with app.open_async():
        await do_async(Procrastinate())


if __name__ == "__main__":
    asyncio.run(main())
