"""Notifications of a service, as the receiver and its readers speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from stt_cli.core.http_message import Headers
from stt_cli.core.timestamps import iso_utc


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One request that arrived; ``target`` is path and query as they came."""

    method: str
    target: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header's first value, whatever its case."""
        wanted = name.lower()
        return next((v for n, v in self.headers if n.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What to answer, and what the call means.

    ``job_ids`` are the jobs it tells of: a hint to look at them, never a result,
    since a body proves nothing about the job. ``refused`` says why a call was
    not believed; ``key`` is the same for a call that is delivered twice.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain"
    job_ids: tuple[str, ...] = ()
    refused: str | None = None
    key: str | None = None


class WebhookReader(Protocol):
    """Reads one service's calls: answers its challenge, checks its signature."""

    def __call__(self, call: WebhookCall) -> WebhookReply:
        """Return the reply to a call. Never raises, whatever arrived."""


@dataclass(frozen=True, slots=True)
class RegisteredWebhook:
    """A web hook that a service knows."""

    id: str
    url: str
    name: str | None = None
    events: tuple[str, ...] = ()
    state: str | None = None
    created: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the web hook as JSON shows it."""
        return {
            "id": self.id,
            "url": self.url,
            "name": self.name,
            "events": list(self.events),
            "state": self.state,
            "created": iso_utc(self.created),
        }
