"""The WebSocket of the emulated service: handshake, turns, close codes, faults."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from stt_cli.core.errors import UsageError
from stt_cli.core.guid import session_id_from
from stt_cli.emulator.azure.rules import TRANSLATION_PATH
from stt_cli.emulator.azure.short_audio import wrong_parameter
from stt_cli.emulator.azure.state import AzureState
from stt_cli.emulator.azure.turn import ServiceTurn
from stt_cli.emulator.azure.turn_settings import (
    TurnPath,
    check_context,
    read_settings,
)
from stt_cli.emulator.decoding import decoded_pcm
from stt_cli.emulator.network_faults import ABORT
from stt_cli.protocols.usp.framing import FramingError
from stt_cli.protocols.usp.limits import (
    CONNECTION_SECONDS,
    IDLE_SECONDS,
    ticks_to_seconds,
)
from stt_cli.protocols.usp.server_session import (
    AudioGiven,
    Configured,
    ContextGiven,
    Fact,
    LateAudio,
    Noted,
    OtherGiven,
    ServerSession,
    TelemetryGiven,
    TurnOpened,
)

_MODES = ("interactive", "conversation", "dictation")
_COOKIE = "SpeechServiceToken"
_ANY_LANGUAGE = "en-US"


def realtime_routes(state: AzureState) -> list[BaseRoute]:
    """Return the sockets' routes: the modes' paths, and today's universal ones."""

    async def endpoint(websocket: WebSocket) -> None:
        await _Conversation(state, websocket).run()

    return [WebSocketRoute(path, endpoint) for path in state.rules.realtime_paths]


class _Conversation:
    """One connection, from its handshake to its end."""

    def __init__(self, state: AzureState, websocket: WebSocket) -> None:
        self._state = state
        self._socket = websocket
        self._faults = state.config.faults
        self._journal = state.config.journal
        self._query = dict(websocket.query_params)
        mode = websocket.path_params.get("mode")
        self._path = TurnPath(websocket.url.path, mode)
        self._session = ServerSession(
            must_describe_device=state.rules.describes_device,
            is_strict=state.config.strict,
        )
        self._opened = asyncio.get_running_loop().time()
        self._session_id = ""
        self._turn: ServiceTurn | None = None
        self._encoded: bytearray | None = None
        self._audio_bytes = 0

    async def run(self) -> None:
        """Answer the handshake, then everything that comes."""
        refusal = self._refusal()
        if refusal is not None:
            await self._socket.send_denial_response(refusal)
            return
        set_cookie = f'{_COOKIE}={self._session_id[:16]}; path="/"'
        await self._socket.accept(headers=[(b"set-cookie", set_cookie.encode())])
        self._state.config.log(f"session id: {self._session_id}")
        try:
            while True:
                message = await self._next_message()
                if message["type"] != "websocket.receive":
                    break
                data = message.get("text")
                await self._take(data if data is not None else message["bytes"])
        except FramingError as fault:
            self._journal.add("refused", session=self._session_id, reason=fault.reason)
            await self._socket.close(fault.close_code, fault.reason[:120])
        except (WebSocketDisconnect, RuntimeError, _Gone):
            pass  # the client went away in the middle of an answer
        finally:
            self._journal.add("disconnect", session=self._session_id)

    async def _next_message(self) -> Any:
        """Wait for a message, in strict mode no longer than the service does."""
        if not self._state.config.strict:
            return await self._socket.receive()
        age = asyncio.get_running_loop().time() - self._opened
        idle = self._faults.value("idle-timeout") or IDLE_SECONDS
        patience = min(idle, CONNECTION_SECONDS - age)
        try:
            return await asyncio.wait_for(self._socket.receive(), patience)
        except TimeoutError:
            reason = "idle" if patience == idle else "too old"
            self._journal.add("closed", session=self._session_id, why=reason)
            self._state.config.log(f"strict: the connection is {reason}; closed")
            await self._socket.close(1000)
            raise _Gone from None

    def _refusal(self) -> Response | None:
        """Return what refuses the handshake, ``None`` to go on."""
        headers = {k.lower(): v for k, v in self._socket.headers.items()}
        given = headers.get("x-connectionid") or self._query.get("X-ConnectionId", "")
        path = self._socket.url.path
        status = self._faults.take_status()
        self._journal.add(
            "connect",
            session=given.lower(),
            path=path,
            query=self._query,
            headers=headers,
            status=status,
        )
        if status is not None:
            return Response("a planned fault", status, {"Retry-After": "0"})
        if self._faults.take("redirect") is not None:
            url = str(self._socket.url.include_query_params(redirected="1"))
            return Response(status_code=302, headers={"Location": url})
        try:
            self._session_id = session_id_from(given)
        except UsageError:
            return Response("X-ConnectionId is missing or not a UUID", 400)
        if "-" in given:
            return Response("X-ConnectionId is a UUID with dashes", 400)
        credentials = self._state.refusal(headers, self._query)
        if credentials is not None:
            return Response("the credentials are missing or wrong", credentials)
        mode = self._socket.path_params.get("mode")
        if mode is not None and mode.lower() not in _MODES:
            return Response("unknown recognition mode", 404)
        return self._wrong_query()

    def _wrong_query(self) -> Response | None:
        mode = self._socket.path_params.get("mode", "conversation").lower()
        given = dict(self._query)
        if self._socket.url.path.endswith(TRANSLATION_PATH):
            if not given.get("to") or not given.get("from"):
                missing = "to" if given.get("from") else "from"
                return Response(f"Invalid {missing} parameter", 400)
            given["language"] = given["from"]
        if "language" not in given and not self._state.rules.needs_language:
            given["language"] = _ANY_LANGUAGE  # speech.context may name it
        wrong = wrong_parameter(self._state, mode, given)
        return None if wrong is None else Response(f"Invalid {wrong} parameter", 400)

    async def _take(self, data: str | bytes) -> None:
        for index, fact in enumerate(self._session.receive(data)):
            self._note(fact, {} if index else {"data": data})
            await self._react(fact)

    async def _react(self, fact: Fact) -> None:
        match fact:
            case TurnOpened():
                await self._open_turn(fact)
            case Noted(words):
                self._state.config.log(f"note: {words}")
            case ContextGiven(body=body):
                check_context(body, self._path, self._state.rules)
            case AudioGiven() if self._turn is not None and not self._turn.is_over:
                await self._hear(fact)
            case _:
                pass

    async def _open_turn(self, fact: TurnOpened) -> None:
        code = self._faults.take("close")
        if code is not None:
            await self._socket.close(int(code), _CLOSE_REASONS.get(int(code), ""))
            raise _Gone
        is_pcm = fact.content_type.startswith(("audio/x-wav", "audio/wav")) or (
            not fact.content_type
        )
        self._encoded = None if is_pcm else bytearray()
        self._turn = ServiceTurn(
            fact.request_id,
            read_settings(fact.context, self._path, self._query),
            self._state.take_script(self._session_id, _continuation(fact.context)),
            self._state.ear.hear,
        )
        if self._faults.value("no-end-detected") is not None:
            self._turn.end_detected = False
        if self._faults.take("no-turn-start") is None:
            await self._say(self._turn.begin())

    async def _hear(self, fact: AudioGiven) -> None:
        turn = self._turn
        if turn is None:
            raise AssertionError("unreachable: audio without a turn")
        self._audio_bytes += len(fact.audio)
        limit = self._faults.value("drop-after")
        if limit is not None and self._audio_bytes >= limit:
            self._faults.take("drop-after")
            self._socket.scope["extensions"][ABORT]()
            raise _Gone
        if fact.is_end:
            if self._encoded is not None:
                pcm = decoded_pcm(bytes(self._encoded), given=turn.given is not None)
                await self._say(turn.audio(pcm))
            if not turn.is_over:
                await self._say(turn.finish())
        elif self._encoded is not None:
            self._encoded += fact.audio
        else:
            await self._say(turn.audio(fact.audio))
        if turn.is_over:
            self._state.finish_script(turn.script)
            self._session.finish_turn()

    async def _say(self, messages: Iterator[str]) -> None:
        """Send a turn's messages; its engine works off the event loop."""
        uses_engine = self._turn is not None and self._turn.given is None
        while True:
            if uses_engine:
                message = await asyncio.to_thread(next, messages, None)
            else:
                message = next(messages, None)
            if message is None:
                return
            await self._send(message)

    async def _send(self, message: str) -> None:
        path = message.partition("Path: ")[2].partition("\r\n")[0]
        if self._faults.value("silent") is not None:
            return
        if path in ("speech.phrase", "translation.phrase") or (
            path == "translation.response" and '"SpeechPhrase": {' in message
        ):
            await asyncio.sleep(self._state.config.delay)
            if self._faults.take("truncated") is not None:
                message = message[: message.index("{") + 20]
        if path == "turn.end" and self._faults.take("no-turn-end") is not None:
            return
        if "hypothesis" in path and self._faults.value("no-hypotheses") is not None:
            return
        if self._faults.take("garbage") is not None:
            message = "\x00\x01 nothing that makes sense"
        slow = self._faults.value("slow")
        if slow:
            await asyncio.sleep(slow)
        self._journal.add("sent", session=self._session_id, path=path)
        await self._socket.send_text(message)

    def _note(self, fact: Fact, message: dict[str, Any]) -> None:
        """Write down what came, for tests; a message of two facts stands once."""
        facts: dict[str, Any] = {"session": self._session_id, **message}
        match fact:
            case Configured(body):
                self._journal.add("speech.config", body=body, **facts)
            case ContextGiven(request_id, body):
                self._journal.add(
                    "speech.context", request_id=request_id, body=body, **facts
                )
            case TurnOpened(request_id, content_type):
                self._journal.add(
                    "turn", request_id=request_id, content_type=content_type, **facts
                )
            case AudioGiven(audio):
                self._journal.add(
                    "audio", request_id=self._session.open_turn, audio=audio, **facts
                )
            case LateAudio(request_id, audio):
                self._journal.add(
                    "late-audio", request_id=request_id, audio=audio, **facts
                )
            case TelemetryGiven(request_id, body):
                self._journal.add(
                    "telemetry", request_id=request_id, body=body, **facts
                )
            case Noted(words):
                self._journal.add("note", words=words, **facts)
            case OtherGiven(path):
                self._journal.add("other", path=path, **facts)


class _Gone(Exception):  # noqa: N818 - ends a conversation, no error
    """The connection was ended on purpose."""


_CLOSE_REASONS = {
    1002: "Missing/Empty header. X-RequestId.",
    1007: "Quota exceeded",
    1011: "Internal server error",
    1012: "Instance is shutting down",
}


def _continuation(context: Any) -> float | None:
    """Return where a session goes on, in seconds, if the client says so."""
    try:
        streams = context["continuation"]["audio"]["streams"].values()
        return max(ticks_to_seconds(int(stream["offset"])) for stream in streams)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
