"""Folders of this user's own files: nobody else reads them, or puts others there."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
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


def replace_private(path: Path, text: str) -> None:
    """Give a file new contents in one step, for its owner alone (0600).

    A link in its place is replaced and not followed, for anyone may have put it
    there where the folder is shared; nor has the new file a name that can be guessed
    before it is there.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    import tempfile

    make_private(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def refuse_planted_link(path: Path) -> None:
    """Refuse to follow a link that another user has put in a file's place.

    Our own lead wherever we like, and so do the administrator's.

    Raises:
        OSError: there is one.
    """
    try:
        status = path.lstat()
    except OSError:
        return
    own = os.getuid() if hasattr(os, "getuid") else status.st_uid
    if stat.S_ISLNK(status.st_mode) and status.st_uid not in (0, own):
        raise OSError(
            errno.ELOOP, "it is a symbolic link owned by another user", str(path)
        )
