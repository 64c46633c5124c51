"""What a worker shows on a terminal: readable lines, and a bar for each running job."""

import logging
import math
import sys
import time
from contextlib import suppress
from typing import IO, Any, cast

from rich.console import Console as Screen
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from jobs.outcome import Failure
from jobs.registry import job_types
from jobs.worker.console import Console, is_last, is_on_screen
from jobs.worker.held import Held

REDRAW = 0.2  # seconds


class Unfailing:
    """A stream whose reader may go away: a terminal that is closed must not stop a worker."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class Terminal(Console):
    relays_logs = True

    def __init__(self, screen: Screen | None = None) -> None:
        self.screen = screen or Screen(file=cast(IO[str], Unfailing(sys.stderr)))
        handler = RichHandler(console=self.screen, show_path=False, log_time_format="%H:%M:%S")
        # What goes elsewhere than to this terminal still goes there.
        root = logging.getLogger()
        root.handlers = [it for it in root.handlers if not is_on_screen(it)] + [handler]
        self.bars = Progress(
            TextColumn("{task.fields[label]}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[message]}", style="dim"),
            console=self.screen,
            transient=True,
            auto_refresh=False,  # it would be a thread, and a process with threads must not fork
        )
        self.drawn_at = 0.0
        self.shown: dict[Any, tuple[TaskID, float]] = {}

    def claimed(self, held: Held) -> None:
        self.say("▶", "cyan", held, "started")
        bar = self.bars.add_task("", label=escape(title(held)), message="", total=None)
        self.shown[held.id] = bar, time.monotonic()
        self.bars.start()

    def next_moment(self) -> float:
        return self.drawn_at + REDRAW if self.shown else math.inf

    def draw(self) -> None:
        if self.shown and time.monotonic() >= self.drawn_at + REDRAW:
            self.drawn_at = time.monotonic()
            self.bars.refresh()

    def hush(self) -> None:
        self.bars.stop()

    def progress(self, held: Held, progress: dict[str, Any]) -> None:
        if held.id in self.shown:
            self.bars.update(
                self.shown[held.id][0],
                completed=progress["done"],
                total=progress["total"],
                message=escape(progress["message"]),
            )

    def finished(self, held: Held, result: str | None) -> None:
        self.say("✔", "green", held, f"finished{self.after(held)}")

    def failed(self, held: Held, failure: Failure) -> None:
        again = "" if is_last(held, failure) else ", to be tried again"
        self.say("✘", "red", held, f"{failure.kind}{self.after(held)}{again}: {failure.message}")

    def released(self, held: Held, why: str) -> None:
        self.say("↩", "yellow", held, f"put back{self.after(held)}, for {why}")

    def put_back(self, held: Held, reason: str) -> None:
        self.say("↩", "yellow", held, f"put back{self.after(held)} for a while: {reason}")

    def say(self, mark: str, colour: str, held: Held, what: str) -> None:
        clock = time.strftime("%H:%M:%S")
        whose = f" {held.type} {held.id}"
        said = f" {title(held)} {what}"
        line = Text.assemble((clock, "dim"), " ", (mark, colour), said, (whose, "dim"))
        self.screen.print(line, highlight=False, soft_wrap=True)

    def after(self, held: Held) -> str:
        """' after 1.2 s', and its bar is gone."""
        if held.id not in self.shown:
            return ""
        bar, began = self.shown.pop(held.id)
        self.bars.remove_task(bar)
        if not self.shown:
            self.bars.stop()
        return f" after {time.monotonic() - began:.1f} s"


def title(held: Held) -> str:
    """'Vector tiles communes', or the type where it has no label."""
    label = job_types[held.type].label if held.type in job_types else ""
    return f"{label or held.type} {held.name or held.id[-6:]}"
