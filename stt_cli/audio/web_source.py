"""A recording behind an address: fetched only when its bytes are needed here.

A service that fetches by itself gets ``url`` and nothing is downloaded.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.audio.faults import about
from stt_cli.audio.file_source import FileSource
from stt_cli.audio.source import AudioEncoding
from stt_cli.core.errors import AudioError, UnreachableError
from stt_cli.core.events import Notice

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 30.0
_WANT = "audio/*, application/ogg;q=0.9, */*;q=0.5"


class WebSource:
    """One address. Whatever needs bytes downloads it once, into a temporary file."""

    live = False
    path: Path | None = None

    def __init__(
        self, url: str, *, name: str | None = None, raw_rate: int | None = None
    ) -> None:
        self._raw_rate = raw_rate
        self.url: str | None = url
        self.name = name or url

    @property
    def encoding(self) -> AudioEncoding:
        """How it is encoded; downloads it."""
        return self._file.encoding

    @property
    def duration(self) -> float | None:
        """Its length in seconds, once it was downloaded; nothing is fetched for it."""
        return self._file.duration if self._is_here else None

    @property
    def size(self) -> int | None:
        """Its length in bytes, once it was downloaded; nothing is fetched for it."""
        return self._file.size if self._is_here else None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is amiss with it, known by now."""
        return self._file.notices if self._is_here else ()

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Download it where that was not done yet, and yield 16-bit mono PCM."""
        yield from self._file.pcm(sample_rate, block_seconds)

    def original(self, block_bytes: int = 65_536) -> Iterator[bytes]:
        """Download it where that was not done yet, and yield its bytes."""
        yield from self._file.original(block_bytes)

    @property
    def _is_here(self) -> bool:
        return "_file" in self.__dict__

    @cached_property
    def _file(self) -> FileSource:
        handle, temporary = tempfile.mkstemp(prefix="stt-", suffix=".audio")
        path = Path(temporary)
        source = FileSource(path, name=self.name, raw_rate=self._raw_rate)
        weakref.finalize(source, _remove, path)
        with os.fdopen(handle, "wb") as file, about(self.name):
            for block in self._download():
                file.write(block)
        return source

    def _download(self) -> Iterator[bytes]:
        import httpx

        try:
            with httpx.stream(
                "GET",
                self.url or "",
                headers={"Accept": _WANT},
                follow_redirects=True,
                timeout=_TIMEOUT_S,
            ) as response:
                self._check(response)
                yield from response.iter_bytes()
        except httpx.InvalidURL as fault:
            raise AudioError(f"this is no address: {fault}") from fault
        except httpx.HTTPError as fault:
            reason = str(fault) or type(fault).__name__
            raise UnreachableError(
                f"{self.name}: cannot be fetched: {reason}",
                hint="check the address, or download it yourself and give the file",
                transient=True,
            ) from fault

    @staticmethod
    def _check(response: httpx.Response) -> None:
        if response.is_error:
            raise AudioError(
                f"the server answered {response.status_code} {response.reason_phrase}",
                hint="check the address; it must be readable without a login",
                http_status=response.status_code,
            )


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
