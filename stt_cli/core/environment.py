"""What surrounds a run: streams, variables, folders, clock and chance.

Made once, in ``stt_cli.app``, and handed down; nothing below reads
``os.environ``, ``sys.std*`` or ``time`` by itself where a test must control it.
"""

from __future__ import annotations

import io
import os
import stat
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from stt_cli.core.errors import OutputError
from stt_cli.core.secret import Redactor

if TYPE_CHECKING:
    from uuid import UUID


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _random_uuid() -> UUID:
    from uuid import uuid4

    return uuid4()


def _random_fraction() -> float:
    from random import random

    return random()


_NOWHERE = Path(os.devnull, "stt-has-no-home-folder")


class Directories:
    """Where this user's files live; ``STT_HOME`` puts them all below one folder.

    Looked up only when asked for: most runs of ``session-id`` need none. A user
    without a home folder gets names under which no file can be.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._home = home

    @classmethod
    def named_by(cls, variables: Mapping[str, str]) -> Directories:
        """Return the folders of the platform, or those below ``STT_HOME``."""
        home = variables.get("STT_HOME")
        return cls(Path(home).absolute() if home else None)

    @cached_property
    def config(self) -> Path:
        """The folder of the config file."""
        return self._home / "config" if self._home else self._of_platform("config")

    @cached_property
    def state(self) -> Path:
        """The folder of the ledger and of recordings not yet transcribed."""
        return self._home / "state" if self._home else self._of_platform("state")

    @cached_property
    def data(self) -> Path:
        """The folder of what was downloaded to be kept, such as models."""
        return self._home / "data" if self._home else self._of_platform("data")

    @cached_property
    def cache(self) -> Path:
        """The folder of what can be fetched or computed again."""
        return self._home / "cache" if self._home else self._of_platform("cache")

    def _of_platform(self, kind: str) -> Path:
        from platformdirs import PlatformDirs

        dirs = PlatformDirs("stt", appauthor=False)
        try:
            folder = Path(getattr(dirs, f"user_{kind}_dir"))
        except RuntimeError:  # later versions of platformdirs
            folder = Path("~")
        # Without HOME, a user that /etc/passwd does not know (a container's) has no
        # such folder: there is nothing to read in it, and nothing can be written.
        return folder if folder.is_absolute() else _NOWHERE / kind


class ClosedOutput(io.TextIOWrapper):
    """A stdout that was closed before we began, as a shell's ``>&-`` leaves it.

    Whatever is written there is lost, which is an error and no success.
    """

    def __init__(self) -> None:
        # Never closed, so that the descriptor is not given to a file of ours, into
        # which a library's messages would then be written.
        os.open(os.devnull, os.O_WRONLY)
        refusing: Any = _Refusing()
        super().__init__(refusing, encoding="utf-8", write_through=True)


class _Refusing(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OutputError(
            "stdout is closed", hint="keep it open, or write to a file with -o"
        )


def _stdin() -> BinaryIO | None:
    """Return a reader of stdin's bytes that is not Python's own.

    Python closes its own when it ends, and aborts where a thread still waits in it
    for a live input's next bytes. Nobody has read from it by now, so none are lost.
    """
    if sys.stdin is None:
        return None
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except (OSError, ValueError):
        return sys.stdin.buffer


def _stderr_or_nowhere() -> TextIO:
    return sys.stderr or Path(os.devnull).open("w", encoding="utf-8")


@dataclass
class Verbosity:
    """How much is said on stderr; the option ``-q`` says it first.

    ``color`` is what ``--color`` says, ``None`` for what the streams take.
    ``ids_shown`` are those that stand there already: no failure repeats them.
    """

    errors_only: bool = False
    color: bool | None = None
    ids_shown: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Environment:
    """What a run may read and where it may write.

    ``log`` takes lines for ``--log-file`` and ``-v``; they are redacted there.
    ``monotonic`` counts seconds, ``sleep`` takes seconds, ``random`` gives a
    number from 0 up to but not including 1.
    """

    variables: Mapping[str, str]
    directories: Directories
    stdin: BinaryIO | None
    stdout: TextIO
    stderr: TextIO
    redactor: Redactor = field(default_factory=Redactor)
    log: Callable[[str], None] = lambda _line: None
    verbosity: Verbosity = field(default_factory=Verbosity)
    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = _random_fraction
    new_uuid: Callable[[], UUID] = _random_uuid

    @classmethod
    def of_this_process(cls) -> Environment:
        """Return the environment of this process."""
        return cls(
            variables=os.environ,
            directories=Directories.named_by(os.environ),
            stdin=_stdin(),
            stdout=sys.stdout or ClosedOutput(),
            stderr=_stderr_or_nowhere(),
        )

    def require_stdout(self) -> None:
        """Raise ``OutputError`` where no result could be printed, before any work."""
        if isinstance(self.stdout, ClosedOutput):
            self.stdout.write("?")

    @property
    def stdin_is_piped(self) -> bool:
        """Whether a pipe, a socket or a file was put in stdin's place.

        A terminal is none of them, nor is the null device that cron and CI give.
        """
        if self.stdin is None:
            return False
        try:
            mode = os.fstat(self.stdin.fileno()).st_mode
        except (OSError, ValueError):
            return False
        return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)

    def new_hex_id(self) -> str:
        """Return a new GUID without dashes, in lower case: a session ID."""
        return self.new_uuid().hex
