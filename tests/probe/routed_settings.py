"""The probe's settings with the jobs in a second database, and reads of them in a third."""

from tests.probe.settings import *  # noqa: F403
from tests.probe.settings import DATABASES

DATABASES |= {
    alias: DATABASES["default"] | {"NAME": f"{DATABASES['default']['NAME']}_{alias}"}
    for alias in ("queue", "frozen")
}
DATABASE_ROUTERS = ["tests.probe.routing.JobsElsewhere"]
