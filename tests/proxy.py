"""A line to a server that can be made longer, cut without a word, and cut with one.

It is a process of its own, so that neither a test nor a worker is slowed by what it forwards.
While it is stalled both ends believe in their connections, as when a network drops every packet;
what was said meanwhile arrives late, once it goes on.
"""

import asyncio
import contextlib
import selectors
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
CHUNK = 1 << 18  # bytes
IN_FLIGHT = 64  # chunks each way

Way = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """Listens on a port of the loopback; `target` is a host, or the folder of a socket.

    A round trip takes `delay` seconds more, half of it each way, however much is under way.
    """

    def __init__(self, target: str, target_port: int, delay: float = 0.0) -> None:
        self.command = ["-m", "tests.proxy", target, str(target_port), str(delay)]

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, *self.command],
            cwd=ROOT,
            text=True,
            bufsize=1,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.port = int(self._said())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.communicate()  # it ends with its input
        self.process.wait()

    def stall(self) -> None:
        """Forward nothing more, and close nothing."""
        self._tell("stall")

    def resume(self) -> None:
        """Forward again, beginning with what was kept."""
        self._tell("resume")

    def close_all(self) -> None:
        """Close all connections that there are, at both ends; new ones are welcome."""
        self._tell("close_all")

    def _tell(self, command: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{command}\n")
        assert self._said() == command

    def _said(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


# -- in its process --------------------------------------------------------------------------------


class Forwarder:
    def __init__(self, target: str, target_port: int, delay: float) -> None:
        self.target, self.target_port, self.delay_each_way = target, target_port, delay / 2
        self.open = asyncio.Event()
        self.open.set()
        self.connections: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=CHUNK)
        print(server.sockets[0].getsockname()[1], flush=True)
        commands = {"stall": self.open.clear, "resume": self.open.set, "close_all": self._close_all}
        async for line in standard_input():
            commands[line]()
            print(line, flush=True)

    def _close_all(self) -> None:
        for connection in self.connections:
            connection.cancel()

    async def _accept(self, *client: *Way) -> None:
        task = asyncio.current_task()
        assert task
        self.connections.add(task)
        ends = [client]
        try:
            await self.open.wait()
            ends.append(await self._reach_target())
            await asyncio.gather(
                self._forward(ends[0][0], ends[1][1]), self._forward(ends[1][0], ends[0][1])
            )
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.connections.discard(task)
            for _, writer in ends:
                writer.close()

    async def _reach_target(self) -> Way:
        if self.target.startswith("/"):
            socket = f"{self.target}/.s.PGSQL.{self.target_port}"
            return await asyncio.open_unix_connection(socket, limit=CHUNK)
        return await asyncio.open_connection(self.target, self.target_port, limit=CHUNK)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(IN_FLIGHT)
        arriving = asyncio.create_task(self._deliver(under_way, writer))
        try:
            data = b"it has begun"
            while data:
                data = await reader.read(CHUNK)
                await under_way.put((time.monotonic() + self.delay_each_way, data))
            await arriving
        finally:
            arriving.cancel()

    async def _deliver(
        self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        data = b"it has begun"
        while data:
            due, data = await under_way.get()
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            await self.open.wait()
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()


async def standard_input() -> AsyncIterator[str]:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await reader.readline():
        yield line.decode().strip()


def main(target: str, target_port: str, delay: str) -> None:
    # select() knows fractions of a millisecond, which epoll and poll round up.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(Forwarder(target, int(target_port), float(delay)).serve())


if __name__ == "__main__":
    main(*sys.argv[1:])
