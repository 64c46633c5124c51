"""What `manage.py check` says about tiles."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from jobs.checks import WORKER
from tiles.errors import TippecanoeMissing
from tiles.tippecanoe import executable


@register(WORKER)
def tippecanoe_is_there(**options: Any) -> list[CheckMessage]:
    try:
        executable()
    except TippecanoeMissing as error:
        return [
            Error(
                str(error),
                hint="Tiles cannot be built without it: pip install -r requirements/base.txt",
                id="tiles.E001",
            )
        ]
    return []
