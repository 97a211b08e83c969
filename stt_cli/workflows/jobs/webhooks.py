"""A small HTTP server that takes a service's notifications while we wait.

A body is never a result: a call that its reader believes only wakes the waiting
up, and the job is asked after at the service. A call that is not believed gets
its refusal and changes nothing. Python's own server does; the reader, which
knows the service's challenge and signature, is handed in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.webhook import WebhookCall, WebhookReader, WebhookReply

_LONGEST_BODY = 1 << 20
"""Bytes of one notification; the services send some hundred."""

_TOGETHER = 0.1
"""Seconds in which notifications are taken for one."""

_SILENCE = 10.0  # seconds after which a caller that says nothing is dropped


class WebhookReceiver:
    """Wakes ``wait`` up when a notification for one of the jobs arrives."""

    def __init__(
        self,
        reader: WebhookReader,
        wants: Callable[[str], bool],
        log: Callable[[str], None],
    ) -> None:
        self._reader = reader
        self._wants = wants
        self._log = log
        self._woken = threading.Event()
        self._seen: set[str] = set()
        self._done: dict[str, None] = {}
        self._lock = threading.Lock()
        self.url = ""

    def take(self, call: WebhookCall) -> WebhookReply:
        """Read a call, wake the waiting up where it tells of a job of ours."""
        reply = self._reader(call)
        if reply.refused:
            self._log(f"rejected a notification: {reply.refused}")
            return reply
        again = reply.key is not None and reply.key in self._seen
        if reply.key is not None:
            self._seen.add(reply.key)
        ours = [job_id for job_id in reply.job_ids if self._wants(job_id)]
        if ours and not again:
            self._log(f"notification for {', '.join(reply.job_ids)}")
            with self._lock:
                self._done.update(dict.fromkeys(ours))
            self._woken.set()
        return reply

    def wait(self, seconds: float) -> tuple[str, ...]:
        """Wait that long, or until notifications arrive; return the jobs they name."""
        if not self._woken.wait(seconds):
            return ()
        # A list of jobs ends together: one look serves all of them.
        self._woken.clear()
        time.sleep(min(seconds, _TOGETHER))
        with self._lock:
            done = tuple(self._done)
            self._done.clear()
        return done


@contextmanager
def receiving(
    reader: WebhookReader,
    address: str,
    wants: Callable[[str], bool] = lambda _job_id: True,
    log: Callable[[str], None] = lambda _line: None,
) -> Iterator[WebhookReceiver]:
    """Listen at ``HOST:PORT`` until the block ends; port 0 takes any free one.

    Args:
        wants: whether a notification of this job is waited for.

    Raises:
        UsageError: the address is none.
        ConfigurationError: nobody can listen there.
    """
    host, port = _host_and_port(address)
    receiver = WebhookReceiver(reader, wants, log)
    try:
        server = _Server((host, port), _handler_for(receiver))
    except (OSError, OverflowError) as fault:
        raise ConfigurationError(
            f"cannot listen on {address}: {fault}",
            hint="choose a different --webhook HOST:PORT",
        ) from fault
    shown = f"[{host}]" if ":" in host else host
    receiver.url = f"http://{shown}:{server.server_address[1]}"
    thread = threading.Thread(
        target=server.serve_forever, args=(0.1,), name="webhook", daemon=True
    )
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _host_and_port(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65_535:
        raise UsageError(
            f"--webhook {address!r} is not HOST:PORT",
            hint="for example --webhook 0.0.0.0:8080",
        )
    return host.strip("[]") or "0.0.0.0", int(port)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        import socket

        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Drop a caller that breaks off; strangers may call here."""


def _handler_for(receiver: WebhookReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _SILENCE
        server_version = "stt"
        sys_version = ""

        def log_message(self, *args: Any) -> None:
            return

        def _answer(self) -> None:
            size = self.headers.get("Content-Length") or "0"
            if not size.isdigit() or int(size) > _LONGEST_BODY:
                self._reply(WebhookReply(413, b"too long"))
                return
            body = self.rfile.read(int(size))
            headers = tuple(self.headers.items())
            call = WebhookCall(self.command, self.path, headers, body)
            self._reply(receiver.take(call))

        def _reply(self, reply: WebhookReply) -> None:
            with suppress(OSError):
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

        do_GET = do_POST = _answer  # noqa: N815 - the names http.server calls

    return Handler
