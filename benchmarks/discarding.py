"""A server that takes uploads and throws them away: the routes of four services.

    python -m benchmarks.discarding

Prints its address. Every recording that is put, posted or patched is read and
forgotten, and the answer is what Scriptix, Soniox, Watson or Azure would say.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

_BLOCK = 1 << 20
_CREATED = "2026-01-01T00:00:00Z"
_SESSION = "/api/v3/speech-to-text/session"


def main() -> None:
    """Serve until the process is ended."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


def serve(connection: socket.socket) -> None:
    """Answer one request after the other."""
    with connection, suppress(ConnectionError):
        room = bytearray(_BLOCK)
        while (head := _read_head(connection)) is not None:
            method, path, headers, rest = head
            if headers.get("expect", "").lower() == "100-continue":
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            taken = _discard(connection, headers, rest, room)
            status, more, body = _answer(method, path, headers, taken)
            told = b"" if body is None else json.dumps(body).encode()
            if told:
                more = {**more, "Content-Type": "application/json"}
            lines = [f"HTTP/1.1 {status} OK", f"Content-Length: {len(told)}"]
            lines += [f"{name}: {value}" for name, value in more.items()]
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + told)


def _read_head(
    connection: socket.socket,
) -> tuple[str, str, dict[str, str], bytes] | None:
    data = b""
    while b"\r\n\r\n" not in data:
        block = connection.recv(65_536)
        if not block:
            return None
        data += block
    head, _, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    return method, path, {n.lower(): v.strip() for n, _, v in pairs}, rest


def _discard(
    connection: socket.socket, headers: Mapping[str, str], rest: bytes, room: bytearray
) -> int:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _discard_chunks(connection, rest)
    length = int(headers.get("content-length", 0))
    left = length - len(rest)
    while left > 0:
        count = connection.recv_into(room, min(left, _BLOCK))
        if not count:
            raise ConnectionResetError
        left -= count
    return length


def _discard_chunks(connection: socket.socket, rest: bytes) -> int:
    taken = 0
    with connection.makefile("rb") as stream:
        data = rest  # what came with the head; the stream has what follows

        def line() -> bytes:
            nonlocal data
            while b"\r\n" not in data:
                if not (block := stream.read1(65_536)):
                    raise ConnectionResetError
                data += block
            found, _, data = data.partition(b"\r\n")
            return found

        while size := int(line().split(b";")[0], 16):
            taken += size
            while len(data) < size + 2:
                size -= len(data)
                if not (data := stream.read1(_BLOCK)):
                    raise ConnectionResetError
            data = data[size + 2 :]
        line()
    return taken


def _answer(
    method: str, path: str, headers: Mapping[str, str], taken: int
) -> tuple[int, dict[str, str], Any]:
    """Return status, headers and JSON as the service of that path would."""
    host = f"http://{headers.get('host', '')}"
    path = path.partition("?")[0]
    match method, path:
        case "POST", "/v1/recognitions":
            job = {"id": "watson-1", "status": "waiting", "created": _CREATED}
            return 201, {}, {**job, "url": f"{host}/v1/recognitions/watson-1"}
        case "POST", "/v1/files":
            file = {"id": "file-1", "filename": "a.wav", "size": taken}
            return 201, {}, {**file, "created_at": _CREATED}
        case "POST", "/v1/transcriptions":
            job = {"id": "soniox-1", "status": "queued", "created_at": _CREATED}
            return 201, {}, {**job, "model": "m", "file_id": "file-1"}
        case "POST", "/api/v3/stt":
            return 201, {}, {"id": "stt_1", "status": "uploaded"}
        case "POST", "/api/v3/files/":
            return 201, {"Location": "/api/v3/files/tus-1"}, None
        case "PATCH", _:
            end = int(headers.get("upload-offset", 0)) + taken
            return 204, {"Upload-Offset": str(end)}, None
        case "POST", _ if path == _SESSION:
            return 201, {}, {"result": {"session_id": "session-1", "status": "new"}}
        case "POST", _ if path.endswith("/upload-url"):
            return 200, {}, {"result": {"upload_url": f"{host}/blob/1"}}
        case "POST", _ if path.endswith(":transcribe"):
            text = {"text": "Hello."}
            return 200, {}, {"combinedPhrases": [text], "phrases": []}
        case "PUT", _:
            return 201, {}, None
        case _:
            return 200, {}, {"result": {"session_id": "session-1", "status": "new"}}


if __name__ == "__main__":
    sys.exit(main())
