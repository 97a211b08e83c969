"""Which container a recording is in, by its first bytes and never by its name."""

from __future__ import annotations

from stt_cli.audio.mpeg import first_frame, frame_at, id3_length
from stt_cli.audio.source import AudioEncoding
from stt_cli.core.errors import AudioError

HEAD_BYTES = 16_384
"""How many first bytes ``container_of`` wants to see, at most."""

AUDIO_SUFFIXES = frozenset(
    {
        *(".wav", ".wave", ".w64", ".rf64", ".bwf", ".raw", ".pcm", ".au", ".snd"),
        *(".aif", ".aiff", ".aifc", ".caf", ".flac", ".mp3", ".mp2", ".mpga", ".aac"),
        *(".m4a", ".m4b", ".m4v", ".mp4", ".mov", ".qt", ".3gp", ".3gpp", ".3g2"),
        *(".ogg", ".oga", ".ogv", ".opus", ".spx", ".webm", ".weba", ".mkv", ".mka"),
        *(".wma", ".wmv", ".asf", ".avi", ".amr", ".awb", ".silk", ".slk", ".flv"),
        *(".ac3", ".eac3", ".dts", ".mpg", ".mpeg", ".vob", ".ts", ".mts", ".m2ts"),
        *(".gsm", ".g722", ".sph", ".nist", ".voc", ".wv", ".ape", ".tta", ".mpc"),
        *(".ra", ".rm", ".dsf", ".mxf"),
    }
)
"""The file names that count as recordings when a folder is given."""

NAMESAKES = frozenset({".ts", ".mts"})
"""Suffixes that programs' sources have too: the bytes must tell as well."""

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
    "mkv": "video/x-matroska",
    "wma": "audio/x-ms-wma",
    "avi": "video/x-msvideo",
    "amr": "audio/amr",
    "aac": "audio/aac",
    "ac3": "audio/ac3",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "flv": "video/x-flv",
    "raw": "audio/L16",
}
_UNKNOWN_TYPE = "application/octet-stream"
# The codec of containers that carry one kind.
_ONLY_CODEC = {
    "flac": "flac",
    "mp3": "mp3",
    "silk": "silk",
    "amr": "amr",
    "aac": "aac",
    "ac3": "ac3",
    "dts": "dts",
    "wavpack": "wavpack",
    "ape": "ape",
    "tta": "tta",
}
LIBSNDFILE = frozenset(
    {"wav", "flac", "ogg", "mp3", "aiff", "au", "caf", "w64", "nist", "voc"}
)
"""Containers that libsndfile reads, with the codecs that it knows."""

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
    (b"NIST_1A\n", "nist"),
    (b"Creative Voice File\x1a", "voc"),
    (b"FLV\x01", "flv"),
    (b"\x0b\x77", "ac3"),
    (b"\x7f\xfe\x80\x01", "dts"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"wvpk", "wavpack"),
    (b"MAC ", "ape"),
    (b"TTA1", "tta"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wma"),
)
# Format identifiers of a CAF's description (Apple's Core Audio Format, "desc").
_CAF_CODECS = {b"alac": "alac", b"aac ": "aac", b"opus": "opus", b"ima4": "adpcm_ima"}
_TRANSPORT_PACKETS = ((0, 188), (4, 192))  # first sync byte, bytes a packet


def container_of(head: bytes) -> str | None:
    """Return the container that these first bytes begin, or ``None``.

    MPEG frames may stand behind junk, as in what was cut from a broadcast.
    """
    if head[:4] in (b"RIFF", b"RF64", b"BW64", b"RIFX") and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return "mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "webm" if b"webm" in head[:64] else "mkv"
    for magic, container in _MAGIC:
        if head.startswith(magic):
            return container
    if _is_transport_stream(head):
        return "mpegts"
    return _mpeg_audio(head)


def codec_of(container: str, head: bytes) -> str:
    """Return the codec inside, as far as the first bytes of the file tell it."""
    if container == "ogg":
        found = (codec for mark, codec in _OGG_CODECS if mark in head[:512])
        return next(found, "unknown")
    if container == "caf" and head[8:12] == b"desc":
        return _CAF_CODECS.get(head[28:32], "unknown")
    if container == "amr" and head.startswith(b"#!AMR-WB"):
        return "amr-wb"
    return _ONLY_CODEC.get(container, "unknown")


def content_type_of(container: str, codec: str, sample_rate: int = 0) -> str:
    """Return the media type, with its codec or rate where services want it."""
    if container == "raw":
        return f"audio/L16; rate={sample_rate}; channels=1"
    if container in ("ogg", "webm") and codec not in ("unknown", "none"):
        return f"{_CONTENT_TYPES[container]}; codecs={codec}"
    return _CONTENT_TYPES.get(container, _UNKNOWN_TYPE)


def undecoded_encoding(container: str, codec: str) -> AudioEncoding:
    """Describe a recording of which only a decoder could tell more."""
    return AudioEncoding(container, codec, 0, 0, content_type_of(container, codec))


def unknown_container(head: bytes) -> AudioError:
    """Return the error for bytes that are no recording we know."""
    if not head:
        return AudioError(
            "the recording is empty", hint="check how it was recorded or copied"
        )
    if looks_like_text(head):
        kind = "HTML" if head.lstrip()[:1] == b"<" else "text"
        return AudioError(f"this is {kind}, not audio", hint=KNOWN_FORMATS)
    return AudioError("unknown audio format", hint=KNOWN_FORMATS)


KNOWN_FORMATS = (
    "stt reads WAV, FLAC, OGG, MP3, AIFF and AU, and nearly everything else with "
    "ffmpeg; raw PCM needs --raw-rate HZ"
)
"""What can be read, as a hint."""


def _is_transport_stream(head: bytes) -> bool:
    """Tell MPEG-2 transport streams by their sync bytes (ISO 13818-1, 2.4.3.2)."""
    return any(
        len(head) > first + 2 * packet
        and all(head[first + n * packet] == 0x47 for n in range(3))
        for first, packet in _TRANSPORT_PACKETS
    )


def _mpeg_audio(head: bytes) -> str | None:
    """Tell bare MPEG frames by their sync word (ISO 11172-3, 2.4.2.3)."""
    if head[:3] == b"ID3":
        # What stands behind the tag tells, where it is near enough to be seen.
        behind = head[id3_length(head) or len(head) :]
        return container_of(behind) or "mp3"
    if len(head) >= 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    at_once = frame_at(head, 0) is not None
    return "mp3" if at_once or first_frame(head) is not None else None


def looks_like_text(head: bytes) -> bool:
    """Whether these first bytes are words rather than samples."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as cut:
        if cut.end < len(head) - 4:
            return False
        text = head[: cut.start].decode("utf-8")
    return bool(text) and all(c.isprintable() or c in "\t\r\n\f\ufeff" for c in text)
