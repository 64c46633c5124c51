"""Finds out where the database is, without waiting for a name server that says nothing.

To ask for a name is a call that no signal interrupts, and it may last as long as all the patience
of the system's resolver. So another process asks, which can be ended.
"""

import json
import os
import subprocess
import sys
import time
from ipaddress import ip_address
from typing import Any

from django.db import OperationalError

KEPT = 600.0  # seconds that the last answer serves while there is no other
SHORTEST_TRY = 2  # seconds, the least that psycopg gives one address
ASK = """
import json, socket, sys
found = {}
for name in sys.argv[1:]:
    try:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        found[name], reason = [], error
    else:
        found[name] = list(dict.fromkeys(answer[4][0] for answer in answers))
if not any(found.values()):
    sys.exit(str(reason))
json.dump(found, sys.stdout)
"""

Addresses = dict[str, list[str]]
# The last answer about these names, and when it came, by time.monotonic().
answers: dict[tuple[str, ...], tuple[float, Addresses]] = {}


def with_addresses(params: dict[str, Any], *, limit: float) -> dict[str, Any]:
    """These parameters of a connection, with the addresses of their hosts.

    Asking for them takes at most so many seconds; then OperationalError, unless they are known.
    """
    hosts = str(params.get("host") or os.environ.get("PGHOST", "")).split(",")
    names = [host for host in hosts if is_name(host)]
    if not names or params.get("hostaddr") or os.environ.get("PGHOSTADDR"):
        return params
    found = addresses(names, limit=limit)
    ports = str(params.get("port") or os.environ.get("PGPORT") or 5432).split(",")
    ports *= len(hosts) if len(ports) == 1 else 1
    places = [
        (host, port, address)
        for host, port in zip(hosts, ports, strict=False)
        for address in found.get(host, [""])
    ]
    located = params | {
        "host": ",".join(host for host, _, _ in places),
        "port": ",".join(port for _, port, _ in places),
        "hostaddr": ",".join(address for _, _, address in places),
    }
    if len(places) > 1 and "connect_timeout" in params:
        # One that is silent must not take all the time there is for the others.
        located["connect_timeout"] = SHORTEST_TRY
    return located


def is_name(host: str) -> bool:
    """Whether somebody has to be asked where it is."""
    if not host or host == "localhost" or host[0] in "/@":
        return False
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


def addresses(names: list[str], *, limit: float) -> Addresses:
    """Where these hosts are, or were a short while ago."""
    key = tuple(names)
    try:
        found = ask(names, limit=limit)
    except OperationalError:
        told_at, found = answers.get(key, (0.0, {}))
        if not found or time.monotonic() > told_at + KEPT:
            raise
    else:
        answers[key] = time.monotonic(), found
    return found


def ask(names: list[str], *, limit: float) -> Addresses:
    try:
        asked = subprocess.run(
            [sys.executable, "-I", "-S", "-c", ASK, *names],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
            check=True,
        )
    except subprocess.TimeoutExpired:
        why = f"no name server answered within {limit:g} s"
    except subprocess.CalledProcessError as error:
        why = error.stderr.decode(errors="replace").strip()
    except OSError as error:  # no more processes or memory
        why = str(error)
    else:
        found: Addresses = json.loads(asked.stdout)
        return found
    raise OperationalError(f"Where {', '.join(names)} is cannot be found out: {why}.")
