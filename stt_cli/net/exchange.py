"""What a sender and its two ways over the wire share: time limits and answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stt_cli.core.http_message import HttpResponse
from stt_cli.version import __version__

USER_AGENT = f"stt-cli/{__version__}"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds of silence after which a request is given up.

    ``connect`` covers name look-up, TCP, proxy and TLS together; ``read`` and
    ``write`` each pause between two blocks; ``total`` bounds a request with
    ``Expect: 100-continue`` from its first byte to the last of its answer.
    """

    connect: float = 10.0
    read: float = 60.0
    write: float = 60.0
    total: float | None = None


DEFAULT_TIMEOUTS = Timeouts()


class ResponseStream:
    """An answer whose body is read block by block, for audio and large results."""

    def __init__(self, head: HttpResponse, blocks: Iterator[bytes]) -> None:
        self.head = head
        self._blocks = blocks

    def blocks(self) -> Iterator[bytes]:
        """Yield the body as it arrives; once only."""
        return self._blocks
