"""What a run tells the service of its turns: telemetry, now or on a later connection.

A turn's report goes out when the turn is over. Where its connection is over too,
it waits for the next one to the same host, of this run or of another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from stt_cli.core.environment import Environment
from stt_cli.protocols.usp.client_turn import ClientTurn
from stt_cli.protocols.usp.telemetry import Metric, telemetry_body
from stt_cli.providers.audio_feed import Sent
from stt_cli.providers.azure.kept_telemetry import KeptMessage, KeptTelemetry
from stt_cli.providers.azure.link import Link

Say = Callable[[str, str | None, object], None]
"""Sends a message: its path, its request ID, its JSON body."""


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
        self, link: Link, turn: ClientTurn, sent: Sent, fault: BaseException | None
    ) -> KeptMessage:
        """Return the report of a turn that is over; ``fault`` is the audio's."""
        return KeptMessage(turn.request_id, self._body(link, turn, sent, fault))

    def put_off(self, report: KeptMessage) -> None:
        """Let a report wait for the next connection."""
        self._unsent.append(report)

    def close(self) -> None:
        """Keep what still waits for another run."""
        if self._unsent:
            self._kept.add(self._unsent)
            self._unsent = []

    def _body(
        self, link: Link, turn: ClientTurn, sent: Sent, fault: BaseException | None
    ) -> dict[str, Any]:
        trigger, self._listening = self._listening, None
        listening = [trigger] if trigger is not None else []
        microphone = self._microphone(turn, sent, fault)
        metrics = [*link.attempts, *listening, microphone]
        return telemetry_body(turn.receipts, metrics)

    def _microphone(
        self, turn: ClientTurn, sent: Sent, fault: BaseException | None
    ) -> Metric:
        now = self._now()
        ended = sent.last or now
        if turn.end_detected_at is not None:
            ended = max(ended, turn.end_detected_at)
        error = type(fault).__name__ if fault is not None else None
        return Metric("Microphone", sent.first or now, ended, error)
