"""The telemetry message: what was received when, and how the connection went.

One message a turn, after turn.end, under the turn's request ID (2018,
"telemetry"). What could not be sent then goes on the next connection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stt_cli.protocols.usp.framing import is_timestamp, timestamp
from stt_cli.protocols.usp.limits import LONGEST_METRIC_ERROR

# The documented names of a connection's Error (2018, "Connection" metric).
_OF_STATUS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    408: "Timeout",
    500: "ServerError",
    503: "ServerUnavailable",
    504: "Timeout",
}
_OF_STEP = {
    "dns": "DNSfailure",
    "refused": "ConnectionRefused",
    "network": "NoNetwork",
    "timeout": "Timeout",
    "tls": "TlsFailure",
    "proxy": "ProxyFailure",
    "handshake": "BadHandshake",
    "authorization": "NoAuthorization",
}


def status_error(status: int) -> str:
    """Return the Error of a handshake that was answered with an HTTP status."""
    return _OF_STATUS.get(status, f"HttpStatus{status}")


def step_error(kind: str) -> str:
    """Return the Error of a connection that failed at a step (``dns``, …)."""
    return _OF_STEP.get(kind, "ClientError")


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of Metrics: Connection, Microphone or ListeningTrigger."""

    name: str
    start: datetime
    end: datetime
    error: str | None = None
    id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry as the schema has it."""
        entry: dict[str, Any] = {"Name": self.name}
        if self.id:
            entry["Id"] = self.id
        entry["Start"] = timestamp(self.start)
        entry["End"] = timestamp(self.end)
        if self.error:
            entry["Error"] = self.error[:LONGEST_METRIC_ERROR]
        return entry


@dataclass(slots=True)
class Receipts:
    """When each message of a turn was received, by path."""

    _moments: dict[str, list[str]] = field(default_factory=dict)

    def note(self, path: str, now: datetime) -> None:
        """Take down one message."""
        self._moments.setdefault(path, []).append(timestamp(now))

    def to_json(self) -> list[dict[str, Any]]:
        """Return ReceivedMessages: one receipt as a string, several as an array."""
        return [
            {path: moments[0] if len(moments) == 1 else moments}
            for path, moments in self._moments.items()
        ]


def telemetry_body(receipts: Receipts | None, metrics: list[Metric]) -> dict[str, Any]:
    """Return the body; ``receipts`` ``None`` for a connection that failed."""
    body: dict[str, Any] = {}
    if receipts is not None:
        body["ReceivedMessages"] = receipts.to_json()
    body["Metrics"] = [metric.to_json() for metric in metrics]
    return body


def telemetry_fault(body: Any, *, is_of_turn: bool) -> str | None:
    """Return what is wrong with a telemetry message, ``None`` for a good one.

    Args:
        is_of_turn: whether it reports a turn of this connection, which has to tell
            what was received and how long the microphone was on.
    """
    metrics = body.get("Metrics") if isinstance(body, dict) else None
    if not isinstance(metrics, list) or not all(isinstance(m, dict) for m in metrics):
        return "Metrics is not an array of objects"
    for metric in metrics:
        wrong = _metric_fault(metric)
        if wrong is not None:
            return wrong
    received = body.get("ReceivedMessages")
    if received is None:
        return "ReceivedMessages is missing" if is_of_turn else None
    if not isinstance(received, list):
        return "ReceivedMessages is not an array"
    for entry in received:
        if not isinstance(entry, dict) or len(entry) != 1:
            return "an entry of ReceivedMessages has not one path"
        moments = next(iter(entry.values()))
        if not all(
            map(is_timestamp, moments if isinstance(moments, list) else [moments])
        ):
            return "a time of ReceivedMessages is none"
    if is_of_turn and "Microphone" not in {metric["Name"] for metric in metrics}:
        return "the metric Microphone is missing"
    return None


def _metric_fault(metric: dict[str, Any]) -> str | None:
    name = metric.get("Name")
    if not isinstance(name, str) or not name:
        return "a metric has no Name"
    if name == "Connection" and not metric.get("Id"):
        return "the metric Connection has no Id"
    for moment in ("Start", "End"):
        if not is_timestamp(metric.get(moment)):
            return f"the metric {name} has no {moment}"
    error = metric.get("Error", "")
    if not isinstance(error, str) or len(error) > LONGEST_METRIC_ERROR:
        return f"the Error of {name} has more than {LONGEST_METRIC_ERROR} characters"
    return None
