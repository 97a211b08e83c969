"""What sound MP4, Matroska, ASF and AVI hold, read from their own tables.

These are files that phones, meetings and players make. Nothing is decoded here:
it is told which codec is in them, at what rate and for how long, so that an error
and a dry run can name it. Sizes that a file claims are held against its bytes.

ISO/IEC 14496-12 and -14 (MP4), RFC 9559 (Matroska and WebM), the ASF
specification of 2004, and Microsoft's AVI RIFF reference.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from stt_cli.audio.wav import codec_of_tag

_DEEPEST = 12
_MOST_ELEMENTS = 5_000
_LONGEST_TABLE = 1 << 20


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """The first sound track. What is not known is 0, or ``None`` for seconds."""

    codec: str
    sample_rate: int = 0
    channels: int = 0
    duration: float | None = None


NO_SOUND = SoundTrack("none")
"""A file that is understood and has pictures only."""


def sound_track(container: str, file: BinaryIO, size: int) -> SoundTrack | None:
    """Return the sound track of a file, ``None`` where its tables do not tell.

    Args:
        container: ``mp4``, ``webm``, ``wma`` or ``avi``.
        size: how many bytes the file has.
    """
    read = _READERS.get(container)
    if read is None:
        return None
    try:
        return read(_Bytes(file, size))
    except (_Damaged, struct.error, OverflowError):
        return None


class _Damaged(Exception):  # noqa: N818 - never seen outside
    """The tables contradict themselves or the file."""


class _Bytes:
    """A file that is read here and there, with a bound on how often."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._left = _MOST_ELEMENTS
        self.size = size

    def at(self, position: int, count: int) -> bytes:
        self._left -= 1
        if self._left < 0 or count > _LONGEST_TABLE:
            raise _Damaged
        self._file.seek(position)
        return self._file.read(max(0, min(count, self.size - position)))


@dataclass(frozen=True, slots=True)
class _Element:
    kind: bytes
    start: int  # of what is in it
    end: int


# --- MP4, MOV, 3GP ---

_BOXES_WITHIN = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_MP4_CODECS = {
    b"alac": "alac", b"ac-3": "ac3", b"ec-3": "eac3", b"samr": "amr", b"sawb": "amr-wb",
    b"Opus": "opus", b"fLaC": "flac", b".mp3": "mp3", b"ulaw": "mulaw", b"alaw": "alaw",
    b"sowt": "pcm_s16le", b"twos": "pcm_s16be", b"lpcm": "pcm", b"in24": "pcm_s24be",
    b"raw ": "pcm_u8", b"ima4": "adpcm_ima", b"QDM2": "qdm2", b"agsm": "gsm",
    b"ac-4": "ac4", b"dtsc": "dts", b"enca": "encrypted", b"fl32": "pcm_f32be",
}  # fmt: skip
# Object types of ISO/IEC 14496-1 as registered at mp4ra.org.
_OBJECT_TYPES = {
    0x40: "aac", 0x66: "aac", 0x67: "aac", 0x68: "aac", 0x69: "mp3", 0x6B: "mp3",
    0xA5: "ac3", 0xA6: "eac3", 0xA9: "dts", 0xAD: "opus", 0xDD: "vorbis", 0xE1: "qcelp",
}  # fmt: skip


_AAC_RATES = (
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000,
    11_025, 8_000, 7_350,
)  # fmt: skip
_AAC_CHANNELS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8}


def _mp4_track(data: _Bytes) -> SoundTrack | None:
    movie: float | None = None
    seconds: float | None = None
    handler, found, has_index = b"", None, False
    for box in _boxes(data, 0, data.size, 0):
        if box.kind == b"mvhd":
            has_index, movie = True, _seconds(data, box)
        elif box.kind == b"mdhd":
            seconds = _seconds(data, box)
        elif box.kind == b"hdlr":
            kind, name = struct.unpack("4s4s", data.at(box.start + 4, 8))
            if kind != b"dhlr":  # QuickTime's other one, of where the data is
                handler = name
        elif box.kind == b"stsd" and handler == b"soun" and found is None:
            found = replace(_sample_entry(data, box), duration=seconds)
    if found is None:
        return NO_SOUND if has_index else None
    return found if found.duration else replace(found, duration=movie)


def _boxes(data: _Bytes, at: int, end: int, depth: int) -> Iterator[_Element]:
    while at + 8 <= end and depth < _DEEPEST:
        head = data.at(at, 16)
        if len(head) < 8:
            return
        length, kind = struct.unpack_from(">I4s", head)
        skipped = 8
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
            skipped = 16
        elif length == 0:
            length = end - at
        if length < skipped:
            raise _Damaged
        box = _Element(kind, at + skipped, min(at + length, end))
        if kind in _BOXES_WITHIN:
            yield from _boxes(data, box.start, box.end, depth + 1)
        else:
            yield box
        at += length


def _seconds(data: _Bytes, box: _Element) -> float | None:
    body = data.at(box.start, 32)
    if body[:1] == b"\x01":
        scale, length = struct.unpack_from(">IQ", body, 20)
        unknown = length == 0xFFFF_FFFF_FFFF_FFFF
    else:
        scale, length = struct.unpack_from(">II", body, 12)
        unknown = length == 0xFFFF_FFFF
    return None if unknown or not scale or not length else length / scale


def _sample_entry(data: _Bytes, box: _Element) -> SoundTrack:
    body = data.at(box.start, min(box.end - box.start, 4096))
    kind = body[12:16]
    channels, rate = 0, 0
    if len(body) >= 44:
        channels, _, _, _, rate = struct.unpack_from(">HHHHI", body, 32)
    track = SoundTrack(
        _MP4_CODECS.get(kind, kind.decode("ascii", "replace").strip() or "unknown"),
        rate >> 16,
        channels,
    )
    if kind == b"mp4a":
        return _with_descriptor(track, body)
    return replace(track, codec="mp3") if kind == b"ms\0\x55" else track


def _with_descriptor(track: SoundTrack, body: bytes) -> SoundTrack:
    """Add what an ``esds`` box says (ISO/IEC 14496-1, 7.2.6): the entry guesses."""
    at = body.find(b"esds")
    if at < 0:
        return replace(track, codec="aac")
    config = _descriptor(body, 0x04, at + 8)
    codec = "aac"
    if config is not None and config < len(body):
        codec = _OBJECT_TYPES.get(body[config], "aac")
    special = None if config is None else _descriptor(body, 0x05, config + 13)
    if codec != "aac" or special is None or special + 2 > len(body):
        return replace(track, codec=codec)
    # AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1): 5 bits of type, 4 of rate,
    # 4 of channels.
    bits = int.from_bytes(body[special : special + 2], "big")
    index, layout = bits >> 7 & 15, bits >> 3 & 15
    return SoundTrack(
        codec,
        _AAC_RATES[index] if index < len(_AAC_RATES) else track.sample_rate,
        _AAC_CHANNELS.get(layout, track.channels),
    )


def _descriptor(body: bytes, tag: int, at: int) -> int | None:
    """Return where the contents of the next descriptor of this kind begin."""
    place = body.find(bytes([tag]), at, at + 32)
    if place < 0:
        return None
    place += 1
    while place < len(body) and body[place] & 0x80:  # seven bits of length a byte
        place += 1
    return place + 1


# --- Matroska, WebM ---

_SEGMENT, _INFO, _TRACKS = b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b"
_CLUSTER, _ENTRY, _AUDIO = b"\x1f\x43\xb6\x75", b"\xae", b"\xe1"
_SCALE, _DURATION = b"\x2a\xd7\xb1", b"\x44\x89"
_TYPE, _CODEC, _RATE, _CHANNELS = b"\x83", b"\x86", b"\xb5", b"\x9f"
_MATROSKA_CODECS = {
    "A_OPUS": "opus", "A_VORBIS": "vorbis", "A_FLAC": "flac", "A_AC3": "ac3",
    "A_EAC3": "eac3", "A_DTS": "dts", "A_TRUEHD": "truehd", "A_ALAC": "alac",
    "A_MPEG/L3": "mp3", "A_MPEG/L2": "mp2", "A_PCM/INT/LIT": "pcm",
    "A_PCM/INT/BIG": "pcm", "A_PCM/FLOAT/IEEE": "pcm_f32le", "A_WAVPACK4": "wavpack",
    "A_TTA1": "tta", "A_MS/ACM": "pcm",
}  # fmt: skip
_SOUND_TRACK = 2


def _matroska_track(data: _Bytes) -> SoundTrack | None:
    scale, ticks, tracks, found = 1_000_000, 0.0, 0, None
    kind, codec, rate, channels = 0, "", 0, 0

    def flush() -> None:
        nonlocal found, kind
        if found is None and kind == _SOUND_TRACK:
            known = _MATROSKA_CODECS.get(codec)
            named = known or ("aac" if codec.startswith("A_AAC") else codec.lower())
            found = SoundTrack(named, rate, channels)
        kind = 0

    for element in _elements(data, 0, data.size, 0):
        body = data.at(element.start, min(64, element.end - element.start))
        if element.kind == _ENTRY:
            flush()
            tracks += 1
            codec, rate, channels = "", 8_000, 1  # the defaults of RFC 9559
        elif element.kind == _TYPE:
            kind = int.from_bytes(body, "big")
        elif element.kind == _CODEC:
            codec = body.rstrip(b"\0").decode("ascii", "replace")
        elif element.kind == _RATE:
            rate = round(_float(body))
        elif element.kind == _CHANNELS:
            channels = int.from_bytes(body, "big")
        elif element.kind == _SCALE:
            scale = int.from_bytes(body, "big")
        elif element.kind == _DURATION:
            ticks = _float(body)
    flush()
    if found is None:
        return NO_SOUND if tracks else None
    duration = ticks * scale / 1e9 if ticks > 0 else None
    return SoundTrack(found.codec, found.sample_rate, found.channels, duration)


def _float(body: bytes) -> float:
    if len(body) not in (4, 8):
        raise _Damaged
    value: float = struct.unpack(">f" if len(body) == 4 else ">d", body)[0]
    if not 0 <= value < 1e15:
        raise _Damaged
    return value


def _elements(data: _Bytes, at: int, end: int, depth: int) -> Iterator[_Element]:
    """Yield the elements before the first cluster, those within others too."""
    while at < end and depth < _DEEPEST:
        head = data.at(at, 12)
        if len(head) < 2 or not head[0]:
            return
        id_length = 9 - head[0].bit_length()
        kind = head[:id_length]
        if kind == _CLUSTER or id_length > 4 or len(head) <= id_length:
            return
        first = head[id_length]
        if not first:
            return
        size_length = 9 - first.bit_length()
        size = int.from_bytes(head[id_length : id_length + size_length], "big")
        size &= (1 << 7 * size_length) - 1
        start = at + id_length + size_length
        unknown = size == (1 << 7 * size_length) - 1
        stop = end if unknown else min(start + size, end)
        yield _Element(kind, start, stop)
        if kind in (_SEGMENT, _INFO, _TRACKS, _ENTRY, _AUDIO):
            yield from _elements(data, start, stop, depth + 1)
        at = stop


# --- ASF (WMA, WMV) ---

_ASF_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_STREAM = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_ASF_SOUND = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
_ASF_CODECS = {
    0x0160: "wma1", 0x0161: "wma2", 0x0162: "wma-pro", 0x0163: "wma-lossless",
    0x000A: "wma-voice",
}  # fmt: skip


def _asf_track(data: _Bytes) -> SoundTrack | None:
    head = data.at(0, 30)
    (length,) = struct.unpack_from("<Q", head, 16)
    at, end, streams = 30, min(length, data.size), 0
    duration, found = None, None
    while at + 24 <= end:
        body = data.at(at, 128)
        (size,) = struct.unpack_from("<Q", body, 16)
        if size < 24:
            raise _Damaged
        if body[:16] == _ASF_FILE:
            play, _, preroll = struct.unpack_from("<QQQ", body, 64)
            seconds = play / 1e7 - preroll / 1e3  # 100-ns ticks, milliseconds
            duration = seconds if 0 < seconds < 1e9 else None
        elif body[:16] == _ASF_STREAM:
            streams += 1
            if body[24:40] == _ASF_SOUND and found is None:
                found = _wave_format(body[78:94])
        at += size
    if found is None:
        return NO_SOUND if streams else None
    return SoundTrack(found.codec, found.sample_rate, found.channels, duration)


def _wave_format(body: bytes) -> SoundTrack:
    """Read a WAVEFORMATEX."""
    tag, channels, rate = struct.unpack_from("<HHI", body)
    bits = struct.unpack_from("<H", body, 14)[0] if len(body) >= 16 else 16
    codec = _ASF_CODECS.get(tag) or _AVI_CODECS.get(tag) or codec_of_tag(tag, bits)
    return SoundTrack(codec, rate, channels)


# --- AVI ---

_AVI_CODECS = {0x00FF: "aac", 0x2000: "ac3", 0x2001: "dts", 0x1610: "aac"}


def _avi_track(data: _Bytes) -> SoundTrack | None:
    sound, streams, found = False, 0, None
    for chunk in _chunks(data, 12, data.size, 0):
        if chunk.kind == b"strh":
            streams += 1
            sound = data.at(chunk.start, 4) == b"auds"
        elif chunk.kind == b"strf" and sound and found is None:
            found = _wave_format(data.at(chunk.start, 16))
        elif chunk.kind == b"movi":
            break
    return found or (NO_SOUND if streams else None)


def _chunks(data: _Bytes, at: int, end: int, depth: int) -> Iterator[_Element]:
    while at + 8 <= end and depth < _DEEPEST:
        head = data.at(at, 12)
        kind, size = struct.unpack_from("<4sI", head)
        stop = min(at + 8 + size, end)
        if kind == b"LIST" and head[8:12] != b"movi":
            yield from _chunks(data, at + 12, stop, depth + 1)
        elif kind == b"LIST":
            yield _Element(b"movi", at + 12, stop)
        else:
            yield _Element(kind, at + 8, stop)
        at += 8 + size + size % 2


_READERS: dict[str, Callable[[_Bytes], SoundTrack | None]] = {
    "mp4": _mp4_track,
    "webm": _matroska_track,
    "wma": _asf_track,
    "avi": _avi_track,
}
