"""An environment whose clock moves only when something sleeps."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stt_cli.core.environment import Directories, Environment
from stt_cli.providers.base import ProviderContext


@dataclass
class FakeTime:
    """Seconds since the test began; ``slept`` holds every pause."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)


def fake_environment(
    time: FakeTime | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    home: Path | None = None,
    random: float = 0.0,
) -> Environment:
    """Return an environment with a clock of its own, no chance and no terminal."""
    clock = time or FakeTime()
    return Environment(
        variables=variables or {},
        directories=Directories(home),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        now=clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        random=lambda: random,
    )


def context(
    time: FakeTime | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    insecure: bool = False,
    log: list[str] | None = None,
) -> ProviderContext:
    """Return a provider's context in such an environment; ``log`` takes its lines."""
    lines = log if log is not None else []
    return ProviderContext(
        environment=fake_environment(time, variables=variables),
        insecure=insecure,
        log=lines.append,
    )
