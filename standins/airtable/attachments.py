"""Files in cells: written by their address, read with one that is another each time."""

import mimetypes
from itertools import count
from pathlib import PurePosixPath
from typing import Any, TypeGuard
from urllib.parse import quote, unquote, urlsplit

from standins.airtable.ids import Ids

# As the service's addresses expire, none that was read is of use later: here never, anywhere.
EXPIRING = "https://files.airtable.invalid/{number}/{id}/{filename}"
numbers = count(1)


def attached(url: str, ids: Ids, filename: str | None = None) -> dict[str, Any]:
    """A new file, which is never asked for at its address."""
    id = ids.next("att")
    name = filename or unquote(PurePosixPath(urlsplit(url).path).name) or id
    type, _ = mimetypes.guess_type(name)
    kind = type or "application/octet-stream"
    return {"id": id, "url": url, "filename": name, "size": 1_000, "type": kind}


def planted(value: Any, ids: Ids) -> Any:
    """A cell that is set as it is, with what a file has that was left out."""
    if not isinstance(value, list):
        return value
    return [attached(one.get("url", ""), ids, one.get("filename")) | one for one in value]


def shown(cell: Any) -> Any:
    """As it is answered, at an address of this moment."""
    if not isinstance(cell, list):
        return cell
    return [fresh(one) if is_file(one) else one for one in cell]


def is_file(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict) and "id" in value and "filename" in value


def fresh(attachment: dict[str, Any]) -> dict[str, Any]:
    filename = quote(attachment["filename"], safe="")
    url = EXPIRING.format(number=next(numbers), id=attachment["id"], filename=filename)
    return attachment | {"url": url}
