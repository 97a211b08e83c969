"""Telemetry of connections that were given up, kept for the next one to its host.

A file a host in the state folder: another run may be the next to connect. What
cannot be kept or read is only telemetry, so no run fails for it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MOST_KEPT = 20


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """One telemetry message that is still to be sent."""

    request_id: str
    body: dict[str, Any]


class KeptTelemetry:
    """What is kept for one host."""

    def __init__(self, state: Path, host: str, log: Callable[[str], None]) -> None:
        name = re.sub(r"[^a-z0-9.-]", "_", host.lower())
        self._path = state / "telemetry" / f"{name}.json"
        self._log = log

    def add(self, messages: list[KeptMessage]) -> None:
        """Keep these too; of too many the oldest go."""
        kept = (self._read(self._path) + messages)[-_MOST_KEPT:]
        rows = [{"request_id": m.request_id, "body": m.body} for m in kept]
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(rows), encoding="utf-8")
            fresh.replace(self._path)
        except OSError as fault:
            self._log(f"telemetry cannot be kept: {fault}")

    def take(self) -> list[KeptMessage]:
        """Return what is kept and forget it; one of several runs gets it."""
        if not self._path.exists():
            return []
        mine = self._path.with_name(f"{self._path.name}.{os.getpid()}.taken")
        try:
            self._path.replace(mine)
        except OSError:
            return []  # another run was faster
        kept = self._read(mine)
        mine.unlink(missing_ok=True)
        return kept

    def _read(self, path: Path) -> list[KeptMessage]:
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
            return [KeptMessage(str(r["request_id"]), dict(r["body"])) for r in rows]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError) as fault:
            self._log(f"kept telemetry cannot be read: {fault}")
            return []
