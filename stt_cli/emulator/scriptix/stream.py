"""The emulated Scriptix over WebSocket: real-time recognition."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import BYTES_A_SECOND, Ear, Heard
from stt_cli.emulator.network_faults import ABORT

_TOKEN_HEADERS = ("x-zoom-s2t-key", "x-api-key", "api-key")
_PARTIAL_EVERY = 0.3  # seconds of audio


class ScriptixStream:
    """Serves every stream of one emulator."""

    def __init__(self, config: EmulatorConfig, ear: Ear) -> None:
        self._config = config
        self._ear = ear

    async def serve(self, socket: WebSocket) -> None:
        """Serve one stream from handshake to close."""
        status = self._config.faults.take_status()
        if status is None and not self._is_authentic(socket):
            status = 401
        if status is not None:
            await socket.send_denial_response(Response(status_code=status))
            return
        await socket.accept()
        with suppress(WebSocketDisconnect):
            await _Stream(socket, self._config, self._ear).run()

    def _is_authentic(self, socket: WebSocket) -> bool:
        wanted = self._config.key
        headers = [socket.headers.get(name) for name in _TOKEN_HEADERS]
        given = [*headers, socket.query_params.get("token")]
        return wanted is None or wanted.reveal() in given


class _Stream:
    def __init__(self, socket: WebSocket, config: EmulatorConfig, ear: Ear) -> None:
        self._socket = socket
        self._config = config
        self._ear = ear
        self._listening = False
        self._audio = bytearray()
        self._told_at = 0.0
        self._given: list[Heard] | None = None

    async def run(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data, words = message.get("bytes"), message.get("text")
            if data is not None:
                if not await self._take_audio(data):
                    return
                continue
            action = _action(words or "")
            self._config.journal.add("action", action=action, text=words)
            if action == "start" and not self._listening:
                await self._listen()
            elif action == "stop" and self._listening:
                await self._stop()
                return
            else:
                await self._fail(f"unknown action {action!r}")
                return

    async def _listen(self) -> None:
        self._given = self._ear.given()
        await self._send(state="loading")
        await asyncio.sleep(self._config.delay)
        self._listening = True
        await self._send(state="listening", session_id=uuid4().hex[:26])

    async def _take_audio(self, data: bytes) -> bool:
        """Take audio; returns whether the stream goes on."""
        faults = self._config.faults
        if not self._listening:
            await self._fail("audio before the session listens")
            return False
        self._audio += data
        self._config.journal.add("audio", size=len(data))
        code = faults.take("close")
        if code is not None:
            await self._socket.close(int(code))
            return False
        limit = faults.value("drop-after")
        if limit is not None and len(self._audio) > limit:
            faults.take("drop-after")
            self._socket.scope["extensions"][ABORT]()
            return False
        if faults.take("garbage") is not None:
            await self._socket.send_text("\x00 no JSON")
        seconds = len(self._audio) / BYTES_A_SECOND
        wanted = faults.value("no-hypotheses") is None
        if wanted and self._given and seconds - self._told_at >= _PARTIAL_EVERY:
            self._told_at = seconds
            words = " ".join(phrase.text for phrase in self._given).split()
            await self._send(partial=" ".join(words[: max(1, int(3 * seconds))]))
        return True

    async def _stop(self) -> None:
        heard = self._given
        if heard is None:
            pcm = bytes(self._audio)
            pcm = pcm[44:] if pcm.startswith(b"RIFF") else pcm
            heard = await asyncio.to_thread(self._ear.hear, pcm)
        step = len(self._audio) / BYTES_A_SECOND / max(len(heard), 1)
        for number, phrase in enumerate(heard):
            await self._final(phrase, number * step, (number + 1) * step)
        if self._config.faults.take("no-turn-end") is None:
            await self._send(state="stopped")
        await self._socket.close()

    async def _final(self, phrase: Heard, start: float, end: float) -> None:
        texts = phrase.text.split()
        step = (end - start) / max(len(texts), 1) * 1000
        words = [
            [
                text,
                round(start * 1000 + i * step),
                round(start * 1000 + (i + 1) * step),
                1.0,
            ]
            for i, text in enumerate(texts)
        ]
        await self._send(result=words, speaker="Speaker 1", text=phrase.text)

    async def _fail(self, message: str) -> None:
        await self._send(error=message)
        await self._socket.close()

    async def _send(self, **fields: Any) -> None:
        await self._socket.send_text(json.dumps(fields, ensure_ascii=False))


def _action(text: str) -> str | None:
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    return fields.get("action") if isinstance(fields, dict) else None
