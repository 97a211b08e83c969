"""MPEG audio frames (MP3, MP2), sans I/O: bytes in, the parts of a recording out.

A decoder believes the first header of a file; what follows may be another
recording joined to it, a hole, or a tag with a picture. This looks at every
frame instead, as ISO 11172-3 (2.4.2.3) and ISO 13818-3 define their headers, and
tells where audio is and where it is not.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace

Range = tuple[int, int]
"""From one byte of a file up to, not including, another."""

# Kilobits a second by index, for MPEG-1 layer I, II, III, and MPEG-2 I, II and III.
_RATES_1_I = (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448)
_RATES_1_II = (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_RATES_1_III = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2_I = (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)
_RATES_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = (44_100, 48_000, 32_000)
_MPEG_1, _MPEG_2 = 3, 2  # what the version bits say; 0 is MPEG 2.5
_LAYER_III, _LAYER_I = 1, 3

_LONGEST_FRAME = 2_881  # layer II at 384 kbit/s and 32 kHz, padded: 1729; free of 2.5
_FRAMES_TO_TRUST = 4  # headers in a row that noise does not imitate
_AHEAD = _FRAMES_TO_TRUST * _LONGEST_FRAME
_DECODER_DELAY = 529  # samples by which every layer III decoder lags
_TAG_BYTES = 128  # ID3v1
_SMALLEST_TAG = 10
_NOTE_RATE_INDEX = 8  # 112 or 64 kbit/s: at least 96 bytes a frame


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """What all frames of one part share. ``samples`` is a frame's length."""

    version: int
    layer: int
    sample_rate: int
    channels: int
    samples: int


@dataclass(frozen=True, slots=True)
class MpegPart:
    """Frames that one decoder decodes from first to last.

    ``start`` and ``padding`` are samples to leave out at its beginning and end,
    where its encoder noted them; ``header`` is the first frame's.
    """

    format: FrameFormat
    ranges: tuple[Range, ...]
    frames: int
    header: bytes
    start: int = 0
    padding: int = 0

    @property
    def samples(self) -> int:
        """How many samples a listener is meant to hear."""
        return max(0, self.frames * self.format.samples - self.start - self.padding)

    @property
    def length_note(self) -> bytes:
        """A frame to put in front, which tells a decoder how many there are.

        Decoders believe it; without one they guess the length from the first frame,
        and stop there. Layer III only: the others have no such note.
        """
        if self.format.layer != _LAYER_III:
            return b""
        (header,) = struct.unpack(">I", self.header)
        # No checksum, a bit rate that leaves room, no padding.
        header = header & ~0xF200 | 0x0001_0000 | _NOTE_RATE_INDEX << 12
        frame = _parse(header & _KEY)
        assert frame is not None
        size = sum(end - start for start, end in self.ranges) + frame.length
        note = struct.pack(">4sIII", b"Xing", 0b11, self.frames, size)
        body = bytes(_side_length(self.format)) + note
        return struct.pack(">I", header) + body.ljust(frame.length - 4, b"\0")


@dataclass(frozen=True, slots=True)
class _Frame:
    length: int
    format: FrameFormat


@dataclass(slots=True)
class _Growing:
    """A part that frames are still added to."""

    format: FrameFormat
    header: bytes
    start: int = 0
    padding: int = 0
    frames: int = 0
    ranges: list[list[int]] = field(default_factory=list)

    def add(self, position: int, length: int) -> None:
        if self.ranges and self.ranges[-1][1] == position:
            self.ranges[-1][1] += length
        else:
            self.ranges.append([position, position + length])
        self.frames += 1

    def part(self) -> MpegPart:
        ranges = tuple((start, end) for start, end in self.ranges)
        return MpegPart(
            self.format, ranges, self.frames, self.header, self.start, self.padding
        )


class FrameScanner:
    """Finds the frames in bytes that come in pieces of any size.

    ``parts`` and ``lost`` (bytes between frames that are neither audio nor a tag)
    are complete after ``finish``. ``end`` is where the bytes will end, if known.
    """

    def __init__(self, position: int = 0, end: int | None = None) -> None:
        self.parts: list[MpegPart] = []
        self.lost = 0
        self._end = end
        self._buffer = bytearray()
        self._position = position  # of the buffer's first byte in the file
        self._skip = 0
        self._part: _Growing | None = None
        self._in_step = False
        self._over = False

    def receive(self, data: bytes) -> None:
        """Take the next bytes."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._position += skipped
        self._buffer += data[skipped:]
        if len(self._buffer) > _AHEAD:
            self._scan(len(self._buffer) - _AHEAD)

    def finish(self) -> None:
        """Take the end."""
        self._over = True
        self._scan(len(self._buffer))
        self._end_part()

    def _scan(self, limit: int) -> None:
        """Look at everything up to ``limit``; frames may reach beyond it."""
        at = 0
        buffer = self._buffer
        while at < limit:
            frame = frame_at(buffer, at)
            if frame is not None and self._belongs(frame, at):
                if at + frame.length > len(buffer):
                    at = len(buffer)  # the last frame is cut off
                else:
                    self._take(frame, at)
                    at += frame.length
                continue
            self._in_step = False
            if tag := self._tag(at):
                at += tag
                continue
            place = _CANDIDATE.search(buffer, at + 1, limit)
            following = place.start() if place else limit
            if self._part is not None or self.parts:
                self.lost += following - at
            at = following
        self._skip = max(0, at - len(buffer))
        taken = min(at, len(buffer))
        del buffer[:taken]
        self._position += taken

    def _tag(self, at: int) -> int:
        """Return the length of the tag there, held against the bytes there are."""
        length = _tag_length(self._buffer, at)
        if self._end is not None and self._position + at + length > self._end:
            return min(length, _SMALLEST_TAG)
        return length

    def _belongs(self, frame: _Frame, at: int) -> bool:
        """Whether this header is one: it follows a frame, or more follow it."""
        known = self._part.format if self._part else None
        if self._in_step and frame.format == known:
            return True
        following = at + frame.length
        for _ in range(_FRAMES_TO_TRUST - 1):
            if following >= len(self._buffer):
                # A short recording, or the last frames of one.
                return self._over and following == len(self._buffer)
            after = frame_at(self._buffer, following)
            if after is None or after.format != frame.format:
                return bool(self._over and _tag_length(self._buffer, following))
            following += after.length
        return True

    def _take(self, frame: _Frame, at: int) -> None:
        self._in_step = True
        trim = _encoder_note(self._buffer, at, frame)
        header = bytes(self._buffer[at : at + 4])
        if trim is not None:
            self._end_part()
            self._part = _Growing(frame.format, header, *trim)
            return
        if self._part is None or self._part.format != frame.format:
            self._end_part()
            self._part = _Growing(frame.format, header)
        self._part.add(self._position + at, frame.length)

    def _end_part(self) -> None:
        if self._part is not None and self._part.frames:
            part = self._part.part()
            if part.samples == 0:  # a note that cannot be true
                part = replace(part, start=0, padding=0)
            self.parts.append(part)
        self._part = None


def first_frame(head: bytes) -> int | None:
    """Return where the first frame begins in these first bytes, if one does.

    Junk before it is passed over; only headers in a row count.
    """
    scanner = FrameScanner()
    scanner.receive(head)
    scanner.finish()
    return scanner.parts[0].ranges[0][0] if scanner.parts else None


_KEY = 0xFFFE_FEC0  # all but checksum, private bit, the mode's details and emphasis
_FRAMES: dict[int, _Frame | None] = {}


def frame_at(data: bytes | bytearray, at: int) -> _Frame | None:
    """Return the frame whose header stands at that place, or ``None``."""
    if at + 4 > len(data) or data[at] != 0xFF:
        return None
    (header,) = struct.unpack_from(">I", data, at)
    key = header & _KEY
    if key not in _FRAMES:
        _FRAMES[key] = _parse(key)
    return _FRAMES[key]


def _parse(header: int) -> _Frame | None:
    version, layer = header >> 19 & 3, header >> 17 & 3
    index, rate_index = header >> 12 & 15, header >> 10 & 3
    if header >> 21 != 0x7FF or version == 1 or layer == 0:
        return None
    if index in (0, 15) or rate_index == 3:
        return None
    kilobits = _bit_rates(version, layer)[index - 1]
    rate = _SAMPLE_RATES[rate_index] >> {_MPEG_1: 0, _MPEG_2: 1, 0: 2}[version]
    channels = 1 if header >> 6 & 3 == 3 else 2
    padding = header >> 9 & 1
    if layer == _LAYER_I:
        samples, length = 384, (12_000 * kilobits // rate + padding) * 4
    else:
        samples = 576 if layer == _LAYER_III and version != _MPEG_1 else 1152
        length = samples // 8 * 1000 * kilobits // rate + padding
    return _Frame(length, FrameFormat(version, layer, rate, channels, samples))


def _bit_rates(version: int, layer: int) -> tuple[int, ...]:
    if version != _MPEG_1:
        return _RATES_2_I if layer == _LAYER_I else _RATES_2
    return {1: _RATES_1_III, 2: _RATES_1_II, 3: _RATES_1_I}[layer]


def _encoder_note(
    data: bytes | bytearray, at: int, frame: _Frame
) -> tuple[int, int] | None:
    """Return what the frame that holds an encoder's note says to leave out.

    Such a frame ("Xing", "Info", "VBRI") stands before the audio and is none.
    """
    form = frame.format
    if form.layer != _LAYER_III:
        return None
    mark = at + 4 + _side_length(form)
    if data[at + 36 : at + 40] == b"VBRI":
        return 0, 0
    if data[mark : mark + 4] not in (b"Xing", b"Info"):
        return None
    (flags,) = struct.unpack_from(">I", data, mark + 4)
    lengths = (4, 4, 100, 4)  # frames, bytes, table of contents, quality
    note = mark + 8 + sum(n for bit, n in enumerate(lengths) if flags >> bit & 1)
    # LAME's addition: 9 bytes of name, and at 21 two numbers of 12 bits.
    if not bytes(data[note : note + 4]).isalnum() or note + 24 > at + frame.length:
        return 0, 0
    both = int.from_bytes(data[note + 21 : note + 24], "big")
    delay, padding = both >> 12, both & 0xFFF
    return delay + _DECODER_DELAY, max(0, padding - _DECODER_DELAY)


def _side_length(form: FrameFormat) -> int:
    """Return the bytes of side information behind a header of layer III."""
    if form.version == _MPEG_1:
        return 17 if form.channels == 1 else 32
    return 9 if form.channels == 1 else 17


_CANDIDATE = re.compile(rb"\xff|ID3|TAG|APETAGEX")


def _tag_length(data: bytes | bytearray, at: int) -> int:
    """Return the length of the tag that stands at that place; 0 if none does."""
    if data.startswith(b"ID3", at) and len(data) >= at + 10:
        return id3_length(bytes(data[at : at + 10]))
    if data.startswith(b"TAG", at):
        return _TAG_BYTES
    if data.startswith(b"APETAGEX", at) and len(data) >= at + 32:
        _, size, _, flags = struct.unpack_from("<4I", data, at + 8)
        is_header = flags >> 29 & 1
        return 32 + size if is_header else 32
    return 0


def id3_length(head: bytes) -> int:
    """Return the length of the ID3v2 tag that begins so; 0 if none does.

    Its size has seven bits a byte (id3.org, ID3v2.4.0 section 3.1).
    """
    if head[:3] != b"ID3" or len(head) < 10 or max(head[6:10]) > 0x7F:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte
    footer = 10 if head[5] & 0x10 else 0
    return 10 + size + footer
