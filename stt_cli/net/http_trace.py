"""The requests of one operation and their answers: in the run's log, and for support.

Whoever puts a request on the wire notes it (``note_request``, ``note_answer``);
whoever keeps the operation's record opens a ``Trail`` and reads it at the end.
The two do not know each other: the trail goes along as tracing's spans do, in a
context variable, so that operations side by side keep theirs apart. Threads
that send for an operation are started by ``in_this_context``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from threading import Lock

from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.plain_text import printable
from stt_cli.core.timestamps import iso_utc

_Pairs = tuple[tuple[str, str], ...]
Log = Callable[[str], None]

_MOST = 50
"""Requests a trail keeps; an operation that polls makes the same one again."""
_LONGEST_URL = 4_000
_LONGEST_BODY = 2_000
_BODY_READ = 65_536
_LONGEST_HEADER = 300
_LONGEST_LINE = 10_000
_NOT_KEPT = re.compile(r"(?i)cookie|authoriz|secret|passw|api-?key|token")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and the answer where one came. ``body`` is that of a failure."""

    method: str
    url: str
    sent: _Pairs
    status: int | None = None
    reason: str = ""
    received: _Pairs = ()
    body: bytes = b""
    answered: datetime | None = None

    @property
    def failed(self) -> bool:
        """Whether no answer came, or one that refuses."""
        return self.status is None or self.status >= 400

    @property
    def clock_offset(self) -> float | None:
        """Seconds that this machine's clock is ahead of the answer's ``Date``."""
        from email.utils import parsedate_to_datetime

        date = next((v for k, v in self.received if k.lower() == "date"), None)
        if date is None or self.answered is None:
            return None
        try:
            return (self.answered - parsedate_to_datetime(date)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None


class Trail:
    """The exchanges of one operation; several threads may add to it.

    Args:
        now: this machine's clock, to set the answers' ``Date`` against.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._exchanges: dict[tuple[str, str], Exchange] = {}

    def open(self) -> Trail:
        """Let what this thread sends from now on be noted here."""
        _TRAIL.set(self)
        return self

    def add(self, exchange: Exchange) -> None:
        """Note an exchange; a later one of the same request takes its place."""
        if exchange.status is not None:
            exchange = replace(exchange, answered=self._now())
        key = exchange.method, exchange.url
        with self._lock:
            self._exchanges.pop(key, None)
            self._exchanges[key] = exchange
            if len(self._exchanges) > _MOST:
                del self._exchanges[next(iter(self._exchanges))]

    @property
    def decisive(self) -> Exchange | None:
        """The exchange that support wants to see.

        The last one that failed or did the work; what was only read or cleaned up
        successfully behind it says nothing.
        """
        with self._lock:
            newest_first = list(reversed(self._exchanges.values()))
        for exchange in newest_first:
            if exchange.method != "DELETE" and (
                exchange.failed or exchange.status == 101 or exchange.method != "GET"
            ):
                return exchange
        return newest_first[0] if newest_first else None

    def facts(self, clean: Callable[[str], str]) -> dict[str, str]:
        """Return the decisive exchange as the ledger keeps it.

        Args:
            clean: takes out secrets; it comes before anything is cut short.
        """
        exchange = self.decisive
        if exchange is None:
            return {}
        url = clean(exchange.url)[:_LONGEST_URL]
        facts = {
            "request": "\n".join(
                [f"{exchange.method} {url}", *_headers(exchange.sent, clean)]
            )
        }
        if exchange.status is not None:
            facts["answer"] = _answer(exchange, clean)
            facts["answered"] = iso_utc(exchange.answered) or ""
            if exchange.clock_offset is not None:
                facts["clock_offset"] = f"{exchange.clock_offset:.1f}"
        return facts


_TRAIL: ContextVar[Trail | None] = ContextVar("trail", default=None)


def note_request(method: str, url: str, headers: _Pairs) -> None:
    """Note that a request leaves; ``headers`` without those of credentials."""
    trail = _TRAIL.get()
    if trail is not None:
        trail.add(Exchange(method, url, headers))


def note_answer(
    method: str,
    url: str,
    headers: _Pairs,
    status: int,
    reason: str,
    received: _Pairs,
    body: bytes = b"",
) -> None:
    """Note a request's answer; a body is kept only of a failure."""
    trail = _TRAIL.get()
    if trail is not None:
        kept = body[:_BODY_READ] if status >= 400 else b""
        trail.add(Exchange(method, url, headers, status, reason, received, kept))


def log_request(
    log: Log, request: HttpRequest, added: Iterable[tuple[str, str]] = ()
) -> None:
    """Write down a request that leaves; of its credentials the names alone."""
    log(f"> {request.method} {request.url}")
    for name, value in (*added, *request.headers):
        log(f"> {name}: {value}")
    for name, secret in request.credentials:
        log(f"> {name}: {secret}")
    note_request(request.method, request.url, request.headers)


def log_answer(log: Log, head: HttpResponse, seconds: float) -> None:
    """Write down an answer's head, which came after so many seconds."""
    log(f"< {head.status} {head.reason} after {seconds:.3f} s")
    for name, value in head.headers:
        log(f"< {name}: {'***' if name.lower() == 'set-cookie' else value}")


def log_text(log: Log, mark: str, message: str) -> None:
    """Write down a text message that was sent (``>``) or received (``<``)."""
    for line in message.splitlines():
        log(f"{mark} {line[:_LONGEST_LINE]}{'…' * (len(line) > _LONGEST_LINE)}")


def note_response(request: HttpRequest, answer: HttpResponse) -> None:
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


def in_this_context(work: Callable[[], object]) -> Callable[[], object]:
    """Return ``work`` for a thread that sends for the same operation as this one."""
    return partial(copy_context().run, work)


def _answer(exchange: Exchange, clean: Callable[[str], str]) -> str:
    lines = [f"HTTP {exchange.status} {clean(exchange.reason)}".rstrip()]
    lines += _headers(exchange.received, clean)
    text = clean(exchange.body.decode("utf-8", "replace")).strip()
    if text:
        lines += ["", text[:_LONGEST_BODY] + "…" * (len(text) > _LONGEST_BODY)]
    return printable("\n".join(lines))


def _headers(pairs: _Pairs, clean: Callable[[str], str]) -> list[str]:
    return [
        printable(clean(f"{name}: {value}")[:_LONGEST_HEADER])
        for name, value in pairs
        if not _NOT_KEPT.search(name)
    ]
