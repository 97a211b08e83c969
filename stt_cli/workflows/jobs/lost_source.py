"""A recording of which something was sent, and that is no longer what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from stt_cli.audio.source import AudioEncoding
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice


@dataclass(frozen=True, slots=True)
class LostSource:
    """Stands for it while the service is asked what it has: nothing can be read.

    So a job that was made is found, and an upload is made a job of; what would
    have to be sent again fails with ``reason``.
    """

    name: str
    size: int | None
    reason: AudioError
    path: Path | None = None
    url: str | None = None
    live: bool = False
    duration: float | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def encoding(self) -> AudioEncoding:
        """Raises ``reason``."""
        raise self.reason

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Raise ``reason``."""
        self._refuse()

    def original(self, block_bytes: int = 65_536) -> Iterator[bytes]:
        """Raise ``reason``."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise self.reason
