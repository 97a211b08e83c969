"""Finding support IDs in files, folders, archives, stdin and addresses."""

from __future__ import annotations

import io
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from stt_cli.core.environment import Environment
from stt_cli.core.errors import STOPS, NothingFoundError, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.ids.containers import Budget, Content, contents
from stt_cli.ids.encoding import Utf8Source
from stt_cli.ids.extract import Finder
from stt_cli.ids.finding import DEFAULT_KINDS, KINDS, Finding
from stt_cli.ids.masking import masked

if TYPE_CHECKING:
    from stt_cli.ledger import Operation

STDIN = "-"
STDIN_NAME = "stdin"
ADDRESS_NAME = "argument"
ALL = "all"
_ENOUGH_OF_A_DEVICE = 16 << 20
_WORTH_A_SECOND_LOOK = 64 << 20  # bytes that are searched again within a blink
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class IdSearch:
    """What to search, and for which kinds; ``details`` as in ``Finder``.

    ``candidates``: bare values without a label are yielded, too, as guesses.
    """

    inputs: tuple[str, ...]
    kinds: frozenset[str] = frozenset(DEFAULT_KINDS)
    follow: bool = False
    details: bool = True
    candidates: bool = False

    @property
    def is_usual(self) -> bool:
        """Whether no kind was asked for."""
        return self.kinds == frozenset(DEFAULT_KINDS)


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that could not be searched, while others can be."""

    error: SttError


def chosen_kinds(names: Sequence[str]) -> frozenset[str]:
    """Return the kinds that ``--kind`` names, the usual ones where it is missing.

    Raises:
        UsageError: there is no such kind.
    """
    if not names:
        return frozenset(DEFAULT_KINDS)
    chosen: set[str] = set()
    for name in names:
        kind = name.strip().lower().replace("-", "_").removesuffix("_id")
        if kind == ALL:
            chosen.update(KINDS)
        elif kind in KINDS:
            chosen.add(kind)
        else:
            raise UsageError(f"there is no kind of ID {name!r}", hint=_near(kind))
    return frozenset(chosen)


def find_ids(
    search: IdSearch, environment: Environment
) -> Iterator[Finding | Notice | Unread]:
    """Yield every ID once, as it is found, with what the user should know.

    Every input is tried; a folder stands for all files in it.

    Raises:
        UsageError: the only input cannot be read, or cannot be followed.
        NothingFoundError: all was searched, and there was no such ID.
    """
    finder = _finder(search, environment)
    found, failures = 0, 0
    for name in search.inputs:
        try:
            for item in _of_input(name, search, finder, environment):
                if isinstance(item, Unread):
                    failures += 1
                elif isinstance(item, Finding):
                    if (notice := _taken_for_none(item)) is not None:
                        yield notice
                        if item.kind not in search.kinds:
                            continue
                    found += 1
                yield item
        except STOPS:
            raise
        except SttError as error:
            if len(search.inputs) == 1:
                raise
            failures += 1
            yield Unread(error)
    if not found and not failures:
        raise NothingFoundError(
            f"no {_kinds_in_words(search.kinds)} ID was found",
            hint=_where_else(search, finder.guessed, environment),
        )


def _finder(search: IdSearch, environment: Environment) -> Finder:
    clean = environment.redactor.clean
    return Finder(
        search.kinds,
        details=search.details,
        clean=lambda text: masked(clean(text)),
        others=not search.is_usual,
        guesses=search.candidates,
    )


def last_ids(rows: Sequence[Operation], kinds: frozenset[str]) -> Iterator[Finding]:
    """Yield the IDs of the ledger's newest operation that has any.

    Raises:
        NothingFoundError: there is none.
    """
    for row in rows:
        found = [
            Finding(
                id=value,
                kind=name.removesuffix("_id"),
                source="ledger",
                line=None,
                time=row.started,
                text=" ".join(filter(None, (row.command, row.provider, row.input))),
                found_as="ledger",
            )
            for name, value in row.ids.items()
        ]
        wanted = [finding for finding in found if finding.kind in kinds]
        if wanted:
            yield from wanted
            return
    raise NothingFoundError(
        f"no {_kinds_in_words(kinds)} ID is in the ledger",
        hint="name a log, or - for standard input; `stt history` shows the ledger",
    )


def _of_input(
    name: str, search: IdSearch, finder: Finder, environment: Environment
) -> Iterator[Finding | Notice | Unread]:
    if _ADDRESS.match(name):
        yield from _of_address(name, finder)
    elif name == STDIN:
        if environment.stdin is None:
            raise UsageError("there is no standard input to read")
        yield from _of_stream(STDIN_NAME, environment.stdin, finder, live=True)
    elif search.follow:
        yield from _of_growing(Path(name), finder, environment)
    elif Path(name).is_dir():
        yield from _of_folder(Path(name), finder)
    else:
        yield from _of_file(Path(name), finder)


def _of_address(address: str, finder: Finder) -> Iterator[Finding]:
    stream = io.BytesIO(address.encode("utf-8", "replace"))
    for finding in finder.find(ADDRESS_NAME, stream.readinto):
        yield replace(finding, line=None)


def _of_folder(folder: Path, finder: Finder) -> Iterator[Finding | Notice | Unread]:
    for path in files_of(folder):
        try:
            yield from _of_file(path, finder)
        except SttError as error:
            yield Unread(error)


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the regular files of a folder and the folders in it, in order of names.

    Links to folders are not followed: they may lead round in circles.
    """
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            if path.is_file():
                yield path


def _of_file(path: Path, finder: Finder) -> Iterator[Finding | Notice]:
    try:
        with path.open("rb", buffering=0) as stream:
            # A named pipe or device brings what it has when it has it.
            live = not path.is_file()
            yield from _of_stream(str(path), stream, finder, live=live)
    except OSError as fault:
        raise unreadable(path, fault) from fault


def _of_stream(
    name: str, stream: BinaryIO | io.RawIOBase, finder: Finder, *, live: bool
) -> Iterator[Finding | Notice]:
    endless = _Cut(stream) if live and _is_endless(stream) else None
    for part in contents(name, endless or stream, live=live, budget=Budget()):
        if isinstance(part, Content):
            source = Utf8Source(part.stream)
            yield from _of_source(part.name, source, finder, live=live)
        else:
            yield Notice(
                f"{part.name} was not read to its end: {part.reason}",
                hint="what stands before was searched",
            )
    if endless is not None and endless.is_cut:
        yield Notice(
            f"{name} is a device without an end",
            hint=f"the first {_ENOUGH_OF_A_DEVICE >> 20} MiB were searched",
        )


def _of_source(
    name: str, source: Utf8Source, finder: Finder, *, live: bool
) -> Iterator[Finding | Notice]:
    yield from finder.find(name, source.read_into, live=live)
    if source.damage is not None:
        yield Notice(
            f"{name} ends early or is damaged: {source.damage}",
            hint="what stands before the damage was searched",
        )


def _is_endless(stream: BinaryIO | io.RawIOBase) -> bool:
    """Whether it may be /dev/zero: a device that is no terminal."""
    try:
        return stat.S_ISCHR(os.fstat(stream.fileno()).st_mode) and not stream.isatty()
    except (OSError, ValueError):  # no descriptor behind it
        return False


class _Cut(io.RawIOBase):
    """The first megabytes of a device."""

    def __init__(self, stream: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self._stream: Any = stream
        self._left = _ENOUGH_OF_A_DEVICE

    @property
    def is_cut(self) -> bool:
        """Whether there was more."""
        return self._left <= 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with memoryview(buffer) as view, view[: max(0, self._left)] as part:
            count = self._stream.readinto(part) or 0 if len(part) else 0
        self._left -= count
        return count


def _of_growing(
    path: Path, finder: Finder, environment: Environment
) -> Iterator[Finding | Notice]:
    from stt_cli.ids.follow import incarnations

    try:
        for stream in incarnations(path, environment.sleep):
            yield from _of_source(str(path), Utf8Source(stream), finder, live=True)
    except OSError as fault:
        raise unreadable(path, fault) from fault


def unreadable(path: Path, fault: OSError) -> UsageError:
    """Return the failure for a file that cannot be read, in plain words."""
    if isinstance(fault, FileNotFoundError):
        return UsageError(f"there is no file {path}", hint="give a log, a URL, or -")
    if isinstance(fault, IsADirectoryError) or path.is_dir():
        return UsageError(f"{path} is a folder", hint="only files can be followed")
    reason = (fault.strerror or str(fault)).lower()
    return UsageError(f"{path} cannot be read: {reason}")


def _taken_for_none(finding: Finding) -> Notice | None:
    """Return what to say of an ID that has the label of one and is none."""
    if finding.honored is False:
        return Notice(
            f"X-ConnectionId {finding.id} in {finding.place} is not honored by the "
            "service over REST: no session can be found by it",
            hint="send 32 hex digits without dashes, as `stt session-id --new` prints",
        )
    if finding.kind == "dashed_session":
        return Notice(
            f"session ID {finding.id} in {finding.place} has dashes: Azure's are 32 "
            "hex digits without, and another service's may have them",
            hint="for Azure, look for it without dashes; --kind all prints it",
        )
    return None


def _kinds_in_words(kinds: frozenset[str]) -> str:
    if kinds == frozenset(KINDS):
        return "support"
    ordered = [kind.replace("_", " ") for kind in KINDS if kind in kinds]
    *most, last = ordered
    return f"{', '.join(most)} or {last}" if most else last


def _where_else(search: IdSearch, guessed: int, environment: Environment) -> str:
    """Return what may help, judged by what was read."""
    others = _other_kinds(search, environment)
    if others:
        counted = ", ".join(
            f"{count} {kind.replace('_', ' ')}" for kind, count in others.items()
        )
        return f"--kind all finds others there: {counted}"
    if guessed and not search.candidates:
        values = (
            "values look like IDs and have"
            if guessed > 1
            else ("value looks like an ID and has")
        )
        return f"{guessed} {values} no label: --candidates lists what may be one"
    if search.is_usual:
        return (
            "--kind all looks for request IDs, transaction IDs and others too; an SDK "
            "writes its IDs only when logging is switched on"
        )
    if search.kinds == frozenset(KINDS):
        return "an SDK writes its IDs only when logging is switched on"
    return f"--kind {ALL} looks for every kind"


def _other_kinds(search: IdSearch, environment: Environment) -> dict[str, int]:
    """Return how many IDs of other kinds stand in the files, if that is soon known."""
    names = [Path(name) for name in search.inputs if name != STDIN]
    if search.follow or search.kinds == frozenset(KINDS) or not names:
        return {}
    size = 0
    for name in names:
        if not name.is_file():
            return {}
        size += name.stat().st_size
    if size > _WORTH_A_SECOND_LOOK:
        return {}
    everything = replace(search, kinds=frozenset(KINDS), details=False)
    finder = _finder(everything, environment)
    return dict(
        Counter(
            item.kind
            for name in names
            for item in _of_file(name, finder)
            if isinstance(item, Finding) and not item.is_guess
        )
    )


def _near(kind: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(kind, KINDS, n=1)
    known = f"kinds are {', '.join(KINDS)} and {ALL}"
    return f"did you mean {near[0]}? {known}" if near else known
