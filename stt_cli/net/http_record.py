"""What is written down of an exchange: the run's log, and the trail for support."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.net.exchange import ResponseStream
from stt_cli.net.http_trace import note_answer, note_request

_LONGEST_ANSWER = 512 * 1024 * 1024
"""Bytes of one answer; no transcript comes near, an endless body would not stop."""

Log = Callable[[str], None]


def log_request(log: Log, request: HttpRequest) -> None:
    """Write down a request that leaves; of its credentials the names alone."""
    log(f"> {request.method} {request.url}")
    for name, value in request.headers:
        log(f"> {name}: {value}")
    for name, secret in request.credentials:
        log(f"> {name}: {secret}")
    note_request(request.method, request.url, request.headers)


def log_answer(log: Log, head: HttpResponse, seconds: float) -> None:
    """Write down an answer's head, which came after so many seconds."""
    log(f"< {head.status} {head.reason} after {seconds:.3f} s")
    for name, value in head.headers:
        log(f"< {name}: {'***' if name.lower() == 'set-cookie' else value}")


def note(request: HttpRequest, answer: HttpResponse) -> None:
    """Keep what support may ask for of an answer."""
    note_answer(
        request.method,
        answer.url or request.url,
        request.headers,
        answer.status,
        answer.reason,
        answer.headers,
        answer.body,
    )


def read_noted(request: HttpRequest, stream: ResponseStream) -> HttpResponse:
    """Read an answer whole; support asks for the words of one that refuses."""
    answer = _read_whole(stream)
    if not answer.is_success:
        note(request, answer)
    return answer


def _read_whole(stream: ResponseStream) -> HttpResponse:
    body = bytearray()
    for block in stream.blocks():
        body += block
        if len(body) > _LONGEST_ANSWER:
            raise ProviderError("the answer is longer than any transcript can be")
    return replace(stream.head, body=bytes(body))
