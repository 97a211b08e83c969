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
from typing import TYPE_CHECKING, BinaryIO

from stt_cli.audio.faults import about
from stt_cli.audio.file_source import FileSource
from stt_cli.audio.source import AudioEncoding
from stt_cli.core.environment import Environment
from stt_cli.core.errors import AudioError, SttError, UnreachableError
from stt_cli.core.events import Notice
from stt_cli.core.http_message import HttpRequest, HttpResponse, retry_after_seconds

if TYPE_CHECKING:
    from stt_cli.audio.ffmpeg import FindFfmpeg

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_WANT = "audio/*, application/ogg;q=0.9, */*;q=0.5"


class WebSource:
    """One address. Whatever needs bytes downloads it once, into a temporary file."""

    live = False
    path: Path | None = None

    def __init__(
        self,
        url: str,
        environment: Environment,
        *,
        name: str | None = None,
        raw_rate: int | None = None,
        find_ffmpeg: FindFfmpeg = lambda: None,
    ) -> None:
        self._environment = environment
        self._raw_rate = raw_rate
        self._find_ffmpeg = find_ffmpeg
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

    def check_decodable(self) -> None:
        """Check it, if it was downloaded; nothing is fetched for it."""
        if self._is_here:
            self._file.check_decodable()

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Download it where that was not done yet, and yield 16-bit mono PCM."""
        yield from self._file.pcm(sample_rate, block_seconds)

    def original(self, block_bytes: int = 65_536) -> Iterator[bytes]:
        """Download it where that was not done yet, and yield its bytes."""
        yield from self._file.original(block_bytes)

    def kept(self) -> FileSource:
        """Return the file that it was downloaded to."""
        return self._file

    @property
    def _is_here(self) -> bool:
        return "_file" in self.__dict__

    @cached_property
    def _file(self) -> FileSource:
        handle, temporary = tempfile.mkstemp(prefix="stt-", suffix=".audio")
        path = Path(temporary)
        source = FileSource(
            path,
            name=self.name,
            raw_rate=self._raw_rate,
            find_ffmpeg=self._find_ffmpeg,
        )
        weakref.finalize(source, _remove, path)
        with os.fdopen(handle, "wb") as file, about(self.name):
            self._download(file)
        return source

    def _download(self, file: BinaryIO) -> None:
        """Fetch it whole; an answer that breaks off is asked for again."""
        from stt_cli.net.client import HttpClient
        from stt_cli.net.context import PublicContext
        from stt_cli.net.retry import NEVER, REPEATABLE, run_with_retries

        context = PublicContext(self._environment)
        client = HttpClient(context)
        request = HttpRequest("GET", self.url or "", headers=(("Accept", _WANT),))

        def once(_attempt: object) -> None:
            file.seek(0)
            file.truncate()
            with client.stream(request, _refusal, policy=NEVER) as answer:
                for block in answer.steady_blocks():
                    file.write(block)

        try:
            run_with_retries(once, REPEATABLE, self._environment, context.log)
        except UnreachableError as error:
            error.message = f"{self.name}: download failed: {error.message}"
            error.args = (error.message,)
            raise
        finally:
            client.close()


def _refusal(answer: HttpResponse) -> SttError | None:
    if answer.is_success:
        return None
    return AudioError(
        f"the server returned {answer.status} {answer.reason}".rstrip(),
        hint="check the URL; it must be accessible without a login",
        http_status=answer.status,
        retry_after=retry_after_seconds(answer),
        transient=answer.status in _TRANSIENT,
    )


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
