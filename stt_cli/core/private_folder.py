"""Folders of this user's own files: nobody else reads them, or puts others there."""

from __future__ import annotations

from pathlib import Path

_PRIVATE = 0o700


def make_private(folder: Path) -> None:
    """Make a folder and those above it that are not there, for this user alone.

    ``Path.mkdir`` gives its mode to the last one only, and the umask of a container
    may be 000: whoever may write into a folder above can replace what is in it.

    Raises:
        OSError: it cannot be made.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=_PRIVATE, exist_ok=True)
