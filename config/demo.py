"""What `make demo` does: real jobs on real data, and where to see what they did."""

import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from accounts.models import User
from jobs.models import Job

HOST, ADMINISTRATOR = "127.0.0.1", "admin"
MANAGE = [sys.executable, str(Path(settings.BASE_DIR, "manage.py"))]
DATA = Path(settings.BASE_DIR, "data")
SOURCES = ["communes", "reseaux-de-chaleur"]


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
    return password


def make_administrator(password: str) -> User:
    user, _ = User.objects.get_or_create(
        username=ADMINISTRATOR, defaults={"is_staff": True, "is_superuser": True}
    )
    user.set_password(password)
    user.save()
    return user


def run_jobs() -> None:
    """A worker in the foreground, until the queue is empty."""
    connections.close_all()
    done = subprocess.run([*MANAGE, "run_jobs", "--until-empty"], check=False)
    if done.returncode:
        raise CommandError(f"run_jobs ended with exit code {done.returncode}.")


def what_was_done() -> str:
    jobs = Job.objects.order_by("-created_at")[: len(SOURCES)]
    return "\n".join(map(line, reversed(jobs)))


def line(job: Job) -> str:
    name = f"{job.type} {job.data.get('name', '')}"
    if job.error:
        return f"  {name}: {job.error['kind']}, {job.error['message']}"
    facts = ", ".join(f"{word} {value:,}" for word, value in (job.result or {}).items())
    return f"  {name}: {job.status} ({facts})"


def where_to_look(port: int, password: str) -> str:
    root = f"http://{HOST}:{port}"
    return f"""Serving. Stop with Ctrl-C.

  {root}/admin/jobs/job/  the jobs; log in as {ADMINISTRATOR} with the password {password}
  {root}/api/docs/        the API, to try
  {root}/map/             the map drawn from the tiles
  {root}/tiles/communes.json
"""


def serve(port: int) -> None:
    """The site and a worker, until Ctrl-C or SIGTERM."""
    connections.close_all()
    site = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers", "2"]
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
