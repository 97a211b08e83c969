r"""Messages on the wire: header lines, then a body; text or binary.

A text message is ``Name: value\r\n`` lines, an empty line and a UTF-8 body. A
binary message is the header block's size (two bytes, big-endian), the header
lines in ASCII, then the body. Written exactly as the 2018 document shows; read
tolerant of case, spacing and line ends, as services and SDKs differ there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stt_cli.core import lenient_json
from stt_cli.protocols.usp.limits import LARGEST_HEADERS

PATH = "Path"
REQUEST_ID = "X-RequestId"
TIMESTAMP = "X-Timestamp"
CONTENT_TYPE = "Content-Type"

PROTOCOL_ERROR = 1002
INVALID_PAYLOAD = 1007

_INCORRECT = "Incorrect message format. "
# UTC, ISO 8601, a fraction of one to seven digits (2018, X-Timestamp).
_TIMESTAMP = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,7})?Z"
)


class FramingError(ValueError):
    """A message that the protocol does not allow.

    ``close_code`` and the text are what a service closes the connection with
    (2018, "Protocol violation errors").
    """

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(reason)
        self.close_code = close_code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """One message, its header names in lower case."""

    headers: dict[str, str]
    body: bytes
    is_binary: bool = False

    def header(self, name: str) -> str:
        """Return a header's value, empty where it is missing."""
        return self.headers.get(name.lower(), "")

    @property
    def path(self) -> str:
        """The kind of message, in lower case."""
        return self.header(PATH).lower()

    @property
    def request_id(self) -> str:
        """The turn it belongs to, in lower case."""
        return self.header(REQUEST_ID).lower()

    def json(self) -> Any:
        """Return the body as JSON, ``{}`` where it is empty.

        Raises:
            FramingError: the body is no JSON.
        """
        if not self.body.strip():
            return {}
        try:
            return lenient_json.loads(self.body)
        except (ValueError, RecursionError) as fault:
            raise FramingError(
                INVALID_PAYLOAD, f"{_INCORRECT}{self.path} is not JSON: {fault}"
            ) from fault


Headers = tuple[tuple[str, str], ...]


def build_text(headers: Headers, body: str) -> str:
    """Return a text message."""
    return f"{_header_lines(headers)}\r\n{body}"


def build_binary(headers: Headers, body: bytes) -> bytes:
    """Return a binary message. The header block must fit its limit."""
    block = _header_lines(headers).encode("ascii")
    if len(block) > LARGEST_HEADERS:
        raise ValueError(f"{len(block)} bytes of headers, at most {LARGEST_HEADERS}")
    return len(block).to_bytes(2, "big") + block + body


def parse(data: str | bytes) -> Message:
    """Read a message of either kind. Raises ``FramingError``."""
    return parse_text(data) if isinstance(data, str) else parse_binary(data)


def parse_text(text: str | bytes) -> Message:
    """Read a text message. Raises ``FramingError``."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as fault:
            raise FramingError(
                INVALID_PAYLOAD,
                f"{_INCORRECT}Text message decoding into UTF-8 failed.",
            ) from fault
    if not text:
        raise FramingError(
            INVALID_PAYLOAD, f"{_INCORRECT}Text message contains no data."
        )
    head, separator, body = text.partition("\r\n\r\n")
    if not separator:
        head, separator, body = text.partition("\n\n")
    if not separator:
        raise FramingError(
            INVALID_PAYLOAD, f"{_INCORRECT}Text message contains no header separator."
        )
    return Message(_headers(head), body.encode("utf-8", "surrogatepass"))


def parse_binary(data: bytes) -> Message:
    """Read a binary message. Raises ``FramingError``."""
    if len(data) < 2:
        raise FramingError(
            INVALID_PAYLOAD,
            f"{_INCORRECT}Binary message has invalid header size prefix.",
        )
    size = int.from_bytes(data[:2], "big")
    if size > LARGEST_HEADERS or size > len(data) - 2:
        raise FramingError(
            INVALID_PAYLOAD, f"{_INCORRECT}Binary message has invalid header size."
        )
    try:
        head = data[2 : 2 + size].decode()
    except UnicodeDecodeError as fault:
        raise FramingError(
            INVALID_PAYLOAD,
            f"{_INCORRECT}Binary message headers decoding into UTF-8 failed.",
        ) from fault
    return Message(_headers(head), data[2 + size :], is_binary=True)


def _header_lines(headers: Headers) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers])


def _headers(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.replace("\r\n", "\n").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def timestamp(moment: datetime) -> str:
    """Return a moment with milliseconds, as the 2018 document's samples have it."""
    if moment.tzinfo is not UTC and moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def is_timestamp(text: object) -> bool:
    """Whether a service takes the text as X-Timestamp."""
    return isinstance(text, str) and _TIMESTAMP.fullmatch(text) is not None
