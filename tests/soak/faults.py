"""What goes wrong, at random."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Container
from contextlib import suppress

from django.db import DatabaseError, InterfaceError, connection

from config.postgres import Server
from jobs.models import Job
from tests.chaos import cluster
from tests.chaos.database import terminate
from tests.chaos.waiting import wait_until
from tests.jobs.sessions import Session
from tests.private_postgres.processes import postmaster
from tests.soak.crew import LONGEST_END, Crew
from tests.soak.plans import KILL_WORKER

STOPPED = 15  # seconds, so longer than a lease
LOCKED = 6


class Faults:
    def __init__(
        self, server: Server, crew: Crew, only: Container[str] | None, chance: random.Random
    ) -> None:
        self.server, self.crew, self.chance = server, crew, chance
        self.locks: dict[Session, float] = {}  # until when
        self.most_in_hand = 0  # of a worker that was killed
        # And how often each is to come, in proportion.
        every: dict[str, tuple[Callable[[], bool], int]] = {
            "kill -9 of a child": (self.kill_child, 6),
            KILL_WORKER: (self.kill_worker, 3),
            f"kill -STOP of a worker, for {STOPPED} s": (self.stop_worker, 2),
            "SIGTERM to a worker": (self.end_worker, 3),
            "all sessions ended": (self.end_sessions, 3),
            "PostgreSQL restarted": (self.restart, 1),
            "PostgreSQL ended without a checkpoint": (self.crash, 1),
            f"a row locked, for {LOCKED} s": (self.lock_row, 4),
        }
        self.kinds = {name: kind for name, kind in every.items() if only is None or name in only}
        self.count = Counter[str](dict.fromkeys(self.kinds, 0))

    def one(self) -> None:
        """One fault, at random; it is counted if it found somebody to hit."""
        weights = [weight for _, weight in self.kinds.values()]
        [name] = self.chance.choices(list(self.kinds), weights)
        happen, _ = self.kinds[name]
        self.count[name] += happen()

    def look_after(self) -> None:
        """Let go of the rows that were locked for long enough."""
        now = time.monotonic()
        for session in [session for session, until in self.locks.items() if now > until]:
            self.let_go(session)

    def calm_down(self) -> None:
        for session in list(self.locks):
            self.let_go(session)

    def let_go(self, session: Session) -> None:
        del self.locks[session]
        with suppress(DatabaseError, InterfaceError):  # PostgreSQL was restarted meanwhile
            session.__exit__()

    # -- to processes ------------------------------------------------------------------------------

    def kill_child(self) -> bool:
        child = self.crew.child_of(self.crew.anyone())
        if child:
            child.kill()
        return bool(child)

    def kill_worker(self) -> bool:
        worker = self.crew.anyone()
        worker.kill()
        in_hand = Job.objects.filter(worker__in=worker.rows).count()
        self.most_in_hand = max(self.most_in_hand, in_hand)
        self.crew.replace(worker)
        return True

    def stop_worker(self) -> bool:
        if self.crew.stopped:  # one at a time, so that enough of them work
            return False
        worker = self.crew.anyone()
        worker.signal(signal.SIGSTOP)
        self.crew.stopped[worker] = time.monotonic() + STOPPED
        return True

    def end_worker(self) -> bool:
        worker = self.crew.anyone()
        if self.crew.ending or not worker.rows:  # not one that is still starting
            return False
        worker.ended_by_test = True
        worker.signal(signal.SIGTERM)
        self.crew.ending[worker] = time.monotonic() + LONGEST_END
        return True

    # -- to the database ---------------------------------------------------------------------------

    def end_sessions(self) -> bool:
        return terminate("jobs %") > 0

    def restart(self) -> bool:
        return self.down(signal.SIGINT)

    def crash(self) -> bool:
        return self.down(signal.SIGQUIT)

    def down(self, how: signal.Signals) -> bool:
        """End the server in this way, and start it again some moments later."""
        connection.close()
        os.kill(postmaster(self.server), how)
        wait_until(lambda: not self.server.pid_file.exists())
        time.sleep(self.chance.uniform(0, 4))
        cluster.start(self.server)
        return True

    def lock_row(self) -> bool:
        # Not one with a key: this process would wait for itself when it enqueues its twin.
        job = Job.objects.filter(finished_at=None, unique_key="").order_by("?").first()
        if job is None:
            return False
        session = Session().__enter__()
        session.lock(job)
        self.locks[session] = time.monotonic() + LOCKED
        return True
