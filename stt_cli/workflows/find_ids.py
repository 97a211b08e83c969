"""Finding support IDs in files, folders, archives, stdin and addresses."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, NothingFoundError, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.ids.encoding import Utf8Source
from stt_cli.ids.extract import Finder
from stt_cli.ids.finding import DEFAULT_KINDS, KINDS, Finding
from stt_cli.ids.masking import masked
from stt_cli.workflows.material import (
    STDIN,
    Piece,
    Unread,
    damaged,
    pieces,
    unreadable,
)

if TYPE_CHECKING:
    from stt_cli.ledger import Operation

ADDRESS_NAME = "argument"
ALL = "all"
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


def has_piped_material(environment: Environment) -> bool:
    """Whether something may come by stdin; cron and CI give /dev/null instead."""
    stdin = environment.stdin
    if stdin is None or stdin.isatty():
        return False
    try:
        return not os.path.samestat(os.fstat(stdin.fileno()), Path(os.devnull).stat())
    except OSError:  # no descriptor behind it
        return True


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
            raise UsageError(f"unknown kind of ID {name!r}", hint=_near(kind))
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
        except INTERRUPTIONS:
            raise
        except SttError as error:
            if len(search.inputs) == 1:
                raise
            failures += 1
            yield Unread(error)
    if not found and not failures:
        raise NothingFoundError(
            f"no {_kinds_in_words(search.kinds)} ID found",
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
        if not wanted and kinds == frozenset(DEFAULT_KINDS):
            # Rather what the last run has than the session of an older one.
            wanted = [finding for finding in found if finding.id == row.main_id]
        if wanted:
            yield from wanted
            return
    raise NothingFoundError(
        f"no {_kinds_in_words(kinds)} ID in the ledger",
        hint="pass a log file, or - for stdin; `stt history` shows the ledger",
    )


def _of_input(
    name: str, search: IdSearch, finder: Finder, environment: Environment
) -> Iterator[Finding | Notice | Unread]:
    if _ADDRESS.match(name):
        yield from _of_address(name, finder)
    elif search.follow and name != STDIN:
        yield from _of_growing(Path(name), finder, environment)
    else:
        yield from _of_material(name, finder, environment)


def _of_address(address: str, finder: Finder) -> Iterator[Finding]:
    stream = io.BytesIO(address.encode("utf-8", "replace"))
    for finding in finder.find(ADDRESS_NAME, stream.readinto):
        yield replace(finding, line=None)


def _of_material(
    name: str, finder: Finder, environment: Environment
) -> Iterator[Finding | Notice | Unread]:
    for piece in pieces(name, environment):
        if isinstance(piece, Piece):
            yield from finder.find(
                piece.name, piece.source.read_into, live=piece.is_live
            )
        else:
            yield piece


def _of_growing(
    path: Path, finder: Finder, environment: Environment
) -> Iterator[Finding | Notice]:
    from stt_cli.ids.follow import incarnations

    try:
        for stream in incarnations(path, environment.sleep):
            source = Utf8Source(stream)
            yield from finder.find(str(path), source.read_into, live=True)
            if source.damage is not None:
                yield damaged(str(path), source.damage)
    except OSError as fault:
        raise unreadable(path, fault) from fault


def _taken_for_none(finding: Finding) -> Notice | None:
    """Return what to say of an ID that has the label of one and is none."""
    if finding.honored is False:
        return Notice(
            f"X-ConnectionId {finding.id} in {finding.place} cannot identify a "
            "session: Azure ignores IDs in this format over REST",
            hint="send 32 hex digits without dashes; `stt session-id --new` makes one",
        )
    if finding.kind == "dashed_session":
        return Notice(
            f"session ID {finding.id} in {finding.place} has dashes, but Azure "
            "session IDs are 32 hex digits without dashes",
            hint="for Azure, remove the dashes; --kind all prints the ID",
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
        return f"--kind all finds others: {counted}"
    if guessed and not search.candidates:
        values = (
            "values look like IDs but have"
            if guessed > 1
            else ("value looks like an ID but has")
        )
        return f"{guessed} {values} no label; use --candidates to list them"
    if search.is_usual:
        return (
            "--kind all also finds request IDs, transaction IDs and others; SDKs "
            "write IDs only if logging is enabled"
        )
    if search.kinds == frozenset(KINDS):
        return "SDKs write IDs only if logging is enabled"
    return f"use --kind {ALL} to find every kind"


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
            for item in _of_material(str(name), finder, environment)
            if isinstance(item, Finding) and not item.is_guess
        )
    )


def _near(kind: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(kind, KINDS, n=1)
    known = f"choose from {', '.join(KINDS)} and {ALL}"
    return f"did you mean {near[0]}? {known}" if near else known
