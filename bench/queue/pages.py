"""`python -m bench.queue.pages`: the lists of the API and of the admin, asked as a browser would.

It prints, for each page, the milliseconds of each round and how many queries it takes.
"""

import json
import os
import statistics
import sys
import time
from http import HTTPStatus
from typing import Any

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
ASKED, FEW = 5, 10  # requests of each round; jobs of a user and of a rare type
API, ADMIN = "/api/jobs/", "/admin/jobs/job/"
# All by created_at: with filters that select much, little or nothing.
PAGES = {
    "API": API,
    "API, finished": f"{API}?statuses=finished",
    "API, in error": f"{API}?statuses=error",
    "API, pending": f"{API}?statuses=pending",
    "API, processing": f"{API}?statuses=processing",
    "API, frequent type": f"{API}?types=bench_noop",
    "API, rare type": f"{API}?types=bench_stamp",
    "API, rare type in error": f"{API}?types=bench_stamp&statuses=error",
    "API, one user": f"{API}?userId={{user}}",
    "API, one user, frequent type in error": (
        f"{API}?userId={{user}}&types=bench_noop&statuses=error"
    ),
    "API, not ended": f"{API}?statuses=pending,processing",
    "API, oldest pending first": f"{API}?statuses=pending&orderDirection=asc",
    "API, oldest first": f"{API}?orderDirection=asc",
    "API, from the 9,951st on": f"{API}?offset=9950",
    "admin": ADMIN,
    "admin, in error": f"{ADMIN}?status=error",
    "admin, rare type": f"{ADMIN}?type=bench_stamp",
    "admin, pending": f"{ADMIN}?status=pending",
    "admin, rare type in error": f"{ADMIN}?type=bench_stamp&status=error",
    "admin, past hour": f"{ADMIN}?age=hour",
    "admin, one user": f"{ADMIN}?owner=bench",
    "admin, no user": f"{ADMIN}?owner=-",
}


def main() -> None:
    django.setup()
    from accounts.models import User

    user, _ = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    give_some_to(user)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    urls = {name: url.format(user=user.pk) for name, url in PAGES.items()}
    print(json.dumps({name: measured(client, url) for name, url in urls.items()}))


def give_some_to(user: Any) -> None:
    """A few jobs from all over the table, which are also those of a rare type."""
    from jobs.models import Job

    count = Job.objects.count()
    few = Job.objects.filter(data__i__in=range(1, count, count // FEW))
    few.update(type="bench_stamp", user=user)


def measured(client: Client, url: str) -> tuple[list[float], int]:
    count = queries(client, url)  # and what only the first request does is done
    rounds = ([milliseconds(client, url) for _ in range(ASKED)] for _ in range(ROUNDS))
    return [statistics.median(times) for times in rounds], count


def milliseconds(client: Client, url: str) -> float:
    began = time.perf_counter()
    ask(client, url)
    return (time.perf_counter() - began) * 1_000


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(client, url)
    return len(captured)


def ask(client: Client, url: str) -> None:
    response = client.get(url)
    if response.status_code != HTTPStatus.OK:
        sys.exit(f"{url} was answered with {response.status_code}")


if __name__ == "__main__":
    main()
