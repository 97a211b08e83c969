"""The network before any emulator: cuts, lost answers, and chaos.

``drop-after:BYTES`` cuts a body there; what came before has reached the server.

``chaos:SEED[:RATE]`` troubles that share of the HTTP requests, by a generator that
the seed starts: the same requests in the same order meet the same troubles.
WebSockets have faults of their own.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from enum import StrEnum
from typing import Any

from starlette.requests import ClientDisconnect

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.faults import FaultPlan

ABORT = "stt.abort"
"""The extension of a request's scope that cuts the TCP connection without a word."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
_WRITES = ("POST", "PUT", "PATCH")
_LONGEST_STALL = 1.0  # seconds
_RETRY_AFTER = "1"  # seconds

Message = MutableMapping[str, Any]


class Trouble(StrEnum):
    """What may happen to a request, as the log tells it."""

    RESET = "dropped before it was read"
    HALF_READ = "dropped while it was read"
    STALL = "stalled"
    RATE_LIMIT = "429"
    RATE_LIMIT_TOLD = "429 with Retry-After"
    FAILURE = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503 with Retry-After"
    LATE = "done, but returned 504"
    TORN = "done, but the response was truncated"
    LOST = "done, but the response was lost"


_REFUSALS: dict[Trouble, tuple[int, bool]] = {
    Trouble.RATE_LIMIT: (429, False),
    Trouble.RATE_LIMIT_TOLD: (429, True),
    Trouble.FAILURE: (500, False),
    Trouble.BAD_GATEWAY: (502, False),
    Trouble.UNAVAILABLE: (503, True),
}


class Chaos:
    """Draws what happens to each request. Safe to use from several threads."""

    def __init__(self, seed: float, rate: float) -> None:
        self._random = random.Random(seed)
        self._rate = rate
        self._lock = threading.Lock()

    def draw(self) -> tuple[Trouble | None, float]:
        """Return the next request's trouble, and how hard it is, from 0 to 1."""
        with self._lock:  # three draws a request, whatever comes of them
            share, kind, how = (self._random.random() for _ in range(3))
        kinds = list(Trouble)
        return (kinds[int(kind * len(kinds))] if share < self._rate else None), how


def with_network_faults(app: AsgiApp, config: EmulatorConfig) -> AsgiApp:
    """Return the server behind a network with the faults that were asked for."""
    chaos: dict[tuple[float, ...], Chaos] = {}

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        request = _Troubled(app, scope, receive, send)
        wanted = config.faults.values("chaos")
        if wanted is not None:
            if wanted not in chaos:
                chaos[wanted] = Chaos(*wanted)
            trouble, how = chaos[wanted].draw()
            if trouble is not None:
                config.log(f"chaos: {scope['method']} {scope['path']} {trouble}")
                await request.meet(trouble, how)
                return
        if scope["method"] in _WRITES and config.faults.value("drop-after"):
            await request.cut_after(config.faults)
            return
        if scope["method"] not in _WRITES or not config.faults.value("lose-answer"):
            await app(scope, receive, send)
            return

        def is_lost(start: Message) -> bool:
            done = 200 <= start["status"] < 300
            return done and config.faults.take("lose-answer") is not None

        await request.answer_unless(is_lost)

    return behind


class _Troubled:
    """One request, and what can be done to it."""

    def __init__(
        self, app: AsgiApp, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send

    async def meet(self, trouble: Trouble, how: float) -> None:
        """Let the trouble happen."""
        match trouble:
            case Trouble.STALL:
                await asyncio.sleep(how * _LONGEST_STALL)
                await self._app(self._scope, self._receive, self._send)
            case Trouble.RESET:
                await self._cut()
            case Trouble.HALF_READ:
                await self._read(how)
                await self._cut()
            case Trouble.LATE:
                await self._app(self._scope, self._receive, _dropped)
                await self._refuse(504, announced=False)
            case Trouble.TORN:
                await self._tear()
            case Trouble.LOST:
                await self.answer_unless(lambda _start: True)
            case _:
                await self._read(1.0)
                status, announced = _REFUSALS[trouble]
                await self._refuse(status, announced=announced)

    async def cut_after(self, faults: FaultPlan) -> None:
        """Cut the connection at so many bytes of the body, if it has them."""
        count, cut = 0, False

        async def receiving() -> Message:
            nonlocal count, cut
            if cut:
                return {"type": "http.disconnect"}
            message = await self._receive()
            count += len(message.get("body", b""))
            limit = faults.value("drop-after")
            if limit is None or count < limit or faults.take("drop-after") is None:
                return message
            cut = True
            self._scope["extensions"][ABORT]()
            before = len(message["body"]) - int(count - limit)
            return {**message, "body": message["body"][:before], "more_body": True}

        with suppress(ClientDisconnect):
            await self._app(self._scope, receiving, self._send)

    async def answer_unless(self, is_lost: Callable[[Message], bool]) -> None:
        """Do what is asked; cut the connection instead of an answer that is lost."""
        lost = [False]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                lost[0] = is_lost(message)
            if not lost[0]:
                await self._send(message)

        await self._app(self._scope, self._receive, sending)
        if lost[0]:
            await self._cut()

    async def _tear(self) -> None:
        torn = [False]

        async def sending(message: Message) -> None:
            body = message.get("body", b"")
            if torn[0]:
                return
            if body:
                torn[0] = True
                half = {"body": body[: len(body) // 2], "more_body": True}
                message = {**message, **half}
            await self._send(message)

        await self._app(self._scope, self._receive, sending)
        if torn[0]:
            await self._cut()

    async def _cut(self) -> None:
        self._scope["extensions"][ABORT]()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _read(self, share: float) -> None:
        """Read that share of the body, by its blocks."""
        headers = dict(self._scope["headers"])
        whole = int(headers.get(b"content-length", b"0"))
        count, more = 0, True
        while more and (share >= 1 or count < whole * share):
            message = await self._receive()
            count += len(message.get("body", b""))
            more = message.get("more_body", False)

    async def _refuse(self, status: int, *, announced: bool) -> None:
        body = f"<html><h1>{status}</h1>chaos was asked for</html>".encode()
        headers = [
            (b"content-type", b"text/html"),
            (b"content-length", str(len(body)).encode()),
        ]
        if announced:
            headers.append((b"retry-after", _RETRY_AFTER.encode()))
        start = {"type": "http.response.start", "status": status, "headers": headers}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


async def _dropped(_message: Message) -> None:
    """Take an answer that nobody gets."""
