"""Which container a recording is in, by its first bytes and never by its name."""

from __future__ import annotations

from stt_cli.audio.source import AudioEncoding
from stt_cli.core.errors import AudioError

HEAD_BYTES = 4096
"""How many first bytes ``container_of`` wants to see, at most."""

AUDIO_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".w64", ".rf64", ".raw", ".pcm", ".au", ".snd"),
        *(".aif", ".aiff", ".aifc", ".caf", ".flac", ".mp3", ".aac", ".m4a", ".mp4"),
        *(".ogg", ".oga", ".opus", ".spx", ".webm", ".wma", ".amr", ".silk", ".slk"),
    }
)
"""The file names that count as recordings when a folder is given."""

_CONTENT_TYPES = {
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "aiff": "audio/aiff",
    "au": "audio/basic",
    "caf": "audio/x-caf",
    "w64": "audio/x-w64",
    "silk": "audio/silk",
    "mp4": "audio/mp4",
    "webm": "audio/webm",
    "wma": "audio/x-ms-wma",
    "amr": "audio/amr",
    "aac": "audio/aac",
    "raw": "audio/L16",
}
# The codec of containers that carry one kind, or whose codec we do not look up.
_ONLY_CODEC = {
    "flac": "flac",
    "mp3": "mp3",
    "silk": "silk",
    "mp4": "aac",
    "webm": "opus",
    "wma": "wma",
    "amr": "amr",
    "aac": "aac",
}
DECODABLE = frozenset({"wav", "flac", "ogg", "mp3", "aiff", "au", "caf", "w64", "raw"})
"""Containers that soundfile or this program itself can read."""

_OGG_CODECS = (
    (b"OpusHead", "opus"),
    (b"\x01vorbis", "vorbis"),
    (b"\x7fFLAC", "flac"),
    (b"Speex   ", "speex"),
)
_MAGIC = (
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b".snd", "au"),
    (b"caff", "caf"),
    (b"riff\x2e\x91\xcf\x11", "w64"),
    (b"#!SILK_V3", "silk"),
    (b"\x02#!SILK_V3", "silk"),  # as some messengers write it
    (b"#!AMR", "amr"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wma"),
    (b"ID3", "mp3"),
)


def container_of(head: bytes) -> str | None:
    """Return the container that these first bytes begin, or ``None``."""
    if head[:4] in (b"RIFF", b"RF64", b"BW64", b"RIFX") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] == b"ftyp":
        return "mp4"
    for magic, container in _MAGIC:
        if head.startswith(magic):
            return container
    return _mpeg_audio(head)


def codec_of(container: str, head: bytes) -> str:
    """Return the codec inside, as far as the first bytes of the file tell it."""
    if container == "ogg":
        found = (codec for mark, codec in _OGG_CODECS if mark in head[:512])
        return next(found, "unknown")
    return _ONLY_CODEC.get(container, "unknown")


def content_type_of(container: str, codec: str, sample_rate: int = 0) -> str:
    """Return the media type, with its codec or rate where services want it."""
    if container == "raw":
        return f"audio/L16; rate={sample_rate}; channels=1"
    if container in ("ogg", "webm") and codec != "unknown":
        return f"{_CONTENT_TYPES[container]}; codecs={codec}"
    return _CONTENT_TYPES[container]


def undecoded_encoding(container: str, head: bytes) -> AudioEncoding:
    """Describe a recording that services take and this program cannot decode."""
    codec = codec_of(container, head)
    return AudioEncoding(container, codec, 0, 0, content_type_of(container, codec))


def unknown_container(head: bytes) -> AudioError:
    """Return the error for bytes that are no recording we know."""
    if not head:
        return AudioError("it is empty", hint="check how it was recorded or copied")
    if _looks_like_text(head):
        kind = "HTML" if head.lstrip()[:1] == b"<" else "text"
        return AudioError(f"this is {kind}, not audio", hint=_KNOWN_FORMATS)
    return AudioError("this is no audio format that stt knows", hint=_KNOWN_FORMATS)


_KNOWN_FORMATS = (
    "WAV, FLAC, OGG, MP3, AIFF and AU are read; raw PCM needs --raw-rate HZ"
)


def _mpeg_audio(head: bytes) -> str | None:
    """Tell bare MPEG frames by their sync word (ISO 11172-3, 2.4.2.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0:
        return "aac" if head[1] & 0xF6 == 0xF0 else None
    bit_rate, rate = head[2] >> 4, head[2] >> 2 & 3
    return None if version == 1 or bit_rate == 15 or rate == 3 else "mp3"


def _looks_like_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as cut:
        if cut.end < len(head) - 4:
            return False
        text = head[: cut.start].decode("utf-8")
    return bool(text) and all(c.isprintable() or c in "\t\r\n\f\ufeff" for c in text)
