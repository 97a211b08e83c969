"""A recording that comes through a pipe: standard input, a FIFO.

A WAV and raw PCM are decoded while they arrive. Other containers need their
end before their middle can be decoded, so they are kept in a temporary file
first, which is gone when the program is.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from select import select
from typing import TYPE_CHECKING, BinaryIO

from stt_cli.audio.conversion import block_length, convert, regroup
from stt_cli.audio.faults import about
from stt_cli.audio.file_source import FileSource
from stt_cli.audio.level import PeakMeter
from stt_cli.audio.mixing import Downmix
from stt_cli.audio.recording import (
    no_audio,
    odd_tail,
    raw_encoding,
    truncated,
    wav_encoding,
)
from stt_cli.audio.sniffing import (
    HEAD_BYTES,
    container_of,
    looks_like_text,
    unknown_container,
)
from stt_cli.audio.source import AudioEncoding
from stt_cli.audio.wav import WavHeader, WavHeaderReader
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice

if TYPE_CHECKING:
    from stt_cli.audio.ffmpeg import FindFfmpeg

_READ_BYTES = 65_536
_ENOUGH_TO_SNIFF = 64
_NEXT_WITHIN_S = 0.5  # `cat a.wav b.wav` writes on at once


class StreamSource:
    """One pipe, opened by ``open_pipe`` when its first byte is wanted.

    ``closes`` says that it is to be closed once it was read.
    """

    live = True
    path: Path | None = None
    url: str | None = None
    size: int | None = None

    def __init__(
        self,
        open_pipe: Callable[[], BinaryIO],
        *,
        name: str = "-",
        raw_rate: int | None = None,
        closes: bool = False,
        find_ffmpeg: FindFfmpeg = lambda: None,
    ) -> None:
        self._open_pipe = open_pipe
        self._closes = closes
        self._raw_rate = raw_rate
        self._find_ffmpeg = find_ffmpeg
        self._read = False
        self._notices: list[Notice] = []
        self.name = name

    @property
    def encoding(self) -> AudioEncoding:
        """How it is encoded; waits for the first bytes."""
        return self._opened.encoding

    @property
    def duration(self) -> float | None:
        """Its length in seconds; a pipe's header tells it only now and then."""
        header = self._opened.header
        if self._opened.spooled is not None:
            return self._opened.spooled.duration
        if header is None or not header.data_size or not header.size_is_firm:
            return None
        return header.data_size / header.byte_rate if header.byte_rate else None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is amiss with it, known by now."""
        if "_opened" not in self.__dict__:
            return ()
        spooled = self._opened.spooled
        return (*(spooled.notices if spooled else ()), *self._notices)

    def check_decodable(self) -> None:
        """Do nothing: only its bytes can tell."""

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Yield it as 16-bit mono PCM while it arrives; once only."""
        with about(self.name), self._taken() as opened:
            if opened.spooled is not None:
                yield from opened.spooled.pcm(sample_rate, block_seconds)
                return
            meter = PeakMeter()
            length = block_length(sample_rate, block_seconds)
            blocks = self._decoded(opened, sample_rate)
            yield from regroup(meter.watched(blocks), length)
            self._notices += meter.notices

    def original(self, block_bytes: int = _READ_BYTES) -> Iterator[bytes]:
        """Yield the bytes as they arrive, header included; once only."""
        with about(self.name), self._taken() as opened:
            if opened.spooled is not None:
                yield from opened.spooled.original(block_bytes)
                return
            yield opened.head
            yield from _blocks(opened.pipe, block_bytes)

    def kept(self) -> FileSource:
        """Read it to its end, and return the file that holds it."""
        with about(self.name), self._taken() as opened:
            if opened.spooled is not None:
                return opened.spooled
            return _spool(
                opened.pipe,
                opened.head,
                self.name,
                self._find_ffmpeg,
                self._raw_rate if opened.header is None else None,
            )

    @contextmanager
    def _taken(self) -> Iterator[_Opened]:
        """Hand out the pipe, once, and close it if it is ours."""
        opened = self._opened
        if self._read:
            raise AudioError(
                "a pipe can be read only once",
                hint="save it to a file first",
            )
        self._read = True
        try:
            yield opened
        finally:
            if self._closes:
                opened.pipe.close()

    @cached_property
    def _opened(self) -> _Opened:
        with about(self.name):
            return _open(
                self._open_pipe(), self._raw_rate, self.name, self._find_ffmpeg
            )

    def _decoded(self, opened: _Opened, sample_rate: int) -> Iterator[bytes]:
        """Yield a recording as PCM, and each WAV that was written behind it."""
        part: _Opened | None = opened
        while part is not None:
            encoding, mixer = part.encoding, Downmix(part.encoding.sample_rate)
            yield from convert(
                self._checked(part, is_first=part is opened),
                encoding.codec,
                encoding.channels,
                encoding.sample_rate,
                sample_rate,
                mixer,
            )
            self._notices += mixer.notices
            part = _wav_behind(part)

    def _checked(self, opened: _Opened, *, is_first: bool) -> Iterator[bytes]:
        """Yield the bytes of the samples, and note what is missing at the end."""
        header = opened.header
        limit = header.data_size if header else None
        frame_bytes = header.frame_bytes if header else 2
        count = 0
        for block in _limited(opened.samples(), limit, opened.rest):
            count += len(block)
            yield block
        if count < frame_bytes and is_first:
            raise no_audio()
        if header and header.size_is_firm and count < (limit or 0):
            missing = (limit or 0) - count
            self._notices.append(truncated(missing / header.byte_rate))
        elif count % frame_bytes:
            self._notices.append(odd_tail(count % frame_bytes))


class _Opened:
    """A pipe whose first bytes are known, or the file that it was kept in."""

    def __init__(
        self,
        pipe: BinaryIO,
        head: bytes,
        encoding: AudioEncoding,
        *,
        header: WavHeader | None = None,
        spooled: FileSource | None = None,
    ) -> None:
        self.pipe = pipe
        self.head = head
        self.rest = bytearray()  # what was read beyond the samples
        self.encoding = encoding
        self.header = header
        self.spooled = spooled

    def samples(self) -> Iterator[bytes]:
        """Yield what stands behind the header."""
        rest = self.head[self.header.data_offset if self.header else 0 :]
        if rest:
            yield rest
        yield from _blocks(self.pipe, _READ_BYTES)


def _open(
    pipe: BinaryIO, raw_rate: int | None, name: str, find_ffmpeg: FindFfmpeg
) -> _Opened:
    head = _more(pipe, b"", _ENOUGH_TO_SNIFF)
    container = container_of(head)
    if container is None and raw_rate is None:
        head = _more(pipe, head, HEAD_BYTES)  # frames may stand behind junk
        container = container_of(head)
    if container == "wav" and not head.startswith(b"RIFX"):
        head, header = _read_header(pipe, head)
        if header.is_decodable:
            return _Opened(pipe, head, wav_encoding(header), header=header)
    elif raw_rate is not None and head:
        return _Opened(pipe, head, raw_encoding(raw_rate))
    elif container is None and (not head or looks_like_text(head)):
        raise unknown_container(head)
    spooled = _spool(pipe, head, name, find_ffmpeg)
    return _Opened(pipe, b"", spooled.encoding, spooled=spooled)


def _wav_behind(opened: _Opened) -> _Opened | None:
    """Return the WAV that was written behind another's samples, if there is one."""
    header = opened.header
    if header is None or header.data_size is None or not _has_more(opened):
        return None
    head = _more(opened.pipe, bytes(opened.rest), _ENOUGH_TO_SNIFF)
    for start in (0, 1):  # a chunk of odd length has a byte behind it
        found = head[start:]
        if container_of(found) == "wav" and not found.startswith(b"RIFX"):
            try:
                found, header = _read_header(opened.pipe, found)
            except AudioError:
                return None
            if header.is_decodable:
                return _Opened(opened.pipe, found, wav_encoding(header), header=header)
    return None


def _has_more(opened: _Opened) -> bool:
    """Whether something comes behind the samples.

    A writer that has sent its recording may keep the pipe open: it is not waited for.
    """
    if opened.rest or os.name == "nt":  # select takes no pipes there
        return bool(opened.rest)
    try:
        return bool(select([opened.pipe], [], [], _NEXT_WITHIN_S)[0])
    except (OSError, ValueError):  # no pipe of the system's: it cannot block
        return True


def _more(pipe: BinaryIO, head: bytes, count: int) -> bytes:
    """Read on until there are so many bytes, or the end."""
    while len(head) < count and (block := _read_some(pipe, HEAD_BYTES)):
        head += block
    return head


def _read_header(pipe: BinaryIO, head: bytes) -> tuple[bytes, WavHeader]:
    reader = WavHeaderReader()
    read = bytearray(head)
    reader.receive(head)
    while reader.header is None:
        block = _read_some(pipe, HEAD_BYTES)
        if not block:
            raise reader.end()
        read += block
        reader.receive(block)
    return bytes(read), reader.header


def _spool(
    pipe: BinaryIO,
    head: bytes,
    name: str,
    find_ffmpeg: FindFfmpeg,
    raw_rate: int | None = None,
) -> FileSource:
    handle, temporary = tempfile.mkstemp(prefix="stt-", suffix=".audio")
    path = Path(temporary)
    source = FileSource(path, name=name, raw_rate=raw_rate, find_ffmpeg=find_ffmpeg)
    weakref.finalize(source, _remove, path)
    with os.fdopen(handle, "wb") as file:
        file.write(head)
        for block in _blocks(pipe, _READ_BYTES):
            file.write(block)
    return source


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _read_some(pipe: BinaryIO, count: int) -> bytes:
    """Return what is there, at most ``count`` bytes; wait only for the first."""
    read_once: Callable[[int], bytes] | None = getattr(pipe, "read1", None)
    return read_once(count) if read_once else pipe.read(count)


def _blocks(pipe: BinaryIO, block_bytes: int) -> Iterator[bytes]:
    while block := _read_some(pipe, block_bytes):
        yield block


def _limited(
    blocks: Iterable[bytes], limit: int | None, rest: bytearray
) -> Iterator[bytes]:
    """Yield so many bytes; what came with the last of them goes into ``rest``."""
    left = limit
    for block in blocks:
        if left is None:
            yield block
            continue
        if taken := block[:left]:
            yield taken
        left -= len(taken)
        if left <= 0:
            rest += block[len(taken) :]
            return
