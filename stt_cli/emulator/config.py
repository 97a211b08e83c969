"""What a user chose for one emulator, and the journal of what clients sent to it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stt_cli.core.errors import UsageError
from stt_cli.core.secret import Secret
from stt_cli.emulator.faults import FaultPlan
from stt_cli.protocols.intents.patterns import Pattern

_MOST_ENTRIES = 20_000
_WAIT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a client did: ``kind`` and its facts, by name."""

    kind: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]


class Journal:
    """An append-only list that any thread may read; the oldest entries go first."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._changed = threading.Condition()

    def add(self, kind: str, **facts: Any) -> None:
        """Write one entry."""
        with self._changed:
            self._entries.append(Entry(kind, facts))
            del self._entries[:-_MOST_ENTRIES]
            self._changed.notify_all()

    def all(self, kind: str | None = None) -> list[Entry]:
        """Return the entries, those of one kind or every one, in order."""
        with self._changed:
            return [entry for entry in self._entries if kind in (None, entry.kind)]

    def wait_for(
        self,
        kind: str,
        count: int = 1,
        where: Callable[[Entry], bool] = lambda _entry: True,
    ) -> list[Entry]:
        """Return the matching entries once there are ``count`` of them.

        Raises:
            TimeoutError: there were fewer in time.
        """

        def matching() -> list[Entry]:
            return [e for e in self._entries if e.kind == kind and where(e)]

        with self._changed:
            if not self._changed.wait_for(
                lambda: len(matching()) >= count, timeout=_WAIT_SECONDS
            ):
                raise TimeoutError(f"{len(matching())} of {count} {kind} entries")
            return matching()


def _silent(_line: str) -> None:
    """Drop a log line."""


@dataclass(frozen=True, slots=True)
class EmulatorConfig:
    """One emulator's settings.

    Args:
        transcripts: what is "heard", a transcript for each request in turn, then
            from the start again; empty recognizes with the local engine. A
            transcript's phrases are parted by ``" | "`` or line breaks.
        delay: seconds before each final result.
        key: the key that clients must show; ``None`` takes any, and none.
        patterns: what the intent service understands.
        strict: whether it also closes connections for what a service may close them.
        log: takes a line for each request; secrets are masked there.
        journal: what clients sent, for tests.
    """

    transcripts: tuple[str, ...] = ()
    delay: float = 0.0
    key: Secret | None = None
    faults: FaultPlan = field(default_factory=FaultPlan)
    host: str = "127.0.0.1"
    port: int = 0
    strict: bool = False
    patterns: tuple[Pattern, ...] = ()
    log: Callable[[str], None] = _silent
    journal: Journal = field(default_factory=Journal)


def scripted(transcript: str | None, file: Path | None) -> tuple[str, ...]:
    """Return the transcripts to answer with; none, and recordings are recognized.

    Raises:
        UsageError: both are given, or the file has no transcripts.
    """
    if transcript is not None and file is not None:
        raise UsageError("--transcript cannot be used with --transcripts")
    if transcript is not None:
        return (transcript,)
    if file is None:
        return ()
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"cannot read {file}: {fault}") from fault
    given = tuple(line for line in lines if line.strip())
    if not given:
        raise UsageError(
            f"{file} has no transcripts", hint="write one transcript per line"
        )
    return given
