"""What a user chose for one emulator; every emulated service reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from stt_cli.core.secret import Secret
from stt_cli.emulator.faults import FaultPlan
from stt_cli.emulator.journal import Journal


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
    log: Callable[[str], None] = _silent
    journal: Journal = field(default_factory=Journal)
