"""The emulated Soniox over WebSocket: real-time recognition."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.decoding import pcm_of
from stt_cli.emulator.hearing import BYTES_A_SECOND, Ear, Heard
from stt_cli.emulator.network_faults import ABORT
from stt_cli.emulator.soniox.jobs import Store
from stt_cli.emulator.soniox.tokens import TokenStyle, tokens_of
from stt_cli.protocols.json_fields import Fields, mapping
from stt_cli.protocols.soniox.realtime_server import (
    IDLE_SECONDS,
    Refused,
    ServerSession,
    error_frame,
    mark,
    response,
    token,
)

_TENTATIVE_EVERY = 0.3  # seconds of audio between two partial answers


class SonioxStream:
    """Serves every stream of one emulator."""

    def __init__(self, config: EmulatorConfig, store: Store, ear: Ear) -> None:
        self._config = config
        self._store = store
        self._ear = ear

    async def serve(self, socket: WebSocket) -> None:
        """Serve one stream from handshake to close."""
        status = self._config.faults.take_status()
        if status is not None:
            await socket.send_denial_response(_plain(status))
            return
        await socket.accept()
        stream = _Stream(socket, self._config, self._ear)
        try:
            await stream.run(self._refusal_of_key(socket))
            self._store.usage.add(stream.model, stream.seconds)
        except Refused as refused:
            await socket.send_text(error_frame(refused, str(uuid4())))
            await socket.close()
        except (WebSocketDisconnect, _Cut):
            pass

    def _refusal_of_key(self, socket: WebSocket) -> bool:
        """Whether the key is wrong; that is told after the first message only."""
        wanted = self._config.key
        given = socket.headers.get("Authorization", "").removeprefix("Bearer ")
        if given in self._store.temporary_keys:
            return False
        return wanted is not None and given != wanted.reveal()


class _Cut(Exception):  # noqa: N818 - what happened
    """The connection was cut by a fault."""


class _Stream:
    def __init__(self, socket: WebSocket, config: EmulatorConfig, ear: Ear) -> None:
        self._socket = socket
        self._config = config
        self._ear = ear
        given = "Authorization" in socket.headers
        self._session = ServerSession(key_in_header=given, strict=config.strict)
        self._heard: list[Heard] | None = None
        self._done = 0  # phrases told as final
        self._told_at = 0.0
        self._final_ms = 0.0

    async def run(self, wrong_key: bool) -> None:
        while True:
            message = await self._next_message()
            data, words = message.get("bytes"), message.get("text")
            if data is not None:
                await self._take_audio(data)
                continue
            kind = self._session.take_text(words or "")
            self._config.journal.add(kind, text=words)
            if kind == "config":
                self._check_key(wrong_key)
                if self._config.faults.value("older-models") and self.model.endswith(
                    "6"
                ):
                    raise Refused(
                        400, "model_not_available", "Invalid model specified."
                    )
                self._heard = self._ear.given()
            elif kind == "finalize":
                await self._finalize()
            elif kind == "end":
                await self._end()
                return

    async def _next_message(self) -> Any:
        idle = self._config.faults.value("idle-timeout") or IDLE_SECONDS
        try:
            message = await asyncio.wait_for(self._socket.receive(), idle)
        except TimeoutError:
            self._config.journal.add("idle")
            raise Refused(
                408, "request_timeout", "Audio or keepalive was not received in time."
            ) from None
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        return message

    def _check_key(self, wrong_key: bool) -> None:
        config = self._session.config or {}
        wanted = self._config.key
        if "api_key" in config:  # the older way
            wrong_key = wanted is not None and config["api_key"] != wanted.reveal()
        if wrong_key:
            raise Refused(401, "unauthenticated", "Incorrect API key provided.")

    async def _take_audio(self, data: bytes) -> None:
        session, faults = self._session, self._config.faults
        session.take_audio(data)
        self._config.journal.add("audio", size=len(data))
        code = faults.take("close")
        if code is not None:
            await self._socket.close(int(code))
            raise _Cut
        limit = faults.value("drop-after")
        if limit is not None and len(session.audio) > limit:
            faults.take("drop-after")
            self._socket.scope["extensions"][ABORT]()
            raise _Cut
        if faults.take("garbage") is not None:
            await self._socket.send_text("\x00 no JSON")
        await self._tell_tentative()

    async def _tell_tentative(self) -> None:
        if self._heard is None or self.seconds - self._told_at < _TENTATIVE_EVERY:
            return
        self._told_at = self.seconds
        if self._config.faults.value("no-hypotheses") is not None:
            return
        # As if the phrase under way were spoken at three words a second.
        phrase = self._heard[self._done : self._done + 1]
        words = phrase[0].text.split() if phrase else []
        said = max(1, int(3 * (self.seconds - self._final_ms / 1000)))
        text_ = " ".join(words[:said])
        if text_:
            await self._send([token(text_, final=False)])

    async def _finalize(self) -> None:
        tokens = await self._final_tokens(self._heard_now())
        await self._send([*tokens, mark("finalize")])

    async def _end(self) -> None:
        if not self._session.audio:
            raise Refused(400, "invalid_request", "No audio received.")
        faults = self._config.faults
        await asyncio.sleep(self._config.delay)
        if faults.value("silent") is not None:
            await asyncio.Event().wait()
        heard = await self._all_heard()
        phrases = heard[self._done :]
        for number, phrase in enumerate(phrases):
            left = len(phrases) - number
            tokens = await self._final_tokens([phrase], share=1 / left)
            marks = [mark("endpoint")] if self._session.wants_endpoints else []
            await self._send([*tokens, *marks])
        if faults.take("no-turn-end") is not None:
            await self._socket.close()
            return
        last = response([], self.seconds * 1000, self.seconds * 1000, finished=True)
        cut = faults.take("truncated") is not None
        await self._socket.send_text(last[: len(last) // 2] if cut else last)
        await self._socket.close()

    def _heard_now(self) -> list[Heard]:
        """The phrase under way, where the transcript was given."""
        return (self._heard or [])[self._done : self._done + 1]

    async def _all_heard(self) -> list[Heard]:
        if self._heard is not None:
            return self._heard
        pcm = await asyncio.to_thread(_decoded, self._session)
        return await asyncio.to_thread(self._ear.hear, pcm)

    async def _final_tokens(
        self, heard: list[Heard], share: float = 1.0
    ) -> list[dict[str, Any]]:
        if not heard:
            return []
        start = self._final_ms / 1000
        end = start + (self.seconds - start) * share
        self._done += len(heard)
        self._final_ms = end * 1000
        tokens = tokens_of(heard, start, end, _style(self._session.config or {}))
        if self._done > len(heard) and tokens:
            tokens[0]["text"] = " " + tokens[0]["text"]
        return [{**one, "is_final": True} for one in tokens]

    async def _send(self, tokens: list[dict[str, Any]]) -> None:
        message = response(tokens, self._final_ms, self.seconds * 1000)
        await self._socket.send_text(message)

    @property
    def model(self) -> str:
        """The model that the client named."""
        return str((self._session.config or {}).get("model"))

    @property
    def seconds(self) -> float:
        """How much audio has come."""
        rate = self._session.bytes_a_second or BYTES_A_SECOND
        return len(self._session.audio) / rate


def _decoded(session: ServerSession) -> bytes:
    from stt_cli.emulator.decoding import resampled

    data = bytes(session.audio)
    if session.audio_format == "pcm_s16le":
        return resampled(data, session.config or {})
    pcm = pcm_of(data)
    if pcm is None:
        raise Refused(400, "invalid_request", "Audio decode error.")
    return pcm


def _style(config: Fields) -> TokenStyle:
    hints: Any = config.get("language_hints") or ["en"]
    return TokenStyle(
        speakers=config.get("enable_speaker_diarization") is True,
        languages=config.get("enable_language_identification") is True,
        language=hints[0],
        translation=mapping(config, "translation"),
    )


def _plain(status: int) -> Any:
    from starlette.responses import Response

    return Response(status_code=status)
