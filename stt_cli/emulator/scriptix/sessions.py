"""The sessions of the emulated Scriptix: kept, worked on, announced."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.decoding import pcm_of, seconds_of
from stt_cli.emulator.hearing import BYTES_A_SECOND, Ear, Heard
from stt_cli.emulator.webhook_caller import call_webhook
from stt_cli.protocols.scriptix.webhooks import SESSION_HEADER

_NUMBERS = itertools.count(10_001)
UNDECODABLE = "Audio format could not be decoded. Please check the file integrity."
TOO_SHORT = "Audio file is too short"
_SHORTEST = 1.0  # seconds


@dataclass(slots=True)
class Session:
    """One session and how it comes along."""

    fields: dict[str, Any]
    id: int = field(default_factory=lambda: next(_NUMBERS))
    session_id: str = field(default_factory=lambda: uuid4().hex[:26])
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    filename: str | None = None
    media_type: str | None = None
    began: float | None = None
    takes: float = 0.0
    duration: float = 0.0
    error: str | None = None
    heard: list[Heard] | None = None
    document_id: int | None = None

    @property
    def status(self) -> str:
        """Where it stands by now."""
        if self.began is None:
            return "new"
        passed = time.monotonic() - self.began
        if passed < self.takes / 3:
            return "queued"
        if passed < self.takes or (self.heard is None and self.error is None):
            return "processing"
        return "failed" if self.error else "completed"

    def to_dict(self) -> dict[str, Any]:
        """Return the session object."""
        status = self.status
        if status == "failed":  # the page's own example has these keys only
            return {
                "id": self.id,
                "session_id": self.session_id,
                "status": status,
                "error": self.error,
                "filename": self.filename,
            }
        done = status == "completed"
        known: dict[str, Any] = {
            "id": self.id,
            "session_id": self.session_id,
            "status": status,
            "filename": self.filename,
            "duration": self.duration if done else 0,
            "language": self.fields.get("language"),
            "media_type": self.media_type,
            "media_url": None,
            "error": None,
            "created_at": _iso(self.created),
            "session_mode": self.fields.get("session_mode", "decode"),
            "custom_model_id": None,
        }
        if status in ("processing", "completed"):
            known["started_at"] = _iso(self.created)
        if done:
            ends = self.created + timedelta(seconds=self.takes)
            known["finished_at"] = _iso(ends)
            known["document"] = {
                "id": self.document_id,
                "name": self.filename,
                "type": "transcript",
            }
        return known

    def captions(self) -> list[dict[str, Any]]:
        """Return the document's segments, in milliseconds."""
        heard = self.heard or []
        step = self.duration / max(len(heard), 1) * 1000
        speakers = self.fields.get("diarization") is True
        return [
            {
                "start": round(i * step),
                "stop": round((i + 1) * step),
                "speaker": f"M{i % 2 + 1}" if speakers else "unk",
                "text": phrase.text,
            }
            for i, phrase in enumerate(heard)
        ]

    def raw_results(self) -> list[dict[str, Any]]:
        """Return the segments with their words, in seconds."""
        heard = self.heard or []
        step = self.duration / max(len(heard), 1)
        return [
            {
                "result": [
                    [word.text, word.start, word.end, 0.95]
                    for word in phrase.timed(i * step, (i + 1) * step)
                ],
                "speaker": "unk",
                "text": phrase.text,
                "sconf": 0.85,
                "channel": 0,
            }
            for i, phrase in enumerate(heard)
        ]


@dataclass
class Store:
    """Everything of one emulator; ``grants`` are addresses given out once."""

    sessions: dict[str, Session] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Resumable] = field(default_factory=dict)

    def add(self, fields: dict[str, Any]) -> Session:
        """Make a session."""
        session = Session(fields)
        self.sessions[session.session_id] = session
        return session

    def grant(self, session_id: str) -> str:
        """Return a key that stands for a session in an address without a token."""
        key = uuid4().hex
        self.grants[key] = session_id
        return key


@dataclass(slots=True)
class Resumable:
    """A resumable upload under way."""

    length: int
    metadata: dict[str, str]
    data: bytearray = field(default_factory=bytearray)
    session_id: str | None = None


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


class Worker:
    """Does the sessions of one emulator, each as a task."""

    def __init__(self, config: EmulatorConfig, store: Store, ear: Ear) -> None:
        self._config = config
        self._store = store
        self._ear = ear
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, session: Session, data: bytes | None) -> None:
        """Start a session; ``data`` is ``None`` where the service fetches it."""
        session.began, session.takes = time.monotonic(), self._config.delay
        session.document_id = session.id + 50_000
        given = self._ear.given()
        if self._config.faults.take("fail-job") is not None:
            session.error = UNDECODABLE
        task = asyncio.create_task(self._work(session, data, given))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(
        self, session: Session, data: bytes | None, given: list[Heard] | None
    ) -> None:
        if session.error is None and data is not None:
            await asyncio.to_thread(self._hear, session, data, given)
        elif session.error is None:
            session.heard = given or []
            session.duration = 60.0
        await self._notify(session)

    def _hear(self, session: Session, data: bytes, given: list[Heard] | None) -> None:
        seconds = seconds_of(data)
        if seconds is None:
            session.error = UNDECODABLE
            return
        if seconds < _SHORTEST:
            session.error = TOO_SHORT
            return
        if given is None:
            pcm = pcm_of(data) or b""
            given = self._ear.hear(pcm)
            seconds = len(pcm) / BYTES_A_SECOND
        session.heard, session.duration = given, seconds

    async def _notify(self, session: Session) -> None:
        """Notify of the end, be it success or failure."""
        url = session.fields.get("webhook_url")
        await asyncio.sleep(self._config.delay)
        while session.status not in ("completed", "failed"):
            await asyncio.sleep(0.02)
        if not url:
            return
        wanted = session.fields.get("webhook_headers") or []
        pairs = (line.partition(":") for line in wanted if isinstance(line, str))
        headers = {name.strip(): value.strip() for name, _, value in pairs}
        headers |= {
            SESSION_HEADER: session.session_id,
            "X-Zoom-Session": session.session_id,
        }
        known = session.to_dict()
        body = {
            "session_id": session.session_id,
            "status": session.status,
            "document": known.get("document"),
            "error": known.get("error"),
        }
        self._config.journal.add("notified", body=body)
        await call_webhook(
            url,
            json.dumps(body).encode(),
            headers,
            session.fields.get("webhook_method", "POST"),
        )
