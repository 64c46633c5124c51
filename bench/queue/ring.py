"""Where contenders are had from, and how several are measured so that none has the better hour."""

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import psutil  # type: ignore[import-untyped]
import psycopg

from bench.queue.contender import Contender
from bench.queue.environments import NotInstalled, say
from bench.queue.postgres import PostgreSQL
from bench.queue.processes import Failed
from bench.queue.systems import System

Got = TypeVar("Got")


@dataclass
class Outcome(Generic[Got]):
    """What came out for somebody, once for each round; or why nothing did."""

    system: System
    got: list[Got] = field(default_factory=list)
    reason: str = ""


class Ring(ExitStack):
    """Each contender is made when it is first asked for; at the end their databases are dropped."""

    def __init__(self, postgres: PostgreSQL, only: Sequence[str], rounds: int) -> None:
        super().__init__()
        self.postgres, self.only, self.rounds = postgres, only, rounds
        self._known: dict[str, Contender | str] = {}  # or why there is none

    def takes(self, system: System) -> bool:
        return not self.only or system.name in self.only

    def contender(self, system: System, variant: str = "") -> Contender:
        """The one that was made before, or a new one; Failed says why there is none."""
        name = "_".join(["bench", *re.findall("[a-z0-9]+", f"{system.name} {variant}".lower())])
        if name not in self._known:
            self._known[name] = self._made(system, name)
        known = self._known[name]
        if isinstance(known, str):
            raise Failed(known)
        return known

    def in_rounds(
        self, systems: Sequence[System], measure: Callable[[Contender], Got]
    ) -> list[Outcome[Got]]:
        """All of them once, then all once more: what disturbs the machine disturbs everybody."""
        outcomes: list[Outcome[Got]] = self._outcomes(systems)
        for _ in range(self.rounds):
            for outcome in outcomes:
                self._add(outcome, lambda contender: [measure(contender)])
        return outcomes

    def in_turn(
        self, systems: Sequence[System], measure: Callable[[Contender], list[Got]]
    ) -> list[Outcome[Got]]:
        """One after the other, each with all its rounds, where it takes long to get ready."""
        outcomes: list[Outcome[Got]] = self._outcomes(systems)
        for outcome in outcomes:
            self._add(outcome, measure)
        return outcomes

    def _outcomes(self, systems: Sequence[System]) -> list[Outcome[Got]]:
        return [Outcome(system) for system in systems if self.takes(system)]

    def _add(self, outcome: Outcome[Got], measure: Callable[[Contender], list[Got]]) -> None:
        if outcome.reason:
            return
        say(f"  {outcome.system.name}")
        try:
            outcome.got += measure(self.contender(outcome.system))
        except (Failed, psycopg.Error, psutil.Error) as error:
            outcome.reason = one_line(error)

    def _made(self, system: System, name: str) -> Contender | str:
        try:
            command = system.environment.command()
            conninfo = self.enter_context(self.postgres.database(name))
            contender = Contender(system, command, name, conninfo, rounds=self.rounds)
            self.callback(contender.stamps.unlink, missing_ok=True)
            return contender
        except (NotInstalled, Failed, psycopg.Error) as error:
            return one_line(error)


def one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
