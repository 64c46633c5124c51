"""The form that the service is sent: fields, some repeated, and a file."""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP


class BadRequest(Exception):
    """The request cannot be answered; it says why."""


class Form:
    def __init__(self, content_type: str, body: bytes) -> None:
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + body)
        if not message.is_multipart():
            raise BadRequest("The body must be multipart/form-data.")
        self._parts = [(name_of(part), content_of(part)) for part in message.iter_parts()]

    def values(self, name: str) -> list[str]:
        return [content.decode() for field, content in self._parts if field == name]

    def value(self, name: str, default: str) -> str:
        return next(iter(self.values(name)), default)

    def file(self, name: str) -> str:
        """As text, with its line ends as they are."""
        if name not in (field for field, _ in self._parts):
            raise BadRequest(f"The file {name!r} is missing.")
        try:
            return self.value(name, "").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            raise BadRequest(f"The file {name!r} is not UTF-8.") from error


def name_of(part: Message) -> str:
    return str(part.get_param("name", "", header="content-disposition"))


def content_of(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
