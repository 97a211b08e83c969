"""What the service is told besides audio: who we are, and how the turns went.

A turn's report, its telemetry, goes out when the turn is over. Where its
connection is over too, it waits for the next one to the same host, of this run or
of another: a file a host in the state folder keeps it. What cannot be kept or
read is only telemetry, so no run fails for it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stt_cli.core.environment import Environment
from stt_cli.core.private_folder import replace_private
from stt_cli.protocols.usp.client_turn import ClientTurn
from stt_cli.protocols.usp.messages import ClientDescription
from stt_cli.protocols.usp.telemetry import Metric, telemetry_body
from stt_cli.providers.audio_feed import Sent
from stt_cli.version import __version__

_MOST_KEPT = 20
Say = Callable[[str, str | None, object], None]
"""Sends a message: its path, its request ID, its JSON body."""
_DMI = Path("/sys/class/dmi/id")
_UNKNOWN = "unknown"


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
        try:
            replace_private(self._path, json.dumps(rows))
        except OSError as fault:
            self._log(f"cannot save telemetry: {fault}")

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
            self._log(f"cannot read saved telemetry: {fault}")
            return []


class TurnReports:
    """The reports of one input's turns that are still to be sent."""

    def __init__(self, kept: KeptTelemetry, environment: Environment) -> None:
        self._kept = kept
        self._now = environment.now
        self._unsent: list[KeptMessage] = []
        self._listening: Metric | None = None

    def heard_wake_phrase(self, began: datetime) -> None:
        """Note the time of listening for it, which counts for the first turn."""
        self._listening = Metric("ListeningTrigger", began, self._now())

    def fetch_kept(self) -> None:
        """Take over what earlier runs could not send to this host."""
        self._unsent = self._kept.take() + self._unsent

    def send_waiting(self, say: Say) -> None:
        """Send what waits; what ``say`` fails on goes on waiting."""
        while self._unsent:
            message = self._unsent[0]
            say("telemetry", message.request_id, message.body)
            del self._unsent[0]

    def report(
        self,
        attempts: Sequence[Metric],
        turn: ClientTurn,
        sent: Sent,
        fault: BaseException | None,
    ) -> KeptMessage:
        """Return the report of a turn that is over.

        Args:
            attempts: those that opened its connection, if it is the first on it.
            fault: what ended the audio before its time.
        """
        trigger, self._listening = self._listening, None
        listening = [trigger] if trigger is not None else []
        microphone = self._microphone(turn, sent, fault)
        body = telemetry_body(turn.receipts, [*attempts, *listening, microphone])
        return KeptMessage(turn.request_id, body)

    def put_off(self, report: KeptMessage) -> None:
        """Let a report wait for the next connection."""
        self._unsent.append(report)

    def close(self) -> None:
        """Keep what still waits for another run."""
        if self._unsent:
            self._kept.add(self._unsent)
            self._unsent = []

    def _microphone(
        self, turn: ClientTurn, sent: Sent, fault: BaseException | None
    ) -> Metric:
        now = self._now()
        ended = sent.last or now
        if turn.end_detected_at is not None:
            ended = max(ended, turn.end_detected_at)
        error = type(fault).__name__ if fault is not None else None
        return Metric("Microphone", sent.first or now, ended, error)


def describe_client(*, live: bool) -> ClientDescription:
    """Return the description; what the system does not tell is ``unknown``."""
    platform, release, version, machine = _system()
    return ClientDescription(
        version=__version__,
        build=f"{platform}-{machine}",
        os_platform=platform,
        os_name=release,
        os_version=version,
        device_manufacturer=_dmi("sys_vendor", "Apple" if platform == "Darwin" else ""),
        device_model=_dmi("product_name", machine),
        device_version=_dmi("product_version", ""),
        audio_source="Microphones" if live else "File",
    )


def _system() -> tuple[str, str, str, str]:
    if hasattr(os, "uname"):
        system = os.uname()
        return system.sysname, system.sysname, system.release, system.machine
    import platform

    return sys.platform, platform.system(), platform.version(), platform.machine()


def _dmi(name: str, otherwise: str) -> str:
    try:
        value = (_DMI / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        value = ""
    return value or otherwise or _UNKNOWN
