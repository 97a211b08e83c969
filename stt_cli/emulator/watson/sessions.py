"""The emulated Watson's sessions: cookies, one task at a time, long polling."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.watson.access import answer, refuse, support_headers
from stt_cli.emulator.watson.recognition import (
    Listened,
    Refused,
    interim_result,
    listen,
    results_of,
)
from stt_cli.emulator.watson.rest import WatsonRest, read_form, read_query
from stt_cli.protocols.watson.parameters import Place
from stt_cli.protocols.watson.sequence import Task, TaskSequence, Verdict
from stt_cli.protocols.watson.session import COOKIE_NAME, INITIALIZED

IDLE_SECONDS = 30.0
_POLL_SECONDS = 20.0  # how long an observation waits before it may be repeated


class Expired(Refused):
    """The session was idle for too long; the next request learns of it."""

    def __init__(self) -> None:
        message = "Session timed out due to inactivity after 30 seconds."
        super().__init__(408, message, session_closed=True)


@dataclass
class Session:
    """One session's state; its condition wakes whoever observes it."""

    id: str
    cookie: str
    model: str
    sequence: TaskSequence = field(default_factory=TaskSequence)
    results: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    over: set[int] = field(default_factory=set)
    closed: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    touched: float = 0.0

    async def send_message(self, task: Task, message: dict[str, Any]) -> None:
        """Add a message to a task's history; late joiners get all of it."""
        async with self.changed:
            self.results.setdefault(task.number, []).append(message)
            self.changed.notify_all()


class WatsonSessions:
    """Serves the sessions of one emulator."""

    def __init__(self, config: EmulatorConfig, rest: WatsonRest) -> None:
        self._config = config
        self._rest = rest
        self._sessions: dict[str, Session] = {}

    def routes(self) -> list[Route]:
        """Return the paths of the interface."""
        at, guarded = "/v1/sessions", self._rest.guarded
        one = at + "/{id}"
        return [
            Route(at, guarded(self.create), methods=["POST"]),
            Route(one, guarded(self.delete), methods=["DELETE"]),
            Route(one + "/recognize", guarded(self.status), methods=["GET"]),
            Route(one + "/recognize", guarded(self.recognize), methods=["POST"]),
            Route(one + "/observe_result", guarded(self.observe), methods=["GET"]),
            Route(one + "/observeResult", guarded(self.observe), methods=["GET"]),
        ]

    async def create(self, request: Request) -> Response:
        """Make a session; its cookie begins with its ID."""
        values, _warnings = read_query(request, Place.SESSION_CREATE)
        session_id = uuid4().hex
        session = Session(
            session_id,
            session_id + uuid4().hex[:8],
            str(values.get("model") or "en-US_BroadbandModel"),
            touched=asyncio.get_running_loop().time(),
        )
        self._sessions[session_id] = session
        self._config.journal.add("session", id=session_id, query=request.url.query)
        made = answer({"session_id": session_id, **_urls(request, session_id)}, 201)
        # Two cookies, as the gateway sets them; only one is the session's.
        made.headers.append("Set-Cookie", f"Watson-DPAT={uuid4().hex}; path=/; secure")
        made.headers.append(
            "Set-Cookie", f"{COOKIE_NAME}={session.cookie}; Secure; HttpOnly"
        )
        return made

    async def delete(self, request: Request) -> Response:
        """End a session."""
        session = self._session(request)
        async with session.changed:
            session.closed = True
            session.changed.notify_all()
        del self._sessions[session.id]
        self._config.journal.add("deleted", id=session.id)
        return Response(status_code=204, headers=support_headers())

    async def status(self, request: Request) -> Response:
        """Say that the session is ready, once it is."""
        session = self._session(request)
        async with session.changed:
            await session.changed.wait_for(lambda: session.sequence.current is None)
        base = str(request.base_url).rstrip("/")
        body = {
            "state": INITIALIZED,
            "model": f"{base}/v1/models/{session.model}",
            **_urls(request, session.id),
        }
        return answer({"session": body})

    async def recognize(self, request: Request) -> Response:
        """Recognize within a session; a busy one refuses and goes on."""
        session = self._session(request)
        values, warnings = read_query(request, Place.SESSION_RECOGNIZE)
        media_type = request.headers.get("Content-Type") or ""
        if media_type.startswith("multipart/form-data"):
            async with request.form() as form:
                metadata, media_type, recordings = await read_form(form)
            values |= metadata
            self._config.journal.add("metadata", **metadata)
        else:
            recordings = []
        sequence_id = values.pop("sequence_id", None)
        self._config.journal.add("posted", sequence_id=sequence_id)
        try:
            async with session.changed:
                task = session.sequence.begin(sequence_id)
                session.changed.notify_all()
        except ValueError:
            await request.body()
            return refuse(503, "session is already processing a request")
        try:
            sound = recordings or [await request.body()]
            heard = await self._listen(sound, media_type)
            return await self._work(session, task, heard, values, warnings)
        finally:
            async with session.changed:
                session.over.add(task.number)
                session.sequence.end()
                session.touched = asyncio.get_running_loop().time()
                session.changed.notify_all()

    async def observe(self, request: Request) -> Response:
        """Give the results of the task that fits, at once or as they come."""
        session = self._session(request)
        values, _warnings = read_query(request, Place.SESSION_OBSERVE)
        interim = bool(values.get("interim_results"))
        asked = session.sequence.observe(values.get("sequence_id"))
        self._config.journal.add(
            "observed", sequence_id=asked.sequence_id, interim=interim
        )
        patience = self._config.faults.value("idle-timeout") or _POLL_SECONDS
        try:
            async with session.changed:
                await asyncio.wait_for(
                    session.changed.wait_for(
                        lambda: (
                            session.closed or asked.check_again() is not Verdict.WAIT
                        )
                    ),
                    patience,
                )
        except TimeoutError:
            return refuse(408, "no results yet", session_closed=False)
        task = asked.outcome
        if session.closed:
            return refuse(404, "Session was closed.", session_closed=True)
        if not isinstance(task, Task):
            return refuse(404, "no recognition with that sequence_id")
        if self._config.faults.take("cut-observe") is not None:
            return StreamingResponse(_cut(), headers=support_headers())
        return StreamingResponse(
            _history(session, task, interim),
            media_type="application/json",
            headers=support_headers(),
        )

    async def _listen(self, recordings: list[bytes], media_type: str) -> list[Listened]:
        ear = self._rest.ear
        return [
            await asyncio.to_thread(listen, ear, data, media_type or None)
            for data in recordings
        ]

    async def _work(
        self,
        session: Session,
        task: Task,
        heard: list[Listened],
        values: dict[str, Any],
        warnings: list[str],
    ) -> Response:
        phrases = [phrase for listened in heard for phrase in listened.phrases]
        for at, phrase in enumerate(phrases):
            count = len(phrase.lexical.split())
            for said in range(1, count, 2):
                hypothesis = interim_result(phrase, said, values)
                message = {"result_index": at, "results": [hypothesis]}
                await session.send_message(task, message)
                await asyncio.sleep(0)
        await asyncio.sleep(self._config.delay)
        answers = [results_of(one.phrases, one.seconds, values) for one in heard]
        results = [result for one in answers for result in one["results"]]
        body = {**answers[0], "results": results}
        for at, result in enumerate(body["results"]):
            await session.send_message(task, {"result_index": at, "results": [result]})
        if warnings:
            body["warnings"] = warnings
        return answer(body)

    def _session(self, request: Request) -> Session:
        cookie = request.cookies.get(COOKIE_NAME)
        if cookie is None:
            raise Refused(400, "Cookie must be set.")
        session = self._sessions.get(request.path_params["id"])
        idle = self._config.faults.value("expire-session") is not None
        if session is not None and session.sequence.previous and idle:
            self._config.faults.take("expire-session")
            self._sessions.pop(session.id, None)
            session = None
        if session is None or cookie != session.cookie:
            raise Refused(404, "Session does not exist.")
        now = asyncio.get_running_loop().time()
        limit = self._config.faults.value("idle-timeout") or IDLE_SECONDS
        if session.sequence.current is None and now - session.touched > limit:
            self._sessions.pop(session.id, None)
            self._config.journal.add("expired", id=session.id)
            raise Expired
        session.touched = now
        return session


async def _history(session: Session, task: Task, interim: bool) -> AsyncIterator[bytes]:
    """Yield a task's messages from its first one on, glued together."""
    position = 0
    while True:
        known, finished = await _new_messages(session, task, position)
        position += len(known)
        for message in known:
            if interim or message["results"][0]["final"]:
                yield json.dumps(message, indent=3).encode()
        if finished:
            return


async def _new_messages(
    session: Session, task: Task, position: int
) -> tuple[list[dict[str, Any]], bool]:
    """Wait for messages after ``position``; say whether they are the last."""

    def is_over() -> bool:
        return session.closed or task.number in session.over

    def count() -> int:
        return len(session.results.get(task.number, ()))

    async with session.changed:
        await session.changed.wait_for(lambda: is_over() or count() > position)
        return session.results.get(task.number, [])[position:], is_over()


async def _cut() -> AsyncIterator[bytes]:
    yield b'{"result_index": 0, "results": [{"fin'


def _urls(request: Request, session_id: str) -> dict[str, str]:
    base = str(request.base_url).rstrip("/")
    at = f"{base}/v1/sessions/{session_id}"
    return {
        "new_session_uri": at,
        "recognize": f"{at}/recognize",
        "observe_result": f"{at}/observe_result",
        "recognizeWS": f"{at.replace('http', 'ws', 1)}/recognize",
    }
