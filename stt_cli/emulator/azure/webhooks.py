"""Web hooks of the emulated service: it really calls, with challenge and signature."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.responses import Response

from stt_cli.core.address import with_query
from stt_cli.core.secret import Secret
from stt_cli.emulator.azure.api import ApiCall, answer, api_error
from stt_cli.emulator.azure.state import AzureState
from stt_cli.protocols.azure_rest.webhook import (
    EVENT_HEADER,
    EVENTS,
    SIGNATURE_HEADER,
    VALIDATION_TOKEN,
    sign,
)

_TIMEOUT_SECONDS = 5.0


@dataclass
class _Hook:
    url: str
    events: dict[str, bool]
    secret: Secret | None
    name: str
    id: str = field(default_factory=lambda: str(uuid4()))
    state: str = "NotStarted"

    def described(self, call: ApiCall) -> dict[str, Any]:
        own = f"{call.root}/webhooks/{self.id}"
        return {
            "self": own + call.suffix,
            # The service's own examples have these two the wrong way round.
            "links": {"ping": f"{own}:test", "test": f"{own}:ping"},
            "displayName": self.name,
            "webUrl": self.url,
            "events": self.events,
            "status": self.state,
            "createdDateTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


class Webhooks:
    """The web hooks of one emulator."""

    def __init__(self, state: AzureState) -> None:
        self._state = state
        self._hooks: dict[str, _Hook] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._lock = threading.Lock()

    async def create(self, call: ApiCall) -> Response:
        """Register a web hook, and challenge it."""
        try:
            body = await call.request.json()
            events = dict(body["events"])
            url, secret = body["webUrl"], body.get("properties", {}).get("secret")
        except (ValueError, KeyError, TypeError, AttributeError):
            return api_error(400, "InvalidRequest", "InvalidPayload", "webUrl, events")
        if any(event not in EVENTS for event in events) or not events:
            inner = "InvalidWebHookEventKind"
            return api_error(400, "InvalidRequest", inner, "An event is not known.")
        if not urlsplit(str(url)).hostname:
            return api_error(400, "InvalidRequest", "InvalidPayload", "webUrl")
        name = str(body.get("displayName") or "")
        hook = _Hook(str(url), events, Secret(secret) if secret else None, name)
        with self._lock:
            self._hooks[hook.id] = hook
        self._later(self._challenge(hook))
        return answer(hook.described(call), 201)

    async def list_hooks(self, call: ApiCall) -> Response:
        """List the web hooks."""
        with self._lock:
            hooks = list(self._hooks.values())
        return call.page([hook.described(call) for hook in hooks], "/webhooks")

    async def get(self, call: ApiCall) -> Response:
        """Return one web hook."""
        hook = self._hooks.get(call.request.path_params["id"])
        if hook is None:
            return api_error(404, "NotFound", "NotFound", "Unknown webhook.")
        return answer(hook.described(call))

    async def call(self, call: ApiCall) -> Response:
        """Ping a web hook, or test it with every event it is for."""
        hook = self._hooks.get(call.request.path_params["id"])
        action = call.request.path_params["action"]
        if hook is None or action not in ("ping", "test"):
            return api_error(404, "NotFound", "NotFound", "Unknown webhook.")
        events = ["ping"] if action == "ping" else list(hook.events)
        for event in events:
            if event != "challenge":
                self._later(self._post(hook, event, str(uuid4()), call))
        return Response(status_code=204 if action == "ping" else 202)

    async def delete(self, call: ApiCall) -> Response:
        """Forget a web hook."""
        with self._lock:
            self._hooks.pop(call.request.path_params["id"], None)
        return Response(status_code=204)

    def announce(self, event: str, job_id: str, call: ApiCall, *, after: float) -> None:
        """Call every web hook that is for this event, after so many seconds."""
        with self._lock:
            hooks = [h for h in self._hooks.values() if h.events.get(event)]
        for hook in hooks:
            self._later(self._post(hook, event, job_id, call, after))

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _challenge(self, hook: _Hook) -> None:
        token = uuid4().hex
        url = with_query(hook.url, [(VALIDATION_TOKEN, token)])
        status, body = await self._send(hook, url, "Challenge", b"", token.encode())
        good = status == 200 and body.strip() == token.encode()
        hook.state = "Succeeded" if good else "Failed"
        self._state.config.journal.add("challenge", id=hook.id, good=good)

    async def _post(
        self, hook: _Hook, event: str, job_id: str, call: ApiCall, after: float = 0.0
    ) -> None:
        await asyncio.sleep(after)
        if hook.state == "Failed":
            return  # events start only after the challenge was answered
        own = f"{call.root}/transcriptions/{job_id}{call.suffix}"
        body = json.dumps({"self": own, "invocationId": str(uuid4())}).encode()
        named = event[0].upper() + event[1:]
        status, _ = await self._send(hook, hook.url, named, body, body)
        self._state.config.journal.add("notified", event=named, status=status)

    async def _send(
        self, hook: _Hook, url: str, event: str, body: bytes, message: bytes
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", EVENT_HEADER: event}
        if hook.secret:
            headers[SIGNATURE_HEADER] = sign(hook.secret, message)
        request = urllib.request.Request(url, body, headers, method="POST")

        def post() -> tuple[int, bytes]:
            try:
                with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as taken:
                    return taken.status, taken.read()
            except urllib.error.HTTPError as refused:
                with refused:
                    return refused.code, b""
            except OSError:
                return 0, b""

        return await asyncio.to_thread(post)
