"""The emulated Watson over WebSocket: many recognitions over one connection."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.network_faults import ABORT
from stt_cli.emulator.watson.access import Access, refuse, support_headers
from stt_cli.emulator.watson.recognition import (
    Listened,
    Refused,
    check_type,
    interim_result,
    listen,
    results_of,
)
from stt_cli.emulator.watson.rest import MODEL_NAMES
from stt_cli.protocols.watson.parameters import Place, check_json
from stt_cli.protocols.watson.realtime import (
    SEE_MESSAGE,
    Audio,
    Ignored,
    Refusal,
    Start,
    Stop,
    read_client_message,
)
from stt_cli.protocols.watson.requests import LARGEST_AUDIO

_IDLE_SECONDS = 30.0
_LISTENING = json.dumps({"state": "listening"})


class WatsonStream:
    """Serves every connection of one emulator."""

    def __init__(self, config: EmulatorConfig, access: Access, ear: Ear) -> None:
        self._config = config
        self._access = access
        self._ear = ear

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection from handshake to close."""
        status = self._config.faults.take_status()
        refusal = refuse(status) if status else self._access.refusal(socket)
        model = socket.query_params.get("model")
        if refusal is None and model is not None and model not in MODEL_NAMES:
            refusal = refuse(404, f"Model {model} not found")
        if refusal is not None:
            await socket.send_denial_response(refusal)
            return
        headers = support_headers()
        self._config.journal.add("socket", query=socket.url.query, **headers)
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await socket.accept(headers=raw)
        try:
            await _Connection(socket, self._config, self._ear).run()
        except Refused as refused:
            await socket.send_text(json.dumps({"error": refused.words}))
            await socket.close(1011, SEE_MESSAGE)
        except (WebSocketDisconnect, _Cut):
            pass


class _Cut(Exception):  # noqa: N818 - what happened
    """The connection was cut by a fault, or closed by us."""


class _Connection:
    def __init__(self, socket: WebSocket, config: EmulatorConfig, ear: Ear) -> None:
        self._socket = socket
        self._config = config
        self._ear = ear
        self._start = Start(None, {})
        self._audio = bytearray()

    async def run(self) -> None:
        while True:
            message = read_client_message(await self._next())
            if isinstance(message, Refusal):
                await self._refuse(message)
            elif isinstance(message, Start):
                await self._begin(message)
            elif isinstance(message, Audio):
                await self._take(message.data)
            elif isinstance(message, Stop):
                await self._finish()
            else:
                assert isinstance(message, Ignored)

    async def _next(self) -> str | bytes:
        idle = self._config.faults.value("idle-timeout") or _IDLE_SECONDS
        try:
            message: Any = await asyncio.wait_for(self._socket.receive(), idle)
        except TimeoutError:
            words = "Session timed out, no data received in the last 30 seconds."
            raise Refused(408, words) from None
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        data = message.get("bytes")
        return data if data is not None else message.get("text") or ""

    async def _begin(self, start: Start) -> None:
        check_type(start.content_type)
        try:
            check_json(start.values, Place.SOCKET_START)
        except ValueError as wrong:
            raise Refused(400, f"invalid start message: {wrong}") from None
        self._config.journal.add("start", content_type=start.content_type,
                                 values=dict(start.values))  # fmt: skip
        self._start = start
        if start.unknown:
            named = ", ".join(start.unknown)
            await self._send({"warnings": [f"Unknown arguments: {named}."]})
        if self._config.faults.value("silent") is None:
            await self._socket.send_text(_LISTENING)

    async def _take(self, data: bytes) -> None:
        faults = self._config.faults
        self._audio += data
        self._config.journal.add("audio", size=len(data))
        if len(self._audio) > LARGEST_AUDIO:
            words = f"Session closed. Reason: Payload exceeds the {LARGEST_AUDIO}"
            raise Refused(413, f"{words} bytes limit.")
        code = faults.take("close")
        if code is not None:
            await self._socket.close(int(code))
            raise _Cut
        limit = faults.value("drop-after")
        if limit is not None and len(self._audio) > limit:
            faults.take("drop-after")
            self._socket.scope["extensions"][ABORT]()
            raise _Cut
        if faults.take("garbage") is not None:
            await self._socket.send_text("\x00 no JSON")

    async def _finish(self) -> None:
        data, self._audio = bytes(self._audio), bytearray()
        kind = self._start.content_type
        listened = await asyncio.to_thread(listen, self._ear, data, kind)
        self._check_inactivity(listened)
        await asyncio.sleep(self._config.delay)
        if self._start.values.get("interim_results"):
            await self._send_one_by_one(listened)
        else:
            await self._send(self._results(listened))
        if self._config.faults.take("no-turn-end") is not None:
            await self._socket.close(1011)
            raise _Cut
        await self._socket.send_text(_LISTENING)

    def _check_inactivity(self, listened: Listened) -> None:
        limit = self._start.values.get("inactivity_timeout", 30)
        if not listened.phrases and 0 <= limit <= listened.seconds:
            raise Refused(400, f"No speech detected for {limit}s.")

    async def _send_one_by_one(self, listened: Listened) -> None:
        body = self._results(listened)
        hushed = self._config.faults.value("no-hypotheses") is not None
        for at, phrase in enumerate(listened.phrases):
            count = len(phrase.lexical.split())
            for said in range(1, 1 if hushed else count + 1, 2):
                hypothesis = interim_result(phrase, said, self._start.values)
                await self._send({"result_index": at, "results": [hypothesis]})
            await self._send({"result_index": at, "results": [body["results"][at]]})
        for name in ("speaker_labels", "enriched_results"):
            if name in body:
                await self._send({name: body[name]})

    def _results(self, listened: Listened) -> dict[str, Any]:
        return results_of(listened.phrases, listened.seconds, self._start.values)

    async def _refuse(self, refusal: Refusal) -> None:
        if refusal.close_code == 1011:
            raise Refused(400, refusal.words)
        await self._socket.close(refusal.close_code)
        raise _Cut

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps(message))
