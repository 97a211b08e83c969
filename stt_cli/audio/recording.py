"""What a file's bytes say about it: its encoding, length, and what is amiss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from stt_cli.audio.mpeg import Range, first_frame, frame_at, id3_length
from stt_cli.audio.sniffing import (
    HEAD_BYTES,
    LIBSNDFILE,
    codec_of,
    container_of,
    content_type_of,
    looks_like_text,
    undecoded_encoding,
    unknown_container,
)
from stt_cli.audio.source import AudioEncoding
from stt_cli.audio.wav import HIGHEST_RATE, LOWEST_RATE, WavHeader, WavHeaderReader
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice

# libsndfile's names; AIFF, AU and big-endian WAV, which it reads for us, hold
# big-endian samples.
_SUBTYPE_CODECS = {
    "PCM_16": "pcm_s16be",
    "PCM_24": "pcm_s24be",
    "PCM_32": "pcm_s32be",
    "ULAW": "mulaw",
    "ALAW": "alaw",
    "PCM_S8": "pcm_s8",
    "PCM_U8": "pcm_u8",
    "MPEG_LAYER_III": "mp3",
    "FLOAT": "pcm_f32be",
    "DOUBLE": "pcm_f64be",
    "GSM610": "gsm",
    "IMA_ADPCM": "adpcm_ima",
    "MS_ADPCM": "adpcm_ms",
    "ALAC_16": "alac",
    "ALAC_20": "alac",
    "ALAC_24": "alac",
    "ALAC_32": "alac",
}
# Codecs in WAV that libsndfile decodes; MPEG frames in it are read as such.
_WAV_BY_LIBSNDFILE = frozenset({"adpcm_ms", "adpcm_ima", "gsm", "g726"})
_WAV_OF_MPEG = frozenset({"mp3", "mp2"})
_NOT_BY_LIBSNDFILE = frozenset({"speex"})
_JUNK_BEFORE_MPEG = 1 << 20  # as far as a file that is called .mp3 is looked into


class Decoder(StrEnum):
    """Who turns a recording into samples."""

    OURS = "ours"
    LIBSNDFILE = "libsndfile"
    FFMPEG = "ffmpeg"


@dataclass(frozen=True, slots=True)
class Recording:
    """A file as examined.

    ``sections`` are the WAVs in it that this program reads by itself; ``within``
    the bytes that hold MPEG frames, where they are not the whole file. ``duration``
    is in seconds, ``None`` where a decoder must be asked.
    """

    encoding: AudioEncoding
    decoder: Decoder
    duration: float | None = None
    sections: tuple[WavHeader, ...] = ()
    within: Range | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def container(self) -> str:
        """The container whose parts are to be looked for."""
        mpeg = self.encoding.codec in _WAV_OF_MPEG
        return "mp3" if mpeg else self.encoding.container


def examine(path: Path) -> Recording:
    """Read a file's header.

    Raises:
        AudioError: it is empty, text, or its header is unusable.
        OSError: the system does not let us read it.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        container = container_of(head) or _mpeg_by_name(path, file)
        if container == "mp3" and head.startswith(b"ID3"):
            container = _behind_tag(file, head, size)
        if container is None:
            if not head or looks_like_text(head):
                raise unknown_container(head)
            return Recording(undecoded_encoding("unknown", "unknown"), Decoder.FFMPEG)
        if container == "wav" and not head.startswith(b"RIFX"):
            return _examine_wav(file, head, size)
        if container == "mp3":
            return _examine_mpeg(file, size)
        if container in LIBSNDFILE:
            return _examine_with_libsndfile(path, container, head)
        return _examine_foreign(file, container, head, size)


def examine_raw(path: Path, sample_rate: int) -> Recording:
    """Describe a file of headerless 16-bit little-endian mono PCM."""
    size = path.stat().st_size
    if size < 2:
        raise unknown_container(b"")
    notices = (odd_tail(1),) if size % 2 else ()
    return Recording(
        raw_encoding(sample_rate),
        Decoder.OURS,
        size // 2 / sample_rate,
        notices=notices,
    )


def raw_encoding(sample_rate: int) -> AudioEncoding:
    """Return the encoding of raw PCM."""
    kind = content_type_of("raw", "pcm_s16le", sample_rate)
    return AudioEncoding("raw", "pcm_s16le", sample_rate, 1, kind)


def wav_encoding(header: WavHeader) -> AudioEncoding:
    """Return the encoding that a WAV header tells."""
    kind = content_type_of("wav", header.codec)
    return AudioEncoding("wav", header.codec, header.sample_rate, header.channels, kind)


def truncated(missing: float) -> Notice:
    """Return the notice for audio that ends before its header says."""
    return Notice(
        f"the recording is truncated: {missing:.1f} s are missing",
        "the rest is used; if the file should be complete, copy it again",
    )


def odd_tail(count: int) -> Notice:
    """Return the notice for bytes at the end that make no whole sample."""
    return Notice(
        f"the last {count} bytes are not a whole sample and were ignored"
        if count > 1
        else "the last byte is not a whole sample and was ignored",
        "the audio is truncated, or does not match --raw-rate or its header",
    )


def damaged(reached: float) -> Notice:
    """Return the notice for a file whose decoder gave up half-way."""
    return Notice(
        f"the recording is damaged after {reached:.1f} s",
        "the part before that is used",
    )


def hole(start: float, length: float) -> Notice:
    """Return the notice for a stretch in the middle that cannot be decoded."""
    return Notice(
        f"the recording is damaged at {start:.1f} s: {length:.1f} s were replaced with "
        "silence",
        "the rest is used",
    )


def junk(count: int) -> Notice:
    """Return the notice for bytes amid the audio that are none."""
    return Notice(
        f"skipped {count:,} bytes in the recording that are not audio",
        "the rest is used",
    )


def no_audio() -> AudioError:
    """Return the error for a header with nothing behind it."""
    return AudioError(
        "the recording has a header but no audio",
        hint="record it again; the recorder seems to have stopped immediately",
    )


def _mpeg_by_name(path: Path, file: BinaryIO) -> str | None:
    """Look further for frames where the name promises some."""
    if path.suffix.lower() not in (".mp3", ".mp2", ".mpga"):
        return None
    file.seek(0)
    return "mp3" if first_frame(file.read(_JUNK_BEFORE_MPEG)) is not None else None


def _behind_tag(file: BinaryIO, head: bytes, size: int) -> str:
    """Return what an ID3 tag stands in front of; MP3, unless it says otherwise."""
    length = id3_length(head)
    if not len(head) - 16 < length < size:
        return "mp3"
    file.seek(length)
    return container_of(file.read(HEAD_BYTES)) or "mp3"


def _examine_wav(file: BinaryIO, head: bytes, size: int) -> Recording:
    header = read_wav_header(file, head)
    if not header.is_decodable:
        return _examine_coded_wav(header, size)
    sections = [header]
    notices: list[Notice] = []
    seconds = 0.0
    while True:
        held, after = _held(header, size)
        seconds += held / header.byte_rate
        claimed = header.data_size
        if claimed is not None and header.size_is_firm and held < claimed:
            notices.append(truncated((claimed - held) / max(1, header.byte_rate)))
        elif held % header.frame_bytes:
            notices.append(odd_tail(held % header.frame_bytes))
        joined = _joined_wav(file, after, size)
        if joined is None:
            break
        header = joined
        sections.append(header)
    if not any(_held(each, size)[0] >= each.frame_bytes for each in sections):
        raise no_audio()
    return Recording(
        wav_encoding(sections[0]), Decoder.OURS, seconds, tuple(sections), None,
        tuple(notices),
    )  # fmt: skip


def _held(header: WavHeader, size: int) -> tuple[int, int]:
    """Return how many bytes of samples there are, and where they end."""
    there = max(0, size - header.data_offset)
    held = there if header.data_size is None else min(there, header.data_size)
    return held, header.data_offset + held


def _joined_wav(file: BinaryIO, at: int, size: int) -> WavHeader | None:
    """Return the header of a WAV that was written behind another's samples."""
    for start in (at, at + 1):
        if start + 12 > size:
            return None
        file.seek(start)
        head = file.read(HEAD_BYTES)
        if container_of(head) == "wav" and not head.startswith(b"RIFX"):
            try:
                header = read_wav_header(file, head)
            except AudioError:
                return None
            if not header.is_decodable:
                return None
            return replace(header, data_offset=start + header.data_offset)
    return None


def _examine_coded_wav(header: WavHeader, size: int) -> Recording:
    held, after = _held(header, size)
    if not held:
        raise no_audio()
    duration = held / header.byte_rate if header.byte_rate else None
    encoding = wav_encoding(header)
    if header.codec in _WAV_OF_MPEG:
        within = (header.data_offset, after)
        return Recording(encoding, Decoder.LIBSNDFILE, within=within)
    ours = header.codec in _WAV_BY_LIBSNDFILE
    return Recording(encoding, Decoder.LIBSNDFILE if ours else Decoder.FFMPEG, duration)


def read_wav_header(file: BinaryIO, head: bytes) -> WavHeader:
    """Read on in ``file``, of which ``head`` was read, until its header is whole."""
    reader = WavHeaderReader()
    reader.receive(head)
    while reader.header is None:
        block = file.read(HEAD_BYTES)
        if not block:
            raise reader.end()
        reader.receive(block)
    return reader.header


def _examine_mpeg(file: BinaryIO, size: int) -> Recording:
    file.seek(0)
    start = id3_length(file.read(HEAD_BYTES))
    file.seek(start if start < size else 0)
    head = file.read(_JUNK_BEFORE_MPEG)
    at = first_frame(head) or 0
    frame = frame_at(head, at)
    rate, channels = (
        (frame.format.sample_rate, frame.format.channels) if frame else (0, 0)
    )
    kind = content_type_of("mp3", "mp3")
    return Recording(
        AudioEncoding("mp3", "mp3", rate, channels, kind), Decoder.LIBSNDFILE
    )


def _examine_with_libsndfile(path: Path, container: str, head: bytes) -> Recording:
    import soundfile

    from stt_cli.audio.libsndfile import probe
    from stt_cli.audio.parts import Part

    named_codec = codec_of(container, head)
    if named_codec in _NOT_BY_LIBSNDFILE:
        return Recording(undecoded_encoding(container, named_codec), Decoder.FFMPEG)
    try:
        form = probe(path, Part(((0, path.stat().st_size),)))
    except soundfile.LibsndfileError:
        return Recording(undecoded_encoding(container, named_codec), Decoder.FFMPEG)
    codec = "flac" if container == "flac" else _codec(form.subtype)
    if form.frames == 0:
        raise no_audio()
    check_rate(form.sample_rate, container)
    encoding = AudioEncoding(
        container,
        codec,
        form.sample_rate,
        form.channels,
        content_type_of(container, codec),
    )
    return Recording(encoding, Decoder.LIBSNDFILE)


def check_rate(rate: int, container: str) -> None:
    """Raise ``AudioError`` for a rate at which nobody records.

    A header that says 1 Hz would make hours of a second.
    """
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(
            f"the {container} header says {rate} Hz",
            hint="the header is damaged; export the recording again",
        )


def _examine_foreign(
    file: BinaryIO, container: str, head: bytes, size: int
) -> Recording:
    """Describe what only ffmpeg decodes, as far as its own tables tell."""
    from stt_cli.audio.media_containers import sound_track

    track = sound_track("webm" if container == "mkv" else container, file, size)
    if track is None:
        codec = codec_of(container, head)
        return Recording(undecoded_encoding(container, codec), Decoder.FFMPEG)
    kind = content_type_of(container, track.codec)
    return Recording(
        AudioEncoding(container, track.codec, track.sample_rate, track.channels, kind),
        Decoder.FFMPEG,
        track.duration,
    )


def _codec(subtype: str) -> str:
    return _SUBTYPE_CODECS.get(subtype, subtype.lower())
