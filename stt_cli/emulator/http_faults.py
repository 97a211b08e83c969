"""The faults of an emulator's plain HTTP requests, around any handler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stt_cli.emulator.config import EmulatorConfig

Handler = Callable[[Request], Awaitable[Response]]
Refusal = Callable[[int], Response]

REASON = "stt.reason"
"""The extension of a request's scope that takes its answer's reason phrase."""

_FOREVER = 3_600.0
_RETRY_AFTER = "1"  # seconds


async def drain(request: Request) -> None:
    """Read a request to its end, so that its client reads the answer."""
    async for _block in request.stream():
        pass


def plain_refusal(status: int) -> Response:
    """Return an answer with nothing but a status."""
    return Response(status_code=status)


def with_faults(
    handler: Handler, config: EmulatorConfig, refuse: Refusal = plain_refusal
) -> Handler:
    """Return the handler, with the faults that were asked for.

    ``status`` and ``rate-limit`` refuse after the body was read, ``garbage`` and
    ``truncated`` spoil the answer. What happens to connections stands before the
    whole server (``network_faults``).
    """
    faults = config.faults

    async def handle(request: Request) -> Response:
        slow = faults.value("slow")
        if slow is not None:
            await asyncio.sleep(slow)
        if faults.value("silent") is not None:
            await drain(request)
            await asyncio.sleep(_FOREVER)
        limited = faults.take("rate-limit") is not None
        status = 429 if limited else faults.take_status()
        if status is not None:
            await drain(request)
            answer = refuse(status)
            if limited:
                answer.headers["Retry-After"] = _RETRY_AFTER
            return answer
        if faults.take("redirect") is not None:
            return RedirectResponse(str(request.url), 307)
        answer = await handler(request)
        if faults.take("garbage") is not None:
            return Response(b"\x00\xff<garbage>", answer.status_code)
        whole = bytes(getattr(answer, "body", b""))  # a stream has none to cut
        if whole and faults.take("truncated") is not None:
            half = whole[: len(whole) // 2]
            return Response(half, answer.status_code, media_type=answer.media_type)
        return answer

    return handle
