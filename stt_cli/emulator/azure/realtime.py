"""The WebSocket of the emulated service: handshake, turns, close codes, faults."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from stt_cli.core.errors import UsageError
from stt_cli.core.guid import session_id_from
from stt_cli.emulator.azure.rules import TRANSLATION_PATH
from stt_cli.emulator.azure.short_audio import wrong_parameter
from stt_cli.emulator.azure.state import AzureState
from stt_cli.emulator.azure.turn import LanguageChoice, ServiceTurn, TurnSettings
from stt_cli.emulator.decoding import decoded_pcm
from stt_cli.emulator.network_faults import ABORT
from stt_cli.protocols.azure_rest.enhanced import is_streaming
from stt_cli.protocols.usp.framing import INVALID_PAYLOAD, FramingError
from stt_cli.protocols.usp.limits import (
    CONNECTION_SECONDS,
    IDLE_SECONDS,
    ticks_to_seconds,
)
from stt_cli.protocols.usp.messages import OPEN_RANGE, candidates_fault
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
from stt_cli.protocols.usp.translation import TranslationRequest, read_request

_MODES = ("interactive", "conversation", "dictation")
_COOKIE = "SpeechServiceToken"
_ANY_LANGUAGE = "en-US"
_UNIVERSAL = "/universal/v2"


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
            told = "idle" if patience == idle else "too old"
            self._journal.add("closed", session=self._session_id, why=told)
            self._state.config.log(f"strict: the connection is {told}: closed")
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
            return Response("X-ConnectionId is missing or is no UUID", 400)
        if "-" in given:
            return Response("X-ConnectionId is a UUID with dashes", 400)
        credentials = self._state.refusal(headers, self._query)
        if credentials is not None:
            return Response("the credentials are missing or wrong", credentials)
        mode = self._socket.path_params.get("mode")
        if mode is not None and mode.lower() not in _MODES:
            return Response("there is no such recognition mode", 404)
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
                self._check_language(body)
                self._check_identification(body)
                self._check_model(body)
                self._check_translation(body)
            case AudioGiven() if self._turn is not None and not self._turn.is_over:
                await self._hear(fact)
            case _:
                pass

    def _check_language(self, context: Any) -> None:
        detection = context.get("phraseDetection") if isinstance(context, dict) else 0
        language = detection.get("language") if isinstance(detection, dict) else None
        mode = self._socket.path_params.get("mode", "conversation").lower()
        if language and not self._state.rules.knows_language(str(language), mode):
            raise FramingError(INVALID_PAYLOAD, f"Unsupported language {language}")

    def _check_identification(self, context: Any) -> None:
        choice = _language_choice(context)
        if choice is None:
            return
        mode = self._socket.path_params.get("mode", "conversation").lower()
        unknown = [
            tag
            for tag in choice.candidates
            if not self._state.rules.knows_language(tag, mode)
        ]
        if unknown:
            raise FramingError(INVALID_PAYLOAD, f"Unsupported language {unknown[0]}")
        fault = candidates_fault(choice.candidates, continuous=choice.continuous)
        if fault is not None:
            raise FramingError(INVALID_PAYLOAD, f"languageId: {fault}")

    def _check_model(self, context: Any) -> None:
        name = _model_named(context)
        if name is None:
            return
        if not is_streaming(name) or not self._socket.url.path.endswith(_UNIVERSAL):
            raise FramingError(INVALID_PAYLOAD, f"There is no model {name} here")

    def _check_translation(self, context: Any) -> None:
        if _translation(context, {}) is None:
            return
        if not self._socket.url.path.endswith((_UNIVERSAL, TRANSLATION_PATH)):
            raise FramingError(INVALID_PAYLOAD, "Translation is not supported here")

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
            self._settings_of(fact.context),
            self._state.take_script(self._session_id, _continuation(fact.context)),
            self._state.ear.hear,
        )
        if self._faults.value("no-end-detected") is not None:
            self._turn.end_detected = False
        if self._faults.take("no-turn-start") is None:
            await self._say(self._turn.begin())

    def _settings_of(self, context: Any) -> TurnSettings:
        query = self._query
        is_for_translation = self._socket.url.path.endswith(TRANSLATION_PATH)
        return replace(
            _settings(self._socket.path_params.get("mode"), query, context),
            translation=_translation(context, query if is_for_translation else {}),
        )

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
    1002: "Missing/Empty header. X-RequestId",
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


def _language_choice(context: Any) -> LanguageChoice | None:
    """Return which languages a context chooses from, ``None`` if it names one.

    Raises:
        FramingError: its section has no languages.
    """
    section = context.get("languageId") if isinstance(context, dict) else None
    if section is None:
        return None
    languages = section.get("languages") if isinstance(section, dict) else None
    if not isinstance(languages, list) or not languages:
        raise FramingError(INVALID_PAYLOAD, "languageId has no languages")
    candidates = tuple(str(tag) for tag in languages if tag != OPEN_RANGE)
    return LanguageChoice(candidates, section.get("mode") == "DetectContinuous")


def _model_named(context: Any) -> str | None:
    model = context.get("model") if isinstance(context, dict) else None
    name = model.get("name") if isinstance(model, dict) else None
    return str(name) if name else None


def _translation(context: Any, query: Mapping[str, str]) -> TranslationRequest | None:
    """Return what is to be translated, by the context or an old path's query.

    Raises:
        FramingError: the context names no languages.
    """
    try:
        request = read_request(context)
    except ValueError as fault:
        raise FramingError(INVALID_PAYLOAD, str(fault)) from fault
    if request is not None or not query.get("to"):
        return request
    return TranslationRequest(tuple(filter(None, query["to"].split(","))))


def _settings(
    path_mode: str | None, query: dict[str, str], context: Any
) -> TurnSettings:
    """Return what a turn wants: the query's words, overruled by speech.context."""
    context = context if isinstance(context, dict) else {}
    detection = context.get("phraseDetection") or {}
    output = context.get("phraseOutput") or {}
    detail = output.get("detailed") or {}
    interim = output.get("interimResults") or {}
    enrichment = detection.get("enrichment") or {}
    mode = detection.get("mode") or path_mode or "conversation"
    options = {str(option).lower() for option in detail.get("options") or ()}
    form = output.get("format") or query.get("format") or "simple"
    profanity = enrichment.get("profanity") or query.get("profanity") or "masked"
    words = query.get("wordLevelTimestamps", "").lower() == "true"
    streaming = _model_named(context) is not None
    return TurnSettings(
        mode=str(mode).lower(),
        detailed=str(form).lower() == "detailed" and not streaming,
        words=words or "wordtimings" in options,
        profanity=str(profanity).lower(),
        interim=str(interim.get("resultType", "")).lower() != "none",
        languages=None if streaming else _language_choice(context),
        streaming=streaming,
    )
