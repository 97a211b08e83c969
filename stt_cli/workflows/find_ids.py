"""Finding support IDs in files, stdin and addresses; the last ones of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import STOPS, NothingFoundError, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.ids.encoding import Utf8Source
from stt_cli.ids.extract import Finder
from stt_cli.ids.finding import DEFAULT_KINDS, KINDS, Finding

if TYPE_CHECKING:
    from stt_cli.ledger import Operation

STDIN = "-"
STDIN_NAME = "stdin"
ADDRESS_NAME = "argument"
ALL = "all"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class IdSearch:
    """What to search, and for which kinds; ``details`` as in ``Finder``."""

    inputs: tuple[str, ...]
    kinds: frozenset[str] = frozenset(DEFAULT_KINDS)
    follow: bool = False
    details: bool = True


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

    Every input is tried.

    Raises:
        UsageError: the only input cannot be read, or cannot be followed.
        NothingFoundError: all was searched, and there was no such ID.
    """
    finder = Finder(
        search.kinds, details=search.details, clean=environment.redactor.clean
    )
    found, failures = 0, 0
    for name in search.inputs:
        try:
            for item in _of_input(name, search, finder, environment):
                if isinstance(item, Finding) and item.honoured is False:
                    yield _not_honoured(item)
                    if item.kind not in search.kinds:
                        continue
                found += isinstance(item, Finding)
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
            hint=_where_else(search.kinds),
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
) -> Iterator[Finding | Notice]:
    if _ADDRESS.match(name):
        yield from _of_address(name, finder)
    elif name == STDIN:
        if environment.stdin is None:
            raise UsageError("there is no standard input to read")
        source = Utf8Source(environment.stdin)
        yield from _of_source(STDIN_NAME, source, finder, live=True)
    elif search.follow:
        yield from _of_growing(Path(name), finder, environment)
    else:
        yield from _of_file(Path(name), finder)


def _of_address(address: str, finder: Finder) -> Iterator[Finding]:
    import io

    stream = io.BytesIO(address.encode("utf-8", "replace"))
    for finding in finder.find(ADDRESS_NAME, stream.readinto):
        yield replace(finding, line=None)


def _of_file(path: Path, finder: Finder) -> Iterator[Finding | Notice]:
    try:
        with path.open("rb", buffering=0) as stream:
            source = Utf8Source(stream)
            # A named pipe or device brings what it has when it has it.
            live = not path.is_file()
            yield from _of_source(str(path), source, finder, live=live)
    except OSError as fault:
        raise unreadable(path, fault) from fault


def _of_source(
    name: str, source: Utf8Source, finder: Finder, *, live: bool
) -> Iterator[Finding | Notice]:
    yield from finder.find(name, source.read_into, live=live)
    if source.damage is not None:
        yield Notice(
            f"{name} ends early or is damaged: {source.damage}",
            hint="what stands before the damage was searched",
        )


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
        return UsageError(f"{path} is a folder", hint="name the files in it")
    reason = (fault.strerror or str(fault)).lower()
    return UsageError(f"{path} cannot be read: {reason}")


def _not_honoured(finding: Finding) -> Notice:
    return Notice(
        f"X-ConnectionId {finding.id} in {finding.place} is not honoured by the "
        "service over REST: no session can be found by it",
        hint="send 32 hex digits without dashes, as `stt session-id --new` prints",
    )


def _kinds_in_words(kinds: frozenset[str]) -> str:
    if kinds == frozenset(KINDS):
        return "support"
    ordered = [kind.replace("_", " ") for kind in KINDS if kind in kinds]
    *most, last = ordered
    return f"{', '.join(most)} or {last}" if most else last


def _where_else(kinds: frozenset[str]) -> str:
    if kinds == frozenset(DEFAULT_KINDS):
        return "--kind all looks for request IDs, transaction IDs and others too"
    if kinds == frozenset(KINDS):
        return "an SDK writes its IDs only when logging is switched on"
    return f"--kind {ALL} looks for every kind"


def _near(kind: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(kind, KINDS, n=1)
    known = f"kinds are {', '.join(KINDS)} and {ALL}"
    return f"did you mean {near[0]}? {known}" if near else known
