"""The one HTTP client: requests as data in, answers out, faults in plain words.

It keeps connections, streams bodies in constant memory, retries by a policy,
follows redirects without handing a credential to another host, and writes what
it sends and receives to the run's log. ``ssl`` loads at the first TLS connection.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import Any, TypeVar

from stt_cli.core.address import Address, parse_address
from stt_cli.core.errors import (
    ConfigurationError,
    OutOfTimeError,
    ProviderError,
    SttError,
    UnreachableError,
)
from stt_cli.core.events import Progress
from stt_cli.core.http_message import (
    ERROR_BYTES,
    HttpRequest,
    HttpResponse,
    StreamedBody,
)
from stt_cli.core.secret import mask_secrets
from stt_cli.net.context import NetworkContext
from stt_cli.net.http_trace import log_answer, log_request, note_response
from stt_cli.net.messages import ResponseStream, Timeouts, added_headers
from stt_cli.net.pool import ConnectionPool
from stt_cli.net.rate_limit import RateLimit
from stt_cli.net.redirects import MOST_REDIRECTS, redirected, refuse_clear_text
from stt_cli.net.retry import (
    NEVER,
    REPEATABLE,
    UNREPEATABLE,
    Attempt,
    RetryPolicy,
    run_with_retries,
)

__all__ = ["HttpClient", "ResponseStream", "Timeouts"]

Answer = TypeVar("Answer")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_WHOLE_ANSWER_S = 600.0
"""How long an answer may take that is read whole: who sends it a byte at a time does
not hold a command up for ever."""


class HttpClient:
    """Sends for one provider of one command; safe to use from several threads.

    Args:
        context: gives clock, log, proxies and certificates' variables.
        timeouts: for every request that does not name its own.

    ``timeouts`` may be changed later. ``rate_limit`` is the service's documented
    rate, where it has one.
    """

    def __init__(
        self, context: NetworkContext, timeouts: Timeouts | None = None
    ) -> None:
        self.rate_limit: RateLimit | None = None
        self._context = context
        self.timeouts = timeouts or Timeouts()
        self._pool = ConnectionPool(context.environment.variables)

    def send(
        self,
        request: HttpRequest,
        read: Callable[[HttpResponse], Answer],
        *,
        policy: RetryPolicy | None = None,
        timeouts: Timeouts | None = None,
        deadline: float | None = None,
        on_bytes: Callable[[int], None] | None = None,
    ) -> Answer:
        """Send a request, and return what ``read`` makes of its answer.

        Args:
            read: gets every answer, whatever its status, and raises the
                ``SttError`` that it means; a transient one is retried.
            policy: by default ``REPEATABLE`` for methods that are idempotent
                and ``UNREPEATABLE`` for the others.
            deadline: a time of the environment's ``monotonic`` clock.
            on_bytes: told the bytes of the body that left, at every block; a
                retry begins again at 0.

        Raises:
            UnreachableError: no connection, or it broke off.
            OutOfTimeError: the deadline passed.
            ConfigurationError: the URL is none, or would carry a credential in
                clear text to another machine.
        """
        self._check(request)

        def once(attempt: Attempt) -> Answer:
            chosen = self._limited(
                timeouts or self.timeouts, request, attempt, deadline
            )
            with self._open(request, chosen, deadline, on_bytes) as stream:
                return read(_read_noted(request, stream, chosen))

        return run_with_retries(
            once,
            self._policy_for(request, policy),
            self._context.environment,
            self._context.log,
        )

    def upload(
        self,
        request: HttpRequest,
        read: Callable[[HttpResponse], Answer],
        *,
        policy: RetryPolicy | None = None,
        timeouts: Timeouts | None = None,
        deadline: float | None = None,
    ) -> Generator[Progress, None, Answer]:
        """Send as ``send`` does, yielding ``Progress`` in bytes meanwhile.

        Use it as ``answer = yield from sender.upload(…)``. Closing the
        generator breaks the upload off.
        """
        from stt_cli.net.upload_progress import send_with_progress

        body = request.body
        total = body.length if isinstance(body, StreamedBody) else len(body or b"")

        def work(on_bytes: Callable[[int], None]) -> Answer:
            return self.send(
                request,
                read,
                policy=policy,
                timeouts=timeouts,
                deadline=deadline,
                on_bytes=on_bytes,
            )

        return (yield from send_with_progress(work, total))

    @contextmanager
    def stream(
        self,
        request: HttpRequest,
        fault: Callable[[HttpResponse], SttError | None],
        *,
        policy: RetryPolicy | None = None,
        timeouts: Timeouts | None = None,
        deadline: float | None = None,
    ) -> Iterator[ResponseStream]:
        """Send a request and give its answer while it arrives.

        ``fault`` gets an answer's head, and its body too where the status is no
        2xx; what it returns is raised. Retries end with the first good head.
        """
        self._check(request)
        opened: list[Any] = []

        def once(attempt: Attempt) -> ResponseStream:
            chosen = self._limited(
                timeouts or self.timeouts, request, attempt, deadline
            )
            manager = self._open(request, chosen, deadline, None)
            stream = manager.__enter__()
            try:
                head = stream.head
                if not head.is_success:
                    head = _read_noted(request, stream, chosen)
                error = fault(head)
                if error is not None:
                    raise error
            except BaseException:
                manager.__exit__(*sys.exc_info())
                raise
            opened.append(manager)
            return stream

        policy = self._policy_for(request, policy)
        context = self._context
        stream = run_with_retries(once, policy, context.environment, context.log)
        with _entered(opened.pop()):
            yield stream

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def _check(self, request: HttpRequest) -> Address:
        """Return where a request goes. Raises ``ConfigurationError``."""
        try:
            address = parse_address(request.url)
        except ValueError as fault:
            raise ConfigurationError(
                f"invalid URL {mask_secrets(request.url)}: {fault}",
                hint="--endpoint takes a base URL such as https://host.example",
            ) from fault
        refuse_clear_text(request, address, self._context.insecure)
        return address

    def _policy_for(
        self, request: HttpRequest, policy: RetryPolicy | None
    ) -> RetryPolicy:
        if isinstance(request.body, StreamedBody) and not request.body.repeatable:
            return NEVER
        if policy is None:
            is_safe = request.method in _SAFE_METHODS
            policy = REPEATABLE if is_safe else UNREPEATABLE
        is_long = isinstance(request.body, StreamedBody)
        return replace(policy, patient=True) if is_long else policy

    def _limited(
        self,
        timeouts: Timeouts,
        request: HttpRequest,
        attempt: Attempt,
        deadline: float | None,
    ) -> Timeouts:
        """Shorten the timeouts to what the retries and the command have left."""
        left = attempt.seconds_left
        if left is not None:
            patient = isinstance(request.body, StreamedBody)
            timeouts = replace(
                timeouts,
                connect=min(timeouts.connect, max(left, 0.1)),
                read=timeouts.read if patient else min(timeouts.read, max(left, 0.1)),
            )
        if deadline is None:
            return timeouts
        rest = self._rest(deadline)
        return replace(
            timeouts,
            connect=min(timeouts.connect, rest),
            read=min(timeouts.read, rest),
            write=min(timeouts.write, rest),
        )

    def _rest(self, deadline: float) -> float:
        rest = deadline - self._context.environment.monotonic()
        if rest <= 0:
            raise OutOfTimeError(
                "timed out waiting for the service",
                hint="use a longer --timeout",
            )
        return rest

    @contextmanager
    def _open(
        self,
        request: HttpRequest,
        timeouts: Timeouts,
        deadline: float | None,
        on_bytes: Callable[[int], None] | None,
    ) -> Iterator[ResponseStream]:
        """Send, follow redirects, and give the last answer with its body unread."""
        for _ in range(MOST_REDIRECTS + 1):
            with self._exchange(request, timeouts, deadline, on_bytes) as stream:
                follow_up = redirected(request, stream.head)
                if follow_up is None:
                    yield stream
                    return
            self._check(follow_up)
            self._context.log(f"  redirected to {follow_up.url}")
            request = follow_up
        raise ProviderError(
            f"{request.host} redirects in a loop", hint="check --endpoint"
        )

    @contextmanager
    def _exchange(
        self,
        request: HttpRequest,
        timeouts: Timeouts,
        deadline: float | None,
        on_bytes: Callable[[int], None] | None,
    ) -> Iterator[ResponseStream]:
        address = self._check(request)
        if self.rate_limit is not None:
            self.rate_limit.spend(request.url, self._context.log)
        started = self._context.environment.monotonic()
        log_request(self._context.log, request, added_headers(request, address))
        with self._pool.exchange(request, address, timeouts, on_bytes) as stream:
            took = self._context.environment.monotonic() - started
            log_answer(self._context.log, stream.head, took)
            note_response(request, stream.head)
            blocks = self._watched(stream.blocks(), deadline)
            yield ResponseStream(stream.head, blocks)

    def _watched(
        self, blocks: Iterator[bytes], deadline: float | None
    ) -> Iterator[bytes]:
        for block in blocks:
            if deadline is not None:
                self._rest(deadline)
            yield block


def _read_noted(
    request: HttpRequest, stream: ResponseStream, timeouts: Timeouts
) -> HttpResponse:
    """Read an answer whole; support asks for the words of one that refuses."""
    if stream.head.is_success:
        return replace(stream.head, body=_whole(request, stream, timeouts))
    answer = replace(stream.head, body=_beginning(stream, timeouts))
    note_response(request, answer)
    return answer


def _whole(request: HttpRequest, stream: ResponseStream, timeouts: Timeouts) -> bytes:
    body = bytearray()
    until = monotonic() + max(_WHOLE_ANSWER_S, timeouts.read)
    for block in stream.blocks():
        body += block
        if len(body) > request.longest_answer:
            raise ProviderError(
                f"the response from {request.host} is too large: more than "
                f"{request.longest_answer >> 20} MiB",
                hint="check that --endpoint is the right service",
            )
        if monotonic() > until:
            raise UnreachableError(
                f"timed out reading the response from {request.host}",
                hint="try again; the connection may be slow",
            )
    return bytes(body)


def _beginning(stream: ResponseStream, timeouts: Timeouts) -> bytes:
    """Return what an answer says that refuses, at most ``ERROR_BYTES`` of it."""
    body = bytearray()
    until = monotonic() + timeouts.read
    for block in stream.blocks():
        body += block
        if len(body) > ERROR_BYTES or monotonic() > until:
            break
    return bytes(body[:ERROR_BYTES])


@contextmanager
def _entered(manager: Any) -> Iterator[None]:
    """Leave a context manager that was entered elsewhere."""
    try:
        yield
    except BaseException:
        if not manager.__exit__(*sys.exc_info()):
            raise
    else:
        manager.__exit__(None, None, None)
