"""How the emulated Scriptix transcribes, and whom it notifies."""

from __future__ import annotations

import asyncio
import json
import time

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.scriptix_store import TOO_SHORT, UNDECODABLE, Session, Store
from stt_cli.emulator.sound import pcm_of, seconds_of
from stt_cli.emulator.transcribe import BYTES_A_SECOND, Ear, Heard
from stt_cli.emulator.webhook_caller import call_webhook
from stt_cli.protocols.scriptix.webhooks import SESSION_HEADER

_SHORTEST = 1.0  # seconds


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
        await self._tell(session)

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

    async def _tell(self, session: Session) -> None:
        """Notify of success; failures send nothing, as documented."""
        url = session.fields.get("webhook_url")
        await asyncio.sleep(self._config.delay)
        while session.status not in ("completed", "failed"):
            await asyncio.sleep(0.02)
        if not url or session.status == "failed":
            return
        wanted = session.fields.get("webhook_headers") or []
        pairs = (line.partition(":") for line in wanted if isinstance(line, str))
        headers = {name.strip(): value.strip() for name, _, value in pairs}
        headers |= {
            SESSION_HEADER: session.session_id,
            "X-Zoom-Session": session.session_id,
        }
        body = {"sessionId": session.session_id, "zoom_id": session.session_id}
        await call_webhook(
            url,
            json.dumps(body).encode(),
            headers,
            session.fields.get("webhook_method", "POST"),
        )
