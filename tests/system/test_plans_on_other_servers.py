"""Scenario 47: the queue's statements work, and are planned alike, on PostgreSQL 14 to 18."""

import subprocess
import sys

import pytest

from tests.places import Place
from tests.private_postgres.processes import ROOT
from tests.servers import DEBIAN, VERSIONS

# All but what takes longest and is no statement of a worker's: the pages of the lists, in every
# combination, and every order of events.
CHOICE = "not part_of_the_list and not order_of_events"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", [*VERSIONS, DEBIAN])
def test_47_the_statements_of_the_queue_keep_their_plans(kind: str) -> None:
    pytest_there = [sys.executable, "-m", "pytest", "-q", "--ds=config.settings"]

    with Place(kind).opened() as there:
        done = subprocess.run(
            [*pytest_there, "-k", CHOICE, "tests/jobs"],
            cwd=ROOT,
            env=there.environment,
            capture_output=True,
            text=True,
        )

    assert done.returncode == 0, done.stdout[-5_000:]
