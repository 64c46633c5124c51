"""How much of the processors has been used so far."""

from collections.abc import Iterable
from contextlib import suppress

import psutil  # type: ignore[import-untyped]

from bench.queue.processes import Process
from config.postgres import Server


def of_worker(worker: Process) -> float:
    """Seconds, by it and by all that are its children now."""
    main = psutil.Process(worker.pid)
    return of(main) + of_all(main.children(recursive=True))


def of_server(server: Server) -> float:
    """Seconds, by all processes of a private PostgreSQL, those that have ended included."""
    main = psutil.Process(int(server.pid_file.read_text().split()[0]))
    ended = main.cpu_times()
    of_ended = float(ended.children_user + ended.children_system)
    return of(main) + of_ended + of_all(main.children())


def of_all(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # it has just ended
            total += of(process)
    return total


def of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
