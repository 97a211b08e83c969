"""A recording in a file: examined when asked about, opened when read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from stt_cli.audio.conversion import block_length, convert, convert_samples, regroup
from stt_cli.audio.faults import about, undecodable
from stt_cli.audio.recording import Recording, damaged, examine, examine_raw
from stt_cli.audio.source import AudioEncoding
from stt_cli.audio.wav import WavHeader
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice

if TYPE_CHECKING:
    from stt_cli.audio.conversion import Samples

_READ_BYTES = 65_536
_READ_FRAMES = 16_384


class FileSource:
    """One file. ``raw_rate`` makes it headerless 16-bit mono PCM of that rate."""

    live = False
    url: str | None = None

    def __init__(
        self, path: Path, *, name: str | None = None, raw_rate: int | None = None
    ) -> None:
        self._path = path
        self._raw_rate = raw_rate
        self._while_reading: list[Notice] = []
        self.name = name or str(path)

    @property
    def path(self) -> Path | None:
        """The file."""
        return self._path

    @property
    def encoding(self) -> AudioEncoding:
        """How it is encoded."""
        return self._recording.encoding

    @property
    def duration(self) -> float | None:
        """Its length in seconds."""
        return self._recording.duration

    @property
    def size(self) -> int | None:
        """Its length in bytes."""
        with about(self.name):
            return self._path.stat().st_size

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is amiss with it, known by now."""
        if "_recording" not in self.__dict__:
            return ()
        return (*self._recording.notices, *self._while_reading)

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Yield it as 16-bit mono PCM; may be called again and again."""
        with about(self.name):
            blocks = self._pcm(sample_rate)
            yield from regroup(blocks, block_length(sample_rate, block_seconds))

    def original(self, block_bytes: int = _READ_BYTES) -> Iterator[bytes]:
        """Yield the file's bytes."""
        with about(self.name), self._path.open("rb") as file:
            while block := file.read(block_bytes):
                yield block

    @cached_property
    def _recording(self) -> Recording:
        with about(self.name):
            if self._raw_rate is not None:
                return examine_raw(self._path, self._raw_rate)
            return examine(self._path)

    def _pcm(self, sample_rate: int) -> Iterator[bytes]:
        recording = self._recording
        if not recording.is_decodable:
            raise undecodable(recording.encoding.codec, self.name)
        if self._raw_rate is None and recording.wav is None:
            return convert_samples(
                self._decoded(), recording.encoding.sample_rate, sample_rate
            )
        encoding = recording.encoding
        return convert(
            self._sample_bytes(recording.wav),
            encoding.codec,
            encoding.channels,
            encoding.sample_rate,
            sample_rate,
        )

    def _sample_bytes(self, header: WavHeader | None) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            if header is None:
                yield from _blocks(file, None)
            else:
                file.seek(header.data_offset)
                yield from _blocks(file, header.data_size)

    def _decoded(self) -> Iterator[Samples]:
        import soundfile

        from stt_cli.audio.sequential import SequentialFile

        reached, rate, expected = 0, 1, 0
        try:
            with SequentialFile(self._path) as file:
                rate, expected = file.samplerate, file.frames
                while len(block := _read_frames(file)):
                    reached += len(block)
                    yield block
        except soundfile.LibsndfileError as fault:
            if reached == 0:
                raise AudioError(
                    f"it cannot be decoded: {fault.error_string.rstrip('.')}",
                    hint="check that it was copied whole",
                ) from fault
            expected = reached + 1
        if reached < expected:
            self._while_reading.append(damaged(reached / rate))


def _read_frames(file: Any) -> Samples:
    # Not file.blocks(): where an MP3 is shorter than its header says, that
    # repeats what an earlier block left in the buffer.
    samples: Samples = file.read(_READ_FRAMES, dtype="float32", always_2d=True)
    return samples


def _blocks(file: BinaryIO, limit: int | None) -> Iterator[bytes]:
    """Yield the file from here on, at most ``limit`` bytes of it."""
    left = limit
    while left is None or left > 0:
        block = file.read(_READ_BYTES if left is None else min(_READ_BYTES, left))
        if not block:
            return
        if left is not None:
            left -= len(block)
        yield block
