"""A name server for one name, which may fall silent, and workers that ask no other."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, inet_aton, socket
from struct import pack

NAME = "database.test"
ADDRESS, PORT = "127.0.0.99", 53  # where resolv.conf can send a question
A, HEADER = b"\x00\x01", 12
# Runs a command with this file in the place of /etc/resolv.conf, for itself and what it starts.
INSTEAD = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"']


class NameServer:
    """Says that the name is this machine's, as long as it says anything."""

    silent = False

    def __init__(self, udp: socket) -> None:
        self.udp = udp

    def serve(self) -> None:
        while True:
            question, whose = self.udp.recvfrom(512)
            if question == b"end":
                return
            if not self.silent:
                self.udp.sendto(answer(question), whose)


def answer(question: bytes) -> bytes:
    """The address, for whoever asks for one of IPv4; that there is none, for all others."""
    end = question.index(b"\0", HEADER) + 5
    asked = question[HEADER:end]
    found = asked[-4:-2] == A and asked.startswith(bytes([len(NAME.split(".")[0])]))
    address = b"\xc0\x0c" + pack(">2sHIH", A, 1, 0, 4) + inet_aton("127.0.0.1")
    counts = pack(">HHHH", 1, found, 0, 0)
    return question[:2] + b"\x81\x80" + counts + asked + (address if found else b"")


@contextmanager
def name_server() -> Iterator[NameServer]:
    with socket(AF_INET, SOCK_DGRAM) as udp:
        udp.bind((ADDRESS, PORT))
        server = NameServer(udp)
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield server
        finally:
            with socket(AF_INET, SOCK_DGRAM) as other:
                other.sendto(b"end", (ADDRESS, PORT))
            thread.join()


def asking_it(folder: Path) -> list[str]:
    """What to put before a command, so that it asks this name server alone."""
    file = folder / "resolv.conf"
    file.write_text(f"nameserver {ADDRESS}\n")
    return [*INSTEAD, str(file)]


def is_possible(folder: Path) -> bool:
    """Whether this machine lets us: it takes root, as which a test runs in most containers."""
    tried = subprocess.run([*asking_it(folder), sys.executable, "-c", ""], capture_output=True)
    return tried.returncode == 0
