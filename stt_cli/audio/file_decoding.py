"""From the bytes of a file to 16-bit mono PCM, whoever decodes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.audio.conversion import convert, convert_samples
from stt_cli.audio.faults import undecodable
from stt_cli.audio.mixing import Downmix, Mixer, OneChannel
from stt_cli.audio.parts import Part, Parts
from stt_cli.audio.recording import (
    Decoder,
    Recording,
    check_rate,
    damaged,
    hole,
    junk,
    truncated,
)
from stt_cli.audio.sniffing import KNOWN_FORMATS
from stt_cli.audio.wav import WavHeader
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice

if TYPE_CHECKING:
    from stt_cli.audio.ffmpeg import Ffmpeg, FindFfmpeg
    from stt_cli.audio.libsndfile import PartFormat, Reached

_READ_BYTES = 65_536
# A last block that a decoder withholds, or that a header counts too much.
_TOLERATED_S = 0.25
# Times in containers are rounded, and the tracks in them need not end together.
_TOLERATED_OF_FFMPEG_S = 1.0
_NEVER_DECODED = ("none", "encrypted")
_LEAST_JUNK = 32  # bytes: what taggers and cutters leave behind

# Bits that a sample of libsndfile's subtypes takes at least.
_BITS = {
    "PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "FLOAT": 32, "DOUBLE": 64, "ULAW": 8,
    "ALAW": 8, "PCM_S8": 8, "PCM_U8": 8, "DPCM_16": 8, "DPCM_8": 8, "IMA_ADPCM": 4,
    "MS_ADPCM": 4, "VOX_ADPCM": 4, "G721_32": 4, "G723_24": 3, "G723_40": 5,
    "GSM610": 1,
}  # fmt: skip
# Of codecs that write silence in a few bytes: FLAC and ALAC 4,608 frames in 11, Opus
# 2,880 in 2.
_MOST_FRAMES_A_BYTE = 2_048
_MOST_FRAMES_A_BYTE_LOSSLESS = 512


@dataclass(frozen=True, slots=True)
class FileDecoder:
    """One reading of a file.

    Args:
        tell: takes what turns out to be amiss.
        channel: the only channel to hear, from 0; all are mixed by default.
        parts: returns what the file is joined of, for libsndfile.
        find_ffmpeg: returns what decodes all else, where there is one.
    """

    path: Path
    recording: Recording
    notify: Callable[[Notice], None]
    parts: Callable[[], Parts]
    find_ffmpeg: FindFfmpeg
    channel: int | None = None

    def pcm(self, sample_rate: int) -> Iterator[bytes]:
        """Yield 16-bit mono PCM in blocks of any length.

        Raises:
            AudioError: it cannot be decoded, or nothing of it.
            OSError: the system does not let us read it.
        """
        if self.recording.decoder is Decoder.OURS:
            return self._ours(sample_rate)
        if self.recording.decoder is Decoder.LIBSNDFILE:
            return self._with_libsndfile(sample_rate)
        return self._with_ffmpeg(self.needed_ffmpeg(), sample_rate)

    def needed_ffmpeg(self) -> Ffmpeg:
        """Return what decodes it, or raise why nothing does."""
        encoding = self.recording.encoding
        ffmpeg = None if encoding.codec in _NEVER_DECODED else self.find_ffmpeg()
        if ffmpeg is None:
            raise undecodable(encoding)
        return ffmpeg

    def _mixer(self, rate: int) -> Mixer:
        return Downmix(rate) if self.channel is None else OneChannel(self.channel)

    def _ours(self, sample_rate: int) -> Iterator[bytes]:
        encoding = self.recording.encoding
        if not self.recording.sections:
            mixer = self._mixer(encoding.sample_rate)
            yield from convert(
                self._bytes(0, None), "pcm_s16le", 1, encoding.sample_rate,
                sample_rate, mixer,
            )  # fmt: skip
            return
        for header in self.recording.sections:
            yield from self._section(header, sample_rate)

    def _section(self, header: WavHeader, sample_rate: int) -> Iterator[bytes]:
        mixer = self._mixer(header.sample_rate)
        yield from convert(
            self._bytes(header.data_offset, header.data_size),
            header.codec,
            header.channels,
            header.sample_rate,
            sample_rate,
            mixer,
        )
        self._notify_all(mixer)

    def _bytes(self, start: int, limit: int | None) -> Iterator[bytes]:
        """Yield the file from ``start`` on, at most ``limit`` bytes of it."""
        left = limit
        with self.path.open("rb") as file:
            file.seek(start)
            while left is None or left > 0:
                wanted = _READ_BYTES if left is None else min(_READ_BYTES, left)
                block = file.read(wanted)
                if not block:
                    return
                if left is not None:
                    left -= len(block)
                yield block

    def _with_libsndfile(self, sample_rate: int) -> Iterator[bytes]:
        from stt_cli.audio.libsndfile import Reached

        reached = Reached()
        found = self.parts()
        failed: AudioError | None = None
        for part in found.parts:
            try:
                yield from self._part(part, reached, sample_rate)
            except AudioError as fault:
                failed = failed or fault
        if failed is not None:
            if not reached.seconds:
                raise failed
            self.notify(damaged(reached.seconds))
        elif reached.hole is not None:
            self.notify(hole(reached.hole, reached.lost))
        elif reached.short > _TOLERATED_S:
            self.notify(damaged(reached.seconds))
        if found.lost >= _LEAST_JUNK:
            self.notify(junk(found.lost))

    def _part(self, part: Part, reached: Reached, sample_rate: int) -> Iterator[bytes]:
        from stt_cli.audio.libsndfile import decoded, probed

        form = probed(self.path, part)
        check_rate(form.sample_rate, self.recording.encoding.container)
        mixer = self._mixer(form.sample_rate)
        held = held_frames(form, part, self.recording.container)
        yield from convert_samples(
            decoded(self.path, part, held, reached),
            form.sample_rate,
            sample_rate,
            mixer,
        )
        self._notify_all(mixer)

    def _with_ffmpeg(self, ffmpeg: Ffmpeg, sample_rate: int) -> Iterator[bytes]:
        from stt_cli.audio.ffmpeg import Decoding

        with Decoding(ffmpeg, self.path) as decoding:
            begun = decoding.header()
            if begun is None:
                raise self._refused(decoding.fault())
            header, first = begun
            check_rate(header.sample_rate, self.recording.encoding.container)
            mixer = self._mixer(header.sample_rate)
            counted = _Counted()
            yield from convert(
                counted.of(first, decoding.blocks()),
                header.codec,
                header.channels,
                header.sample_rate,
                sample_rate,
                mixer,
            )
            fault = decoding.fault()
            report = decoding.report
        seconds = counted.bytes / header.byte_rate
        if not counted.bytes:
            raise self._refused(fault)
        if fault is not None:
            damage = damaged(seconds)
            self.notify(Notice(f"{damage.message}: {fault.message}", damage.hint))
        elif report.faults:
            # A sound track may well be shorter than its film: only a fault tells.
            length = self.recording.duration or report.duration or 0.0
            if length - seconds > _TOLERATED_OF_FFMPEG_S:
                self.notify(truncated(length - seconds))
        if report.tracks > 1:
            self.notify(_several_tracks(report.tracks))
        self._notify_all(mixer)

    def _refused(self, fault: AudioError | None) -> AudioError:
        """Return why ffmpeg gave nothing; of bytes that nobody knows, just that."""
        from stt_cli.audio.ffmpeg import CANNOT_DECODE

        if self.recording.encoding.container == "unknown" and (
            fault is None or fault.message.startswith(CANNOT_DECODE)
        ):
            return AudioError(
                "neither stt nor ffmpeg knows this audio format", hint=KNOWN_FORMATS
            )
        return fault or _nothing_in_it()

    def _notify_all(self, mixer: Mixer) -> None:
        for notice in mixer.notices:
            self.notify(notice)


class _Counted:
    """Counts bytes that go by."""

    def __init__(self) -> None:
        self.bytes = 0

    def of(self, first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
        self.bytes += len(first)
        yield first
        for block in blocks:
            self.bytes += len(block)
            yield block


def held_frames(form: PartFormat, part: Part, container: str) -> int:
    """Return how many frames there can be: what the header says, if bytes are there.

    A damaged header promises hours.
    """
    if part.samples is not None:
        return part.samples
    size = sum(end - start for start, end in part.ranges)
    if container == "flac" or form.subtype.startswith("ALAC"):
        return min(form.frames, size * _MOST_FRAMES_A_BYTE_LOSSLESS)
    bits = _BITS.get(form.subtype)
    if bits is None:
        return min(form.frames, size * _MOST_FRAMES_A_BYTE)
    return min(form.frames, size * 8 // bits // max(1, form.channels))


def _nothing_in_it() -> AudioError:
    return AudioError(
        "the recording contains no audio", hint="check that the recording is complete"
    )


def _several_tracks(count: int) -> Notice:
    return Notice(
        f"the recording has {count} audio tracks; using the first",
        "to extract the second, run `ffmpeg -i FILE -map 0:a:1 second.wav`",
    )
