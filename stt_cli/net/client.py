"""The one HTTP client: requests as data in, answers out, faults in plain words.

It keeps connections, streams bodies in constant memory, retries by a policy,
follows redirects without handing a credential to another host, and writes what
it sends and receives to the run's log. ``httpcore`` and ``ssl`` load at the
first request.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from stt_cli.core.errors import (
    ConfigurationError,
    OutOfTimeError,
    ProviderError,
    SttError,
)
from stt_cli.core.events import Progress
from stt_cli.core.http_message import (
    HttpRequest,
    HttpResponse,
    StreamedBody,
)
from stt_cli.net.context import NetworkContext
from stt_cli.net.exchange import (
    DEFAULT_TIMEOUTS,
    USER_AGENT,
    ResponseStream,
    Timeouts,
)
from stt_cli.net.http_record import log_answer, log_request, note, read_noted
from stt_cli.net.proxies import is_loopback, is_spoken_here, proxy_for
from stt_cli.net.rate_limit import RateLimit
from stt_cli.net.redirects import redirected
from stt_cli.net.retry import (
    NEVER,
    REPEATABLE,
    UNREPEATABLE,
    Attempt,
    RetryPolicy,
    run_with_retries,
)
from stt_cli.net.tls import make_ssl_context

if TYPE_CHECKING:
    import ssl

    from stt_cli.net.pool import ConnectionPool

__all__ = ["USER_AGENT", "HttpClient", "ResponseStream", "Timeouts"]

Answer = TypeVar("Answer")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_MOST_REDIRECTS = 5
_LONG_BODY = 1 << 20
"""Bytes from which on a body gets a connection of its own. It is listened to while
it sends, the system reads the file, and no stale connection cuts it off. What is
shorter is better off on a connection that stands already."""


class HttpClient:
    """Sends for one provider of one command; safe to use from several threads.

    Args:
        context: gives clock, log, proxies and certificates' variables.
        timeouts: for every request that does not name its own.

    ``rate_limit`` is the service's documented rate, where it has one.
    """

    def __init__(
        self, context: NetworkContext, timeouts: Timeouts = DEFAULT_TIMEOUTS
    ) -> None:
        self.rate_limit: RateLimit | None = None
        self._context = context
        self._timeouts = timeouts
        self._pool: ConnectionPool | None = None
        self._ssl_context: ssl.SSLContext | None = None
        self._lock = Lock()

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
                timeouts or self._timeouts, request, attempt, deadline
            )
            with self._open(request, chosen, deadline, on_bytes) as stream:
                return read(read_noted(request, stream))

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
                timeouts or self._timeouts, request, attempt, deadline
            )
            manager = self._open(request, chosen, deadline, None)
            stream = manager.__enter__()
            try:
                head = stream.head
                if not head.is_success:
                    head = read_noted(request, stream)
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
        if self._pool is not None:
            self._pool.close()

    def _check(self, request: HttpRequest) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(
                f"{request.url} is no http or https address",
                hint="--endpoint takes a base URL such as https://host.example",
            )
        clear = parts.scheme == "http" and not is_loopback(parts.hostname)
        if clear and request.credentials and not self._context.insecure:
            raise ConfigurationError(
                f"the key would go to {parts.hostname} in clear text",
                hint="use an https endpoint, or allow it with --insecure",
            )

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
                "time ran out before the service answered",
                hint="raise --timeout",
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
        for _ in range(_MOST_REDIRECTS + 1):
            with self._exchange(request, timeouts, deadline, on_bytes) as stream:
                follow_up = redirected(request, stream.head)
                if follow_up is None:
                    yield stream
                    return
            self._check(follow_up)
            self._context.log(f"  redirected to {follow_up.url}")
            request = follow_up
        raise ProviderError(
            f"{request.host} redirects in a circle", hint="check --endpoint"
        )

    @contextmanager
    def _exchange(
        self,
        request: HttpRequest,
        timeouts: Timeouts,
        deadline: float | None,
        on_bytes: Callable[[int], None] | None,
    ) -> Iterator[ResponseStream]:
        if self.rate_limit is not None:
            self.rate_limit.spend(request.url, self._context.log)
        started = self._context.environment.monotonic()
        log_request(self._context.log, request)
        proxy = proxy_for(request.url, self._context.environment.variables)
        if _goes_alone(request, proxy):
            from stt_cli.net.streaming_upload import exchange

            manager = exchange(request, timeouts, proxy, self._tls, on_bytes)
        else:
            counted = _counting(request, on_bytes)
            manager = self._connections().exchange(counted, timeouts, proxy)
        with manager as stream:
            took = self._context.environment.monotonic() - started
            log_answer(self._context.log, stream.head, took)
            note(request, stream.head)
            blocks = self._watched(stream.blocks(), deadline)
            yield ResponseStream(stream.head, blocks)

    def _watched(
        self, blocks: Iterator[bytes], deadline: float | None
    ) -> Iterator[bytes]:
        for block in blocks:
            if deadline is not None:
                self._rest(deadline)
            yield block

    def _connections(self) -> ConnectionPool:
        with self._lock:
            if self._pool is None:
                from stt_cli.net.pool import ConnectionPool

                self._pool = ConnectionPool(self._context)
            return self._pool

    def _tls(self) -> ssl.SSLContext:
        with self._lock:
            if self._ssl_context is None:  # loading certificates takes a while
                self._ssl_context = make_ssl_context(self._context)
            return self._ssl_context


def _goes_alone(request: HttpRequest, proxy: str | None) -> bool:
    """Whether a request is sent over a connection of its own."""
    if request.expect_continue:
        return True
    body = request.body
    if not isinstance(body, StreamedBody):
        return False
    is_long = body.length is None or body.length > _LONG_BODY
    return is_long and is_spoken_here(proxy)


def _counting(
    request: HttpRequest, on_bytes: Callable[[int], None] | None
) -> HttpRequest:
    body = request.body
    if on_bytes is None or body is None:
        return request
    streamed = (
        body
        if isinstance(body, StreamedBody)
        else StreamedBody(lambda: iter((body,)), length=len(body))
    )

    def blocks() -> Iterator[bytes]:
        done = 0
        on_bytes(0)
        for block in streamed.blocks():
            yield block
            done += len(block)
            on_bytes(done)

    return replace(request, body=replace(streamed, blocks=blocks))


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
