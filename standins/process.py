"""When a stand-in that runs as a process ends."""

import os
import signal
import threading


def stopping(*, until_eof: bool) -> threading.Event:
    """Set by a signal, or by the end of the input, which comes when a parent dies."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if until_eof:
        threading.Thread(target=wait_for_eof, args=(stop,), daemon=True).start()
    return stop


def wait_for_eof(stop: threading.Event) -> None:
    # Not through sys.stdin, whose lock would keep the interpreter from ending.
    while os.read(0, 4096):
        pass
    stop.set()
