"""Emulators as tests use them: on a thread, with faults, their journal at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from stt_cli.core.secret import Secret
from stt_cli.emulator import build_emulator
from stt_cli.emulator.config import EmulatorConfig, Entry, Journal
from stt_cli.emulator.faults import FaultPlan
from stt_cli.emulator.server import running
from stt_cli.protocols.intents.patterns import parse_patterns

KEY = "made-up-key-0001"


@dataclass(frozen=True)
class Emulated:
    """A running emulator."""

    url: str
    journal: Journal
    faults: FaultPlan
    log: list[str]

    def all(self, kind: str) -> list[Entry]:
        """Return what clients did of one kind."""
        return self.journal.all(kind)


@contextmanager
def emulated(
    name: str,
    *faults: str,
    transcripts: tuple[str, ...] = ("Hello world.",),
    key: str | None = KEY,
    delay: float = 0.0,
    strict: bool = False,
    patterns: str = "",
) -> Iterator[Emulated]:
    """Run an emulator until the block ends."""
    log: list[str] = []
    config = EmulatorConfig(
        transcripts=transcripts,
        key=Secret(key) if key else None,
        faults=FaultPlan(faults),
        delay=delay,
        strict=strict,
        patterns=parse_patterns(patterns, "patterns") if patterns else (),
        log=log.append,
    )
    with running(build_emulator(name, config), config) as url:
        yield Emulated(url, config.journal, config.faults, log)
