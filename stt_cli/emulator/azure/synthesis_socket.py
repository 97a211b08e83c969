"""Synthesis over the WebSocket, as Microsoft's SDKs ask for it.

The client sends ``speech.config``, ``synthesis.context`` and ``ssml``; the service
answers ``turn.start``, ``response``, ``audio`` in binary messages, with
``audio.metadata`` between them, and ``turn.end`` (observed from the Python SDK
1.53 and the JavaScript SDK 1.52).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from stt_cli.core.errors import UsageError
from stt_cli.emulator.azure.state import AzureState
from stt_cli.emulator.azure.synthesis import (
    CannotEncodeError,
    encoded,
    in_blocks,
    spoken_pcm,
)
from stt_cli.protocols import ssml
from stt_cli.protocols.azure_tts.formats import AZURE_FORMATS, describe_format
from stt_cli.protocols.usp.framing import (
    INVALID_PAYLOAD,
    PROTOCOL_ERROR,
    FramingError,
    Message,
    build_binary,
    parse,
)
from stt_cli.protocols.usp.server_session import service_message

_MOST_SSML_BYTES = 65_536
_TICKS_A_SECOND = 10_000_000
_PATHS = (
    "/cognitiveservices/websocket/v1",
    "/tts/cognitiveservices/websocket/v1",
)


def synthesis_socket_routes(state: AzureState) -> list[BaseRoute]:
    """Return the sockets' routes."""

    async def endpoint(websocket: WebSocket) -> None:
        await _Conversation(state, websocket).run()

    return [WebSocketRoute(path, endpoint) for path in _PATHS]


@dataclass(frozen=True, slots=True)
class _Wanted:
    audio_format: str
    word_boundaries: bool


class _Conversation:
    """One connection; a turn for each SSML document."""

    def __init__(self, state: AzureState, websocket: WebSocket) -> None:
        self._state = state
        self._socket = websocket
        self._journal = state.config.journal
        headers = {k.lower(): v for k, v in websocket.headers.items()}
        query = dict(websocket.query_params)
        self._headers, self._query = headers, query
        given = headers.get("x-connectionid") or query.get("X-ConnectionId", "")
        self._session_id = given.replace("-", "").lower()
        self._configured = False
        self._wanted: dict[str, _Wanted] = {}

    async def run(self) -> None:
        """Answer the handshake, then every turn."""
        status = self._state.refusal(self._headers, self._query)
        self._journal.add(
            "tts-connect",
            session=self._session_id,
            path=self._socket.url.path,
            headers=self._headers,
            query=self._query,
            status=status,
        )
        if status is not None:
            await self._socket.send_denial_response(Response(status_code=status))
            return
        await self._socket.accept()
        self._state.config.log(f"session id: {self._session_id}")
        try:
            while True:
                message = await self._socket.receive()
                if message["type"] != "websocket.receive":
                    break
                data = message.get("text")
                await self._take(parse(data if data is not None else message["bytes"]))
        except FramingError as fault:
            await self._socket.close(fault.close_code, fault.reason[:120])
        except (WebSocketDisconnect, RuntimeError):
            pass  # the client went away in the middle of an answer

    async def _take(self, message: Message) -> None:
        self._journal.add("tts-message", path=message.path, body=message.body)
        if message.path == "speech.config":
            message.json()
            self._configured = True
            return
        request_id = message.request_id
        if len(request_id) != 32:
            raise FramingError(PROTOCOL_ERROR, "Missing/Empty header. X-RequestId.")
        if not self._configured:
            raise FramingError(PROTOCOL_ERROR, "speech.config must come first")
        if message.path == "synthesis.context":
            self._wanted[request_id] = _wanted(message.json())
        elif message.path == "ssml":
            await self._speak(request_id, message)

    async def _speak(self, request_id: str, message: Message) -> None:
        wanted = self._wanted.pop(request_id, None)
        if wanted is None:
            raise FramingError(PROTOCOL_ERROR, "synthesis.context must come first")
        if len(message.body) > _MOST_SSML_BYTES:
            raise FramingError(INVALID_PAYLOAD, "SSML is too large")
        try:
            document = ssml.check(ssml.decode(message.body))
        except UsageError as fault:
            raise FramingError(INVALID_PAYLOAD, f"SSML: {fault.message}") from fault
        pcm, rate = await asyncio.to_thread(spoken_pcm, document)
        try:
            audio = await asyncio.to_thread(encoded, pcm, rate, wanted.audio_format)
        except CannotEncodeError as fault:
            raise FramingError(
                INVALID_PAYLOAD, f"This emulator cannot generate {fault}"
            ) from fault
        self._journal.add(
            "tts", session_id=self._session_id, document=document, path="websocket"
        )
        await self._answer(request_id, wanted, document, audio, len(pcm) / 2 / rate)

    async def _answer(
        self,
        request_id: str,
        wanted: _Wanted,
        document: ssml.Document,
        audio: bytes,
        seconds: float,
    ) -> None:
        stream_id = uuid4().hex.upper()
        start = {"context": {"serviceTag": uuid4().hex}}
        reply = {**start, "audio": {"type": "inline", "streamId": stream_id}}
        await self._say("turn.start", request_id, start)
        await self._say("response", request_id, reply)
        if wanted.word_boundaries:
            await self._say("audio.metadata", request_id, _words(document, seconds))
        kind = describe_format(wanted.audio_format).content_type
        headers = (
            ("X-RequestId", request_id),
            ("Content-Type", kind),
            ("X-StreamId", stream_id),
            ("Path", "audio"),
        )
        for block in in_blocks(audio):
            await self._socket.send_bytes(build_binary(headers, block))
        end = (("X-RequestId", request_id), ("X-StreamId", stream_id), headers[3])
        await self._socket.send_bytes(build_binary(end, b""))
        await self._say("audio.metadata", request_id, _session_end(seconds))
        await self._say("turn.end", request_id, {})

    async def _say(self, path: str, request_id: str, body: dict[str, Any]) -> None:
        await self._socket.send_text(
            service_message(path, request_id, json.dumps(body))
        )


def _wanted(body: Any) -> _Wanted:
    synthesis = body.get("synthesis") if isinstance(body, dict) else None
    audio = synthesis.get("audio") if isinstance(synthesis, dict) else None
    if not isinstance(audio, dict):
        raise FramingError(INVALID_PAYLOAD, "synthesis.context has no audio")
    audio_format = audio.get("outputFormat") or "riff-16khz-16bit-mono-pcm"
    if audio_format not in AZURE_FORMATS:
        raise FramingError(INVALID_PAYLOAD, "Unsupported output format")
    options = audio.get("metadataOptions") or {}
    return _Wanted(
        audio_format, str(options.get("wordBoundaryEnabled")).lower() == "true"
    )


def _words(document: ssml.Document, seconds: float) -> dict[str, Any]:
    """Return a boundary for each word, in even steps: the engine tells no times."""
    words = document.spoken.split()
    step = int(seconds * _TICKS_A_SECOND / max(1, len(words)))
    return {
        "Metadata": [
            {
                "Type": "WordBoundary",
                "Data": {
                    "Offset": at * step,
                    "Duration": step,
                    "text": {
                        "Text": word,
                        "Length": len(word),
                        "BoundaryType": "WordBoundary",
                    },
                },
            }
            for at, word in enumerate(words)
        ]
    }


def _session_end(seconds: float) -> dict[str, Any]:
    offset = int(seconds * _TICKS_A_SECOND)
    return {"Metadata": [{"Type": "SessionEnd", "Data": {"Offset": offset}}]}
