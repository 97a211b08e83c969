"""What a file's bytes say about it: its encoding, length, and what is amiss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from stt_cli.audio.sniffing import (
    DECODABLE,
    HEAD_BYTES,
    container_of,
    content_type_of,
    undecoded_encoding,
    unknown_container,
)
from stt_cli.audio.source import AudioEncoding
from stt_cli.audio.wav import HIGHEST_RATE, WavHeader, WavHeaderReader
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
}


@dataclass(frozen=True, slots=True)
class Recording:
    """A file as examined. ``wav`` is set where this program reads it by itself."""

    encoding: AudioEncoding
    duration: float | None
    wav: WavHeader | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def is_decodable(self) -> bool:
        """Whether PCM can be had from it on this machine."""
        return self.encoding.container in DECODABLE and self.encoding.codec not in (
            "siren",
            "sirensr",
            "speex",
        )


def examine(path: Path) -> Recording:
    """Read a file's header.

    Raises:
        AudioError: it is empty, no audio, or its header is unusable.
        OSError: the system does not let us read it.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        container = container_of(head)
        if container is None:
            raise unknown_container(head)
        if container == "wav" and not head.startswith(b"RIFX"):
            return _examine_wav(file, head, path)
    if container not in DECODABLE:
        return Recording(undecoded_encoding(container, head), None)
    return _examine_with_soundfile(path, container)


def examine_raw(path: Path, sample_rate: int) -> Recording:
    """Describe a file of headerless 16-bit little-endian mono PCM."""
    size = path.stat().st_size
    if size < 2:
        raise unknown_container(b"")
    notices = (odd_tail(1),) if size % 2 else ()
    return Recording(
        raw_encoding(sample_rate), size // 2 / sample_rate, notices=notices
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
        f"the recording is cut off: {missing:.1f} s of it are missing",
        "what is there is used; copy the file again if it should be whole",
    )


def odd_tail(count: int) -> Notice:
    """Return the notice for bytes at the end that make no whole sample."""
    return Notice(
        f"the last {count} bytes make no whole sample and were left out"
        if count > 1
        else "the last byte makes no whole sample and was left out",
        "the audio stopped in the middle of a sample, or is not what --raw-rate or "
        "its header says",
    )


def damaged(reached: float) -> Notice:
    """Return the notice for a file whose decoder gave up half-way."""
    return Notice(
        f"the recording is damaged after {reached:.1f} s",
        "what comes before is used",
    )


def _examine_wav(file: BinaryIO, head: bytes, path: Path) -> Recording:
    header = read_wav_header(file, head)
    size = path.stat().st_size - header.data_offset
    claimed = header.data_size
    held = size if claimed is None else min(size, claimed)
    if held <= 0:
        raise no_audio()
    duration = held / header.byte_rate if header.byte_rate else None
    notices: list[Notice] = []
    if claimed is not None and header.size_is_firm and size < claimed:
        notices.append(truncated((claimed - size) / max(1, header.byte_rate)))
    elif header.is_decodable and held % header.frame_bytes:
        notices.append(odd_tail(held % header.frame_bytes))
    if not header.is_decodable:
        return Recording(wav_encoding(header), duration, None, tuple(notices))
    if held < header.frame_bytes:
        raise no_audio()
    return Recording(wav_encoding(header), duration, header, tuple(notices))


def no_audio() -> AudioError:
    """Return the error for a header with nothing behind it."""
    return AudioError(
        "it has a header and no audio",
        hint="record it again; the recorder seems to have stopped at once",
    )


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


def _examine_with_soundfile(path: Path, container: str) -> Recording:
    import soundfile

    try:
        info: Any = soundfile.info(path)
    except soundfile.LibsndfileError as fault:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        encoding = undecoded_encoding(container, head)
        if encoding.codec == "speex":
            return Recording(encoding, None)
        # What libsndfile says of it misleads: "not a regular file" of bad MP3.
        raise AudioError(
            f"it cannot be decoded as {container}",
            hint="check that it was copied whole",
        ) from fault
    codec = container if container in ("flac", "mp3") else _codec(info.subtype)
    encoding = AudioEncoding(
        container,
        codec,
        info.samplerate,
        info.channels,
        content_type_of(container, codec),
    )
    if info.frames == 0:
        raise no_audio()
    if info.samplerate > HIGHEST_RATE:
        raise AudioError(f"the {container} header says {info.samplerate} Hz")
    return Recording(encoding, info.frames / info.samplerate)


def _codec(subtype: str) -> str:
    return _SUBTYPE_CODECS.get(subtype, subtype.lower())
