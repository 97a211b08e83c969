"""A way to the server that can be cut in the worst moment."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class CuttingProxy:
    """Hands bytes on to a server, until it sees the ones it waits for."""

    def __init__(self, server_port: int) -> None:
        self._server = ("127.0.0.1", server_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cuts = 0
        self._lock = threading.Lock()
        self._words: bytes | None = None
        self._hand_on = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_at(self, words: bytes) -> None:
        """Cut the connection that sends these words, before they arrive."""
        self._words, self._hand_on = words, False

    def lose_answer_to(self, words: bytes) -> None:
        """Hand these words on, and cut instead of handing the answer back."""
        self._words, self._hand_on = words, True

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                answers = threading.Event()
                answers.set()
                for target, arguments in (
                    (self._ask, (client, server, answers)),
                    (self._answer, (server, client, answers)),
                ):
                    threading.Thread(target=target, args=arguments, daemon=True).start()

    def _ask(
        self, client: socket.socket, server: socket.socket, answers: threading.Event
    ) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                if self._met(data):
                    answers.clear()
                    if self._hand_on:
                        server.sendall(data)
                    else:
                        _end(client, server)
                    continue
                server.sendall(data)
        _end(client, server)

    def _answer(
        self, server: socket.socket, client: socket.socket, answers: threading.Event
    ) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if not answers.is_set():
                    break
                client.sendall(data)
        _end(client, server)

    def _met(self, data: bytes) -> bool:
        with self._lock:
            if self._words is None or self._words not in data:
                return False
            self._words = None
            self.cuts += 1
            return True


def _end(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@contextmanager
def cutting_proxy(server_port: int) -> Iterator[CuttingProxy]:
    """Stand between a client and the server of that port."""
    proxy = CuttingProxy(server_port)
    try:
        yield proxy
    finally:
        proxy.close()
