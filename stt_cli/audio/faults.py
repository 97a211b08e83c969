"""Faults of the file system and of decoders, told as ``AudioError`` with a name."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from stt_cli.core.errors import AudioError

_HINTS = {
    errno.EACCES: "check its permissions",
    errno.EPERM: "check its permissions",
    errno.ENOSPC: "free some space, or point TMPDIR at a disk that has it",
}
_CONVERT = "convert it first, for instance with `ffmpeg -i {name} recording.wav`"


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
        neighbours = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return AudioError(f"{path}: there is no folder {path.parent}")
    near = get_close_matches(path.name, neighbours, n=1)
    hint = "name a recording, a folder, or a pattern such as '*.wav'"
    if near:
        hint = f"did you mean {path.parent / near[0]}?"
    return AudioError(f"{path}: no such file", hint=hint)


def undecodable(codec: str, name: str) -> AudioError:
    """Return the error for a codec that only services understand."""
    return AudioError(
        f"{name}: {codec} audio cannot be decoded on this machine",
        hint=_CONVERT.format(name=name),
    )
