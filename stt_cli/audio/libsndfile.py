"""Decoding with libsndfile: one part of a file after the other, straight through."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import soundfile

from stt_cli.audio.parts import Part, PartFile
from stt_cli.core.errors import AudioError

if TYPE_CHECKING:
    from stt_cli.audio.conversion import Samples

_lock = threading.Lock()
_inside = 0
_shown: int | None = None


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Silence C libraries inside; may be entered by several threads at once.

    Where the platform's C library is not known to allow it, nothing happens.
    """
    stream = _stderr()
    if stream is None:
        yield
        return
    _enter(stream)
    try:
        yield
    finally:
        _leave(stream)


def _enter(stream: ctypes.c_void_p) -> None:
    global _inside, _shown
    with _lock:
        if _inside == 0:
            _shown, stream.value = stream.value, _nowhere()
        _inside += 1


def _leave(stream: ctypes.c_void_p) -> None:
    global _inside
    with _lock:
        _inside -= 1
        if _inside == 0:
            stream.value = _shown


@cache
def _stderr() -> ctypes.c_void_p | None:
    """Return the C library's variable of that name, where it is one to write to."""
    if sys.platform == "darwin":
        name = "__stderrp"
    elif platform.libc_ver()[0] == "glibc":
        name = "stderr"
    else:
        return None  # a constant in musl, a function in Windows' library
    try:
        return ctypes.c_void_p.in_dll(ctypes.CDLL(None), name)
    except (OSError, ValueError):
        return None


@cache
def _nowhere() -> int | None:
    open_file = ctypes.CDLL(None).fopen
    open_file.restype = ctypes.c_void_p
    opened: int | None = open_file(os.fsencode(os.devnull), b"w")
    return opened


_BLOCK_SAMPLES = 65_536  # of all channels together
_CAREFUL_FRAMES = 1_024  # while looking for the edge of a hole
_FIRST_LEAP_S = 0.05
_UNKNOWN_LENGTH = 1 << 62  # libsndfile's SF_COUNT_MAX and its like


@dataclass(frozen=True, slots=True)
class PartFormat:
    """What libsndfile says of a part. ``subtype`` is its name for the codec."""

    sample_rate: int
    channels: int
    frames: int
    subtype: str


@dataclass(slots=True)
class Reached:
    """What came of decoding, in seconds.

    ``hole`` is where the first stretch begins that could not be decoded, ``lost``
    how long all such stretches are, ``short`` what the header promised and is not
    there.
    """

    seconds: float = 0.0
    hole: float | None = None
    lost: float = 0.0
    short: float = 0.0


def probe(path: Path, part: Part) -> PartFormat:
    """Return what a part's header says.

    Raises:
        LibsndfileError: libsndfile does not read it.
        OSError: the system does not let us read it.
    """
    with path.open("rb") as file, quiet_libraries():
        info: Any = soundfile.info(PartFile(file, part))
    return PartFormat(info.samplerate, info.channels, info.frames, info.subtype)


def probed(path: Path, part: Part) -> PartFormat:
    """Return what a part's header says, or raise ``AudioError``."""
    try:
        return probe(path, part)
    except soundfile.LibsndfileError as fault:
        raise _undecodable(fault) from fault


def decoded(path: Path, part: Part, held: int, reached: Reached) -> Iterator[Samples]:
    """Yield a part's samples, of shape ``(frames, channels)``, at most ``held``.

    What cannot be decoded is silence where decoding can go on behind it.

    Raises:
        AudioError: not one sample can be decoded.
    """
    with path.open("rb") as raw:
        reader = _Reader(raw, part, reached)
        try:
            yield from _trimmed(reader, held)
        finally:
            reader.close()


def _trimmed(reader: _Reader, left: int) -> Iterator[Samples]:
    """Leave out what the encoder added at the start and the end."""
    skip = reader.to_skip
    for block in reader.blocks():
        skipped = min(skip, len(block))
        skip -= skipped
        kept = block[skipped : skipped + left]
        left -= len(kept)
        if len(kept):
            yield kept
        if not left:
            return


class _Reader:
    """Reads one part, and finds its way again behind a hole in it."""

    def __init__(self, raw: BinaryIO, part: Part, reached: Reached) -> None:
        self._raw = raw
        self._part = part
        self._reached = reached
        self._file: SequentialFile | None = None
        self._at = 0  # the frame to read next
        self._any = False

    @property
    def to_skip(self) -> int:
        """How many samples to leave out at the start.

        libmpg123 leaves out some by itself, the decoder's delay.
        """
        file = self._file or self._open()
        frames: int = file.frames
        dropped = max(0, self._part.total - frames)
        return max(0, self._part.start - dropped)

    def blocks(self) -> Iterator[Samples]:
        """Yield the samples in order."""
        file = self._file or self._open()
        rate, expected = file.samplerate, file.frames
        if expected >= _UNKNOWN_LENGTH:
            expected = 0
        usual = max(1, _BLOCK_SAMPLES // file.channels)
        frames = usual
        while True:
            block, fault = self._read(frames)
            if fault is None:
                if not len(block):
                    break
                yield self._taken(block, rate)
            elif frames > _CAREFUL_FRAMES:
                # Its beginning may be good: read it again in small steps.
                frames = _CAREFUL_FRAMES
                if not self._reopen():
                    self._fail(fault)
                    break
            else:
                hole = self._leap(rate, expected)
                if hole is None:
                    self._fail(fault)
                    break
                frames = usual
                yield from self._silence(hole, rate)
        self._reached.short += max(0, expected - self._at) / rate

    def close(self) -> None:
        """Let go of the decoder."""
        if self._file is not None:
            with quiet_libraries():
                self._file.close()
            self._file = None

    def _open(self) -> SequentialFile:
        self.close()
        try:
            with quiet_libraries():
                self._file = SequentialFile(PartFile(self._raw, self._part))
        except soundfile.LibsndfileError as fault:
            raise _undecodable(fault) from fault
        return self._file

    def _read(self, frames: int) -> tuple[Any, soundfile.LibsndfileError | None]:
        assert self._file is not None
        try:
            with quiet_libraries():
                return self._file.read_block(frames), None
        except soundfile.LibsndfileError as fault:
            return None, fault

    def _taken(self, block: Samples, rate: int) -> Samples:
        self._any = True
        self._at += len(block)
        self._reached.seconds += len(block) / rate
        return block

    def _silence(self, frames: int, rate: int) -> Iterator[Samples]:
        import numpy as np

        assert self._file is not None
        if self._reached.hole is None:
            self._reached.hole = self._reached.seconds
        self._reached.lost += frames / rate
        self._reached.seconds += frames / rate
        while frames > 0:
            count = min(frames, rate)
            yield np.zeros((count, self._file.channels), np.float32)
            frames -= count

    def _leap(self, rate: int, expected: int) -> int | None:
        """Go on behind a hole; return its length in frames, ``None`` if it has no end.

        Each leap is twice as long as the one before, so that there are few.
        """
        leap = max(1, round(_FIRST_LEAP_S * rate))
        start = self._at
        while start + leap < expected:
            self._at = start + leap
            if self._reopen() and self._reads():
                return leap
            leap *= 2
        self._at = start
        return None

    def _reopen(self) -> bool:
        """Open it anew where we are; a decoder that failed does not recover."""
        try:
            file = self._open()
            with quiet_libraries():
                if file.can_seek:
                    file.seek(self._at)
        except (AudioError, soundfile.LibsndfileError):
            return False
        return bool(file.can_seek)

    def _reads(self) -> bool:
        """Whether decoding works here; nothing is read of it."""
        _, fault = self._read(_CAREFUL_FRAMES)
        return fault is None and self._reopen()

    def _fail(self, fault: soundfile.LibsndfileError) -> None:
        if not self._any:
            raise _undecodable(fault) from fault


def _undecodable(fault: soundfile.LibsndfileError) -> AudioError:
    return AudioError(
        f"the recording cannot be decoded: {fault.error_string.rstrip('.')}",
        hint="check that the file is complete",
    )


class SequentialFile(soundfile.SoundFile):  # type: ignore[misc]
    """A sound file that is read from its start to its end.

    ``SoundFile.read`` seeks to where it already is after every block. For an MP3
    that empties the decoder's bit reservoir: every block but the first would begin
    with noise. It leaves files alone that cannot be sought in, so this one says so.
    """

    def seekable(self) -> bool:
        """Say no, see above."""
        return False

    @property
    def can_seek(self) -> bool:
        """Whether one can go on behind a hole in it."""
        return bool(super().seekable())

    def read_block(self, frames: int) -> Samples:
        """Return at most so many frames, of shape ``(frames, channels)``.

        Not ``blocks()``: where an MP3 is shorter than its header says, that repeats
        what an earlier block left in the buffer.
        """
        samples: Samples = self.read(frames, dtype="float32", always_2d=True)
        return samples
