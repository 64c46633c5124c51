"""What `make demo` does: real jobs on real data, and where to see what they did."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import User
from jobs.models import Job
from pro_eligibility.models import EligibilityTest

HOST, ADMINISTRATOR = "127.0.0.1", "admin"
MANAGE = [sys.executable, str(Path(settings.BASE_DIR, "manage.py"))]
DATA = Path(settings.BASE_DIR, "data")
SOURCES = ["communes", "reseaux-de-chaleur"]
NAME = "434 addresses of Val-d'Oise"
ADDRESSES = DATA / "addresses-gaz.csv"
# Of the stand-in geocoder, so that there is progress to watch.
ROWS_PER_SECOND, ROWS_PER_REQUEST = 150, 25


@contextmanager
def standin(module: str, *options: object) -> Iterator[str]:
    """A service as a process of its own, which ends with this one; its address."""
    command = [sys.executable, "-m", module, "--until-eof", *map(str, options)]
    with subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        try:
            if not url:
                raise CommandError(f"{module} did not start; its last lines say why.")
            yield url
        finally:
            process.terminate()


@contextmanager
def geocoder() -> Iterator[str]:
    """The stand-in for the public geocoder, for all that is started meanwhile; its address."""
    options = ["--addresses", DATA / "ban-sample.ndjson", "--rows-per-second", ROWS_PER_SECOND]
    with standin("standins.geocoder", *options) as url:
        os.environ["GEOCODER_URL"] = url
        os.environ["GEOCODER_ROWS_PER_REQUEST"] = str(ROWS_PER_REQUEST)
        yield url


def set_up() -> str:
    """Tables, sample data, an administrator and the jobs; return the administrator's password."""
    call_command("migrate", verbosity=0)
    call_command("load_networks", DATA / "communes-idf.geojson", kind="communes")
    call_command("load_networks", DATA / "heat-networks-idf.geojson", kind="heat-networks")
    password = secrets.token_urlsafe(9)
    with transaction.atomic():
        administrator = make_administrator(password)
        for source in SOURCES:
            Job.objects.enqueue(
                "build_tiles",
                {"name": source},
                user=administrator,
                unique_key=f"build_tiles:{source}",
            )
        enqueue_addresses(administrator)
    return password


def enqueue_addresses(administrator: User) -> None:
    """As the page does it: upload a file, and start."""
    test = EligibilityTest.objects.upload(
        administrator, filename=ADDRESSES.name, content=ADDRESSES.read_bytes(), name=NAME
    )
    # The file also has the coordinates that somebody else found: ask for the addresses instead.
    addresses = [test.columns.index(column) for column in ("address", "commune")]
    test.set_layout(
        test.layout.model_copy(update={"mode": "address", "address_columns": addresses})
    )
    test.start()


def make_administrator(password: str) -> User:
    user, _ = User.objects.get_or_create(
        username=ADMINISTRATOR, defaults={"is_staff": True, "is_superuser": True}
    )
    user.set_password(password)
    user.save()
    return user


def run_jobs(**variables: str) -> str:
    """A worker in the foreground, until the queue is empty; a line for each job that ended."""
    connections.close_all()
    began = timezone.now()
    command = [*MANAGE, "run_jobs", "--until-empty"]
    done = subprocess.run(command, env=os.environ | variables, check=False)
    if done.returncode:
        raise CommandError(f"run_jobs ended with exit code {done.returncode}.")
    jobs = Job.objects.filter(finished_at__gte=began).order_by("finished_at", "id")
    return "\n".join(map(line, jobs))


def line(job: Job) -> str:
    name = f"{job.type} {job.data.get('name', '')}".strip()
    if job.error:
        return f"  {name}: {job.error['kind']}, {job.error['message']}"
    facts = [fact(word, value) for word, value in (job.result or {}).items() if value]
    return f"  {name}: {job.status}" + (f" ({', '.join(facts)})" if facts else "")


def fact(word: str, value: Any) -> str:
    return word if value is True else f"{word} {value:,}"


def where_to_look(port: int, password: str) -> str:
    test = EligibilityTest.objects.filter(name=NAME).first()
    return f"""Serving. Stop with Ctrl-C. Log in as {ADMINISTRATOR} with the password {password}

  {root(port)}/eligibility-tests/{test.pk if test else ""}/
                          the addresses that were tested, and a place to upload your own
  {root(port)}/admin/jobs/job/  the jobs
  {root(port)}/api/docs/        the API, to try
  {root(port)}/map/             the map drawn from the tiles
"""


def root(port: int) -> str:
    return f"http://{HOST}:{port}"


def serve(port: int) -> None:
    """The site and a worker, until Ctrl-C or SIGTERM."""
    connections.close_all()
    site = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers", "2"]
    # A large export takes a thread for its time, and leaves the others to the other visitors.
    site += ["--threads", "4", "--timeout", "120"]
    site += ["--graceful-timeout", "3", "--log-level", "warning"]
    site += ["--bind", f"{HOST}:{port}", "config.wsgi"]
    # Sessions of their own: Ctrl-C reaches this process alone, which then ends both.
    processes = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)
        for command in (site, [*MANAGE, "run_jobs", "--grace", "3"])
    ]
    # SIGINT too: a shell ignores it for what it starts in the background.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.2)
    except KeyboardInterrupt:
        return
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    raise CommandError("The site or the worker ended by itself; its last lines say why.")
