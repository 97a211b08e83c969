"""WAV headers, sans I/O: bytes in, a header out, and sizes corrected afterwards.

Reads RIFF, RF64 and BW64, with the tags of Microsoft's mmreg.h and the
WAVE_FORMAT_EXTENSIBLE rules of "Multiple channel audio data and WAVE files".
Lenient where recorders are known to err: sizes of streams that were never
corrected, chunks in front of the data, sizes beyond the end of the file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from stt_cli.core.errors import AudioError

_PCM, _FLOAT, _ALAW, _MULAW, _EXTENSIBLE = 0x0001, 0x0003, 0x0006, 0x0007, 0xFFFE
_PCM_CODECS = {1: "pcm_u8", 2: "pcm_s16le", 3: "pcm_s24le", 4: "pcm_s32le"}
_FLOAT_CODECS = {4: "pcm_f32le", 8: "pcm_f64le"}
_OTHER_CODECS = {
    0x0002: "adpcm_ms",
    0x0011: "adpcm_ima",
    0x0031: "gsm",
    0x0050: "mp2",
    0x0055: "mp3",
    0x0065: "g722",
    0x0064: "g726",
    0x0161: "wma2",
    0x00FF: "aac",
    0x2000: "ac3",
    # What Microsoft's service library of 2018 sends besides PCM.
    0x028E: "siren",
    0x028F: "sirensr",
}
SAMPLE_BYTES = {
    "pcm_u8": 1,
    "pcm_s16le": 2,
    "pcm_s24le": 3,
    "pcm_s32le": 4,
    "pcm_f32le": 4,
    "pcm_f64le": 8,
    "mulaw": 1,
    "alaw": 1,
}
"""Bytes of one sample for every codec that this program decodes by itself."""

_BITS_OF_G722 = 4

LOWEST_RATE = 1_000
HIGHEST_RATE = 1_536_000
# Recorders that cannot seek back write 0, 0xFFFFFFFF or a size near 2 GB.
_UNKNOWN = 0xFFFF_FFFF
_LIKELY_UNKNOWN = 0x7FFF_0000
_LONGEST_FORMAT = 65_536
_STREAM_RIFF_SIZES = (0, _UNKNOWN)
# What may stand behind the samples. Anything else there is samples.
_TRAILERS = frozenset(
    {b"LIST", b"id3 ", b"ID3 ", b"fact", b"cue ", b"smpl", b"inst", b"bext", b"iXML"}
    | {b"JUNK", b"PAD ", b"afsp", b"DISP", b"_PMX", b"PEAK", b"axml", b"fmt ", b"data"}
)


@dataclass(frozen=True, slots=True)
class WavHeader:
    """What stands before the samples.

    ``data_offset`` is where they begin, in bytes; ``data_size`` how many bytes
    they claim to be, ``None`` if they go on to the end. Where ``size_is_firm``
    is false nothing is amiss if there are fewer.
    """

    codec: str
    sample_rate: int
    channels: int
    frame_bytes: int
    byte_rate: int
    data_offset: int
    data_size: int | None
    size_is_firm: bool

    @property
    def is_decodable(self) -> bool:
        """Whether this program decodes the samples by itself."""
        return self.codec in SAMPLE_BYTES


@dataclass(frozen=True, slots=True)
class _Format:
    codec: str
    sample_rate: int
    channels: int
    frame_bytes: int
    byte_rate: int


class WavHeaderReader:
    """Reads a header from bytes that come in pieces of any size.

    Chunks that do not matter are skipped, not kept: memory stays small however
    much stands before the data. Once ``header`` is there, ``rest`` holds what
    was received beyond it.
    """

    def __init__(self) -> None:
        self.header: WavHeader | None = None
        self._buffer = bytearray()
        self._position = 0  # of the buffer's first byte in the stream
        self._skip = 0
        self._riff_size: int | None = None
        self._data_size_64: int | None = None
        self._format: _Format | None = None
        self._may_be_padded = False

    @property
    def rest(self) -> bytes:
        """The first bytes of audio, received together with the header."""
        return bytes(self._buffer) if self.header else b""

    def receive(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            AudioError: they are no WAV header that anyone could use.
        """
        self._buffer += data
        while self.header is None and self._step():
            pass

    def end(self) -> AudioError:
        """Return what to raise when the bytes end before the header does."""
        if self._riff_size is None:
            return AudioError(
                "the WAV header is truncated", hint="check that the file is complete"
            )
        if self._format is None:
            return AudioError(
                "the WAV file has no format chunk",
                hint="check that the file is complete",
            )
        return AudioError(
            "the WAV file has a header but no audio",
            hint="record it again; the recorder seems to have stopped immediately",
        )

    def _step(self) -> bool:
        if self._skip:
            taken = min(self._skip, len(self._buffer))
            self._drop(taken)
            self._skip -= taken
            return not self._skip
        if self._may_be_padded:
            return self._skip_padding()
        return self._read_riff() if self._riff_size is None else self._read_chunk()

    def _skip_padding(self) -> bool:
        """Pass over the byte behind a chunk of odd length, if its writer put one.

        Some write none; no chunk's name begins with what others put there.
        """
        if not self._buffer:
            return False
        self._may_be_padded = False
        if not 0x20 < self._buffer[0] < 0x7F:
            self._drop(1)
        return True

    def _read_riff(self) -> bool:
        if len(self._buffer) < 12:
            return False
        kind, size, form = struct.unpack_from("<4sI4s", self._buffer)
        if kind not in (b"RIFF", b"RF64", b"BW64") or form != b"WAVE":
            raise AudioError("not a WAV file")
        self._riff_size = size
        self._drop(12)
        return True

    def _read_chunk(self) -> bool:
        if len(self._buffer) < 8:
            return False
        kind, size = struct.unpack_from("<4sI", self._buffer)
        if kind == b"data":
            if self._may_be_empty(size) and len(self._buffer) < 12:
                return False
            self._drop(8)
            self.header = self._finish(size)
            return True
        if kind in (b"fmt ", b"ds64"):
            if size > _LONGEST_FORMAT:
                raise AudioError("the WAV header is damaged", hint=_REPAIR)
            if len(self._buffer) < 8 + size:
                return False
            body = bytes(self._buffer[8 : 8 + size])
            if kind == b"fmt ":
                self._format = _parse_format(body)
            elif len(body) >= 16:
                self._data_size_64 = struct.unpack_from("<Q", body, 8)[0]
        self._drop(8)
        self._skip = size
        self._may_be_padded = size % 2 == 1
        return True

    def _may_be_empty(self, size: int) -> bool:
        """Whether only what follows tells that there are no samples."""
        ends_here = (self._riff_size or 0) <= self._position
        return size == 0 and self._riff_size not in _STREAM_RIFF_SIZES and not ends_here

    def _finish(self, size: int) -> WavHeader:
        if self._format is None:
            raise AudioError(
                "the WAV data chunk comes before the format chunk", hint=_REPAIR
            )
        known, firm = self._trusted(size)
        return WavHeader(
            codec=self._format.codec,
            sample_rate=self._format.sample_rate,
            channels=self._format.channels,
            frame_bytes=self._format.frame_bytes,
            byte_rate=self._format.byte_rate,
            data_offset=self._position,
            data_size=known,
            size_is_firm=firm,
        )

    def _trusted(self, size: int) -> tuple[int | None, bool]:
        """Return the data size to believe, and whether fewer bytes are a fault."""
        if size == _UNKNOWN:
            return self._data_size_64 or None, bool(self._data_size_64)
        if size == 0:
            riff = self._riff_size or 0
            unfinished = riff in _STREAM_RIFF_SIZES or riff + 8 <= self._position
            trailer = bytes(self._buffer[:4]) in _TRAILERS
            return (None, False) if unfinished or not trailer else (0, True)
        return size, size < _LIKELY_UNKNOWN

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._position += count


_REPAIR = "try to repair it with `ffmpeg -i broken.wav repaired.wav`"


def _parse_format(body: bytes) -> _Format:
    if len(body) < 14:
        raise AudioError("the WAV header is damaged", hint=_REPAIR)
    tag, channels, rate, byte_rate, frame_bytes = struct.unpack_from("<HHIIH", body)
    bits = struct.unpack_from("<H", body, 14)[0] if len(body) >= 16 else 8
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = struct.unpack_from("<H", body, 24)[0]  # first word of the sub-format
    if channels == 0:
        raise AudioError("the WAV header says 0 channels", hint=_REPAIR)
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(f"the WAV header says {rate} Hz", hint=_REPAIR)
    codec = codec_of_tag(tag, bits)
    if codec in SAMPLE_BYTES:
        frame_bytes = SAMPLE_BYTES[codec] * channels
        byte_rate = frame_bytes * rate
    if codec == "sirensr" and bits == _BITS_OF_G722:
        # Microsoft's library of 2018 and ffmpeg gave one number to two codecs.
        codec, byte_rate = "g722", rate * channels // 2
    return _Format(codec, rate, channels, frame_bytes, byte_rate)


def codec_of_tag(tag: int, bits: int) -> str:
    """Return the codec of a WAVEFORMATEX.

    Raises:
        AudioError: PCM of a size that there is not.
    """
    sample_bytes = (bits + 7) // 8
    known = {
        _PCM: _PCM_CODECS.get(sample_bytes),
        _FLOAT: _FLOAT_CODECS.get(sample_bytes),
        _ALAW: "alaw",
        _MULAW: "mulaw",
    }
    if tag in known:
        codec = known[tag]
        if codec is None:
            raise AudioError(
                f"the WAV header says {bits} bits per sample", hint=_REPAIR
            )
        return codec
    return _OTHER_CODECS.get(tag, f"wav_0x{tag:04x}")


def pcm_header(sample_rate: int, data_size: int | None = None) -> bytes:
    """Return the 44-byte header of 16-bit mono PCM.

    Args:
        data_size: bytes that follow; ``None`` for a stream, whose sizes are 0
            as Microsoft's speech SDK writes them.
    """
    size = data_size or 0
    riff_size = 0 if data_size is None else min(36 + size, _UNKNOWN)
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        riff_size,
        b"WAVE",
        b"fmt ",
        16,
        _PCM,
        1,
        sample_rate,
        sample_rate * 2,
        2,
        16,
        b"data",
        min(size, _UNKNOWN),
    )


_MOST = 0xFFFF_FFFF
_LONGEST_HEADER = 65_536


class WavSizes:
    """Watches a WAV stream go by, and corrects its header once it has ended.

    Recorders and services that stream write 0 or 0xFFFFFFFF where the sizes
    stand; a file should say how long it is.
    """

    def __init__(self) -> None:
        self._head = bytearray()
        self._total = 0

    def watch(self, data: bytes) -> None:
        """Take note of bytes that were written."""
        if len(self._head) < _LONGEST_HEADER:
            self._head += data[: _LONGEST_HEADER - len(self._head)]
        self._total += len(data)

    def correct(self, file: BinaryIO) -> None:
        """Write the true sizes into a seekable file that starts with the header.

        A header that is none, that knows its size, or has no room for it (4 GB)
        stays as it is.
        """
        head = bytes(self._head)
        data_at = _data_chunk(head)
        if data_at is None or self._total > _MOST:
            return
        claimed = struct.unpack_from("<I", head, data_at + 4)[0]
        if 0 < claimed < _LIKELY_UNKNOWN:
            return
        end = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", self._total - 8))
        file.seek(data_at + 4)
        file.write(struct.pack("<I", self._total - data_at - 8))
        file.seek(end)

    @property
    def audio_bytes(self) -> int:
        """The bytes behind the header; 0 where there is no header."""
        data_at = _data_chunk(bytes(self._head))
        return 0 if data_at is None else self._total - data_at - 8


def _data_chunk(head: bytes) -> int | None:
    """Return where the data chunk begins, if it claims all that follows."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at = 12
    while at + 8 <= len(head):
        kind, size = struct.unpack_from("<4sI", head, at)
        if kind == b"data":
            return at
        at += 8 + size + size % 2
    return None
