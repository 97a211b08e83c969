"""Faults of the file system and of decoders, told as ``AudioError`` with a name."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from stt_cli.audio.sniffing import KNOWN_FORMATS
from stt_cli.audio.source import AudioEncoding
from stt_cli.core.errors import AudioError

_HINTS = {
    errno.EACCES: "check its permissions",
    errno.EPERM: "check its permissions",
    errno.ENOSPC: "free up disk space, or set TMPDIR to a folder on another disk",
}
# What libsndfile reads: when it does not, the bytes are to blame.
_READ_HERE = frozenset(
    {("flac", "flac"), ("ogg", "vorbis"), ("ogg", "opus"), ("mp3", "mp3")}
    | {(name, "unknown") for name in ("ogg", "aiff", "au", "w64", "caf", "nist", "voc")}
)
_NAMES = {
    "g722": "G.722", "g726": "G.726", "opus": "Opus", "vorbis": "Vorbis",
    "speex": "Speex", "siren": "Siren", "sirensr": "SirenSR", "mkv": "Matroska",
    "webm": "WebM", "wma1": "WMA", "wma2": "WMA", "wma-pro": "WMA Pro",
    "wma-lossless": "WMA Lossless", "wma-voice": "WMA Voice", "amr-wb": "AMR-WB",
    "dts": "DTS", "eac3": "E-AC-3", "ac3": "AC-3", "mpegts": "MPEG-TS", "wavpack":
    "WavPack", "mpeg": "MPEG",
}  # fmt: skip
_INSTALL = (
    "install ffmpeg, or run `pip install 'stt-cli[media]'`; stt finds it automatically"
)


@contextmanager
def about(name: str) -> Iterator[None]:
    """Put the input's name in front of every ``AudioError`` raised inside."""
    try:
        yield
    except AudioError as error:
        prefix = f"{shown_name(name)}: "
        if not error.message.startswith(prefix):
            error.message = prefix + error.message
            error.args = (error.message,)
        raise
    except OSError as fault:
        raise unreadable(name, fault) from fault


def shown_name(name: str) -> str:
    """Return what messages call the input."""
    return "standard input" if name == "-" else name


def unreadable(name: str, fault: OSError) -> AudioError:
    """Return the error for a file that the system does not let us read."""
    if isinstance(fault, FileNotFoundError):
        return missing(Path(name))
    reason = (fault.strerror or str(fault)).lower()
    return AudioError(
        f"{shown_name(name)}: cannot be read: {reason}",
        hint=_HINTS.get(fault.errno or 0),
    )


def missing(path: Path) -> AudioError:
    """Return the error for a file that is not there, with a near name as hint."""
    try:
        neighbors = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return AudioError(f"{path}: no such folder: {path.parent}")
    near = get_close_matches(path.name, neighbors, n=1)
    hint = "pass a recording, a folder or a pattern such as '*.wav'"
    if near:
        hint = f"did you mean {path.parent / near[0]}?"
    return AudioError(f"{path}: no such file", hint=hint)


def undecodable(encoding: AudioEncoding) -> AudioError:
    """Return the error for what nothing on this machine decodes."""
    codec, container = encoding.codec, encoding.container
    if codec == "none":
        return no_audio()
    if codec == "encrypted":
        return AudioError(
            "the audio is encrypted (DRM)",
            hint="only the app it was bought with can play it",
        )
    if container == "unknown":
        return AudioError("unknown audio format", hint=KNOWN_FORMATS)
    if (container, codec) in _READ_HERE:
        return AudioError(
            f"the recording cannot be decoded as {container}",
            hint="check that the file is complete",
        )
    what = _shown(container if codec == "unknown" else codec)
    within = f" in {_shown(container)}"
    if codec in ("unknown", container) or what == _shown(container):
        within = ""
    return AudioError(
        f"{what} audio{within} cannot be decoded on this machine", hint=_INSTALL
    )


def _shown(codec: str) -> str:
    return _NAMES.get(codec, codec.upper())


def no_audio() -> AudioError:
    """Return the error for a video without a sound track."""
    return AudioError(
        "the recording contains video but no audio",
        hint="check that audio was recorded",
    )
