"""A recording in a file: examined when asked about, opened when read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.audio.conversion import block_length, regroup
from stt_cli.audio.faults import about
from stt_cli.audio.file_decoding import FileDecoder, held_frames
from stt_cli.audio.level import PeakMeter
from stt_cli.audio.recording import Decoder, Recording, examine, examine_raw
from stt_cli.audio.source import AudioEncoding
from stt_cli.audio.wav import pcm_header
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice

if TYPE_CHECKING:
    from stt_cli.audio.ffmpeg import FindFfmpeg
    from stt_cli.audio.parts import Parts

_READ_BYTES = 65_536
_OF_A_CHANNEL = AudioEncoding("wav", "pcm_s16le", 16_000, 1, "audio/wav")


class FileSource:
    """One file.

    Args:
        name: what messages call it.
        raw_rate: makes it headerless 16-bit mono PCM of that rate, in hertz.
        channel: the only channel to hear, from 0; all are mixed by default.
        find_ffmpeg: returns what decodes all else, where there is one.
    """

    live = False
    url: str | None = None

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        raw_rate: int | None = None,
        channel: int | None = None,
        find_ffmpeg: FindFfmpeg = lambda: None,
    ) -> None:
        self._path = path
        self._raw_rate = raw_rate
        self._channel = channel
        self._find_ffmpeg = find_ffmpeg
        self._while_reading: list[Notice] = []
        self._whole: FileSource | None = None
        self.was_heard = False  # rather than passed on as it is
        self.name = name or str(path)

    @property
    def path(self) -> Path | None:
        """The file; of one channel alone there is none."""
        return self._path if self._channel is None else None

    @property
    def encoding(self) -> AudioEncoding:
        """How it is encoded; one channel alone is a WAV file of its own."""
        return self._recording.encoding if self._channel is None else _OF_A_CHANNEL

    @cached_property
    def duration(self) -> float | None:
        """Its length in seconds."""
        recording = self._recording
        if recording.duration is not None or recording.decoder is Decoder.OURS:
            return recording.duration
        if recording.decoder is Decoder.LIBSNDFILE:
            return self._length_of_parts()
        return None

    @cached_property
    def channels(self) -> int:
        """How many channels it has; asks a decoder where its tables do not tell."""
        known = self._recording.encoding.channels
        if known or self._recording.decoder is not Decoder.FFMPEG:
            return known
        from stt_cli.audio.ffmpeg import check

        with about(self.name):
            return check(self._decoder.needed_ffmpeg(), self._path).channels

    def channel(self, index: int) -> FileSource:
        """Return one of its channels, from 0, as a recording of its own."""
        one = FileSource(
            self._path,
            name=self.name,
            raw_rate=self._raw_rate,
            channel=index,
            find_ffmpeg=self._find_ffmpeg,
        )
        one._whole = self  # a temporary file is there as long as its source is
        return one

    @property
    def size(self) -> int | None:
        """Its length in bytes; one channel alone is decoded while it is sent."""
        if self._channel is not None:
            return None
        with about(self.name):
            return self._path.stat().st_size

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is amiss with it, known by now."""
        if "_recording" not in self.__dict__:
            return ()
        return (*self._recording.notices, *self._while_reading)

    def check_decodable(self) -> None:
        """Ask ffmpeg, where it would be needed, whether it takes it."""
        if self._recording.decoder is not Decoder.FFMPEG:
            return
        from stt_cli.audio.ffmpeg import check

        with about(self.name):
            check(self._decoder.needed_ffmpeg(), self._path)

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Yield it as 16-bit mono PCM; may be called again and again."""
        self._while_reading.clear()
        self.was_heard = True
        with about(self.name):
            meter = PeakMeter()
            blocks = meter.watched(self._decoder.pcm(sample_rate))
            yield from regroup(blocks, block_length(sample_rate, block_seconds))
            for notice in meter.notices:
                self._notify(notice)

    def original(self, block_bytes: int = _READ_BYTES) -> Iterator[bytes]:
        """Yield the file's bytes; of one channel alone those of a WAV file."""
        if self._channel is not None:
            yield pcm_header(_OF_A_CHANNEL.sample_rate, None)
            yield from self.pcm(_OF_A_CHANNEL.sample_rate)
            return
        with about(self.name), self._path.open("rb") as file:
            while block := file.read(block_bytes):
                yield block

    @cached_property
    def _recording(self) -> Recording:
        with about(self.name):
            if self._raw_rate is not None:
                return examine_raw(self._path, self._raw_rate)
            return examine(self._path)

    @cached_property
    def _parts(self) -> Parts:
        from stt_cli.audio.parts import parts_of

        recording = self._recording
        with about(self.name):
            return parts_of(self._path, recording.container, recording.within)

    @property
    def _decoder(self) -> FileDecoder:
        return FileDecoder(
            self._path,
            self._recording,
            notify=self._notify,
            parts=lambda: self._parts,
            find_ffmpeg=self._find_ffmpeg,
            channel=self._channel,
        )

    def _notify(self, notice: Notice) -> None:
        if notice not in self._while_reading:
            self._while_reading.append(notice)

    def _length_of_parts(self) -> float | None:
        """Return the seconds of all parts; ``None`` if no decoder knows one."""
        from stt_cli.audio.libsndfile import probed

        seconds = 0.0
        for part in self._parts.parts:
            if part.samples is not None and self._recording.encoding.sample_rate:
                rate = part.sample_rate or self._recording.encoding.sample_rate
                seconds += part.samples / rate
                continue
            try:
                form = probed(self._path, part)
            except AudioError:
                continue
            held = held_frames(form, part, self._recording.container)
            seconds += held / form.sample_rate
        return seconds or None
