"""Files that appear whole or not at all, and never in place of an earlier result.

Everything is written to a file without a name in the target's folder, brought to
the disk, and only then given its name: nothing is left of a run that was killed.
Where the system has no such files, a hidden one stands beside the target
meanwhile. What is not a regular file (a FIFO, ``/dev/null``,
``/dev/stdout``) is written to as it is: there is nothing to put in its place.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from stt_cli.core.errors import OutputError, UsageError
from stt_cli.core.private_folder import refuse_planted_link

# The names under which a process finds its own open streams again.
_OWN_STREAM = re.compile(r"/(?:dev|proc/self)/(?:fd/(\d+)|std(in|out|err))")
_SEPARATORS = tuple(filter(None, ("/", os.sep, os.altsep)))
_NO_HARD_LINKS = {
    getattr(errno, name)
    for name in ("EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV")
    if hasattr(errno, name)
}
_DEEPEST = 200  # folders; Python makes them by a function that calls itself
_OPEN_FILES = Path("/proc/self/fd")

_OF_DISKS = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS")
    if hasattr(errno, name)
)


def refuse_too_deep(output: str) -> None:
    """Raise ``UsageError`` for a folder below hundreds of others."""
    depth = len(Path(output).parts)
    if depth > _DEEPEST:
        raise UsageError(
            f"the -o path is too long: {depth} folders", hint="choose a different -o"
        )


def prepare(paths: Iterable[Path], output: str, *, force: bool) -> None:
    """Create the folder that ``-o`` named by a ``/``, and check every path in it."""
    if output.endswith(_SEPARATORS):
        refuse_too_deep(output)
        with _explained(Path(output)):
            Path(output).mkdir(parents=True, exist_ok=True)
    for path in paths:
        ensure_writable(path, force=force)


def ensure_writable(path: str | Path, *, force: bool) -> None:
    """Refuse, before any work is done, what could not be written afterwards.

    Raises ``UsageError`` for a result that is already there without ``force``,
    a folder, or a folder that does not exist or takes no files.
    """
    target = Path(path)
    with _explained(target):
        refuse_planted_link(target)
    if _own_stream(target) is not None or _is_special(target):
        return
    if target.is_dir():
        raise UsageError(
            f"{target} is a folder",
            hint=f"use a file name, or {target}/ to write into the folder",
        )
    if _exists(target) and not force:
        raise _already_there(target)
    folder = Path(os.path.realpath(target)).parent
    if not folder.is_dir():
        raise UsageError(
            f"no such folder: {folder}", hint="create it, or choose a different -o"
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(
            f"cannot write to the folder {folder}", hint="choose a different -o"
        )


def write_text(path: str | Path, text: Iterable[str], *, force: bool) -> None:
    """Write text as UTF-8 with plain line feeds, whole or not at all.

    A lone surrogate, which UTF-8 lacks, is written as its escape.
    """
    with whole_file(path, force=force) as file:
        for chunk in text:
            file.write(chunk.encode("utf-8", "backslashreplace"))


@contextmanager
def whole_file(
    path: str | Path, *, force: bool, private: bool = False
) -> Iterator[BinaryIO]:
    """Open a file for writing that gets its name when the block ends well.

    When the block fails or is interrupted nothing is left, and what stood under
    the name before stands there still. With ``private`` only its owner may read
    it (0600), whatever the umask and the file before it allowed. Raises
    ``UsageError`` where a result is already there, ``OutputError`` where it cannot
    be written (a full disk).
    """
    ensure_writable(path, force=force)
    target = Path(path)
    descriptor = _own_stream(target)
    if descriptor is not None or _is_special(target):
        with _explained(target):
            file = _opened(target, descriptor)
        with _explained(target, only=_OF_DISKS), file:
            yield file
        return
    target = Path(os.path.realpath(target))
    # A random name keeps two runs apart that write the same target.
    part = target.with_name(f".{target.name[:200]}.{os.urandom(4).hex()}.part")
    with _explained(target):
        file = _open_beside(part, target, private=private)
    try:
        with _explained(target, only=_OF_DISKS):
            yield file
        with _explained(target):
            file.flush()
            os.fsync(file.fileno())
            _give_name(file, part, target, force=force)
    finally:
        with suppress(OSError):  # a full disk refuses what is still buffered
            file.close()
        with suppress(FileNotFoundError):
            part.unlink()


def _open_beside(part: Path, target: Path, *, private: bool) -> BinaryIO:
    """Create a file in the target's folder, with the target's permissions.

    It has no name where the system can do that, and ``part`` elsewhere.
    """
    mode = 0o600 if private else 0o666  # less the umask, as any new file
    descriptor = _opened_nameless(target.parent, mode)
    if descriptor is None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(part, flags, mode)
    with suppress(OSError):
        kept = 0o600 if private else stat.S_IMODE(target.stat().st_mode)
        (os.fchmod if hasattr(os, "fchmod") else os.chmod)(descriptor, kept)
    return os.fdopen(descriptor, "wb")


def _opened_nameless(folder: Path, mode: int) -> int | None:
    """Open a file that vanishes with its process; ``None`` where that is unknown."""
    nameless = getattr(os, "O_TMPFILE", 0)
    if not nameless or not _OPEN_FILES.is_dir():
        return None
    try:
        return os.open(folder, os.O_WRONLY | os.O_CLOEXEC | nameless, mode)
    except OSError:  # many file systems have none
        return None


def _link(file: BinaryIO, name: Path) -> None:
    """Give a nameless file its name, as open(2) has it under O_TMPFILE."""
    number = file.fileno()
    # Only with a descriptor of a folder is the link followed; it is not looked at.
    os.link(f"{_OPEN_FILES}/{number}", name, src_dir_fd=number, follow_symlinks=True)


def _give_name(file: BinaryIO, part: Path, target: Path, *, force: bool) -> None:
    """Move the finished file to its name; without ``force`` only where none is."""
    is_nameless = not _exists(part)
    if is_nameless and not force:
        try:
            _link(file, target)
        except FileExistsError:
            raise _already_there(target) from None
        file.close()
        _sync_folder(target.parent)
        return
    if is_nameless:
        _link(file, part)
    file.close()
    if force:
        part.replace(target)
    else:
        try:
            # Unlike a rename, a link never replaces a file that has come into
            # being since the run began.
            os.link(part, target)
        except FileExistsError:
            raise _already_there(target) from None
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            part.replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Bring the new name itself to the disk, where folders can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _explained(target: Path, *, only: frozenset[int] | None = None) -> Iterator[None]:
    """Turn the system's refusals into a sentence that names the file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if only is not None and error.errno not in only:
            raise  # what feeds the file failed, not the file
        raise OutputError(
            f"cannot write {target}: {error.strerror or error}",
            hint=_advice(error),
        ) from error


def _advice(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return (
            "free up disk space, or choose a different -o; existing files are unchanged"
        )
    if error.errno == errno.EFBIG:
        return "the file is larger than the system allows; choose a different -o"
    return "choose a different -o"


def _already_there(target: Path) -> UsageError:
    return UsageError(
        f"{target} already exists",
        hint="use --force to overwrite it, or choose a different -o",
    )


def _own_stream(target: Path) -> int | None:
    """Return the descriptor behind ``/dev/stdout`` and the like.

    Opened by that name, a redirected stream would start over at its beginning
    and overwrite what was said before.
    """
    match = _OWN_STREAM.fullmatch(str(target))
    if match is None:
        return None
    number, name = match.groups()
    return int(number) if number else ("in", "out", "err").index(name)


def _is_special(target: Path) -> bool:
    try:
        mode = target.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _exists(target: Path) -> bool:
    try:
        return target.exists()
    except OSError:
        return False


def _opened(target: Path, descriptor: int | None) -> BinaryIO:
    if descriptor is not None:
        return os.fdopen(os.dup(descriptor), "wb")
    return target.open("wb")
