"""A job service that takes its time: every answer comes 50 ms after its request.

    python -m benchmarks.late_jobs [MILLISECONDS]

It prints its port and speaks as much of Azure's and Soniox's batch protocols as
jobs by address need: create, list, look. All jobs have succeeded when they are
looked at. `GET /counts` tells at once how many requests of each kind came, and
forgets them. Waiting costs it nothing, so two cores are the client's.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import Counter
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

_MOMENT = "2026-11-20T12:00:00Z"
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_AZURE = "/speechtotext/"


class Service:
    """Both services' jobs, by their IDs."""

    def __init__(self) -> None:
        self.azure: list[dict[str, object]] = []
        self.soniox: list[dict[str, object]] = []
        self.counts: Counter[str] = Counter()

    def answer(self, method: str, target: str, root: str, body: bytes) -> bytes:
        """Return the JSON of an answer."""
        path, _, query = target.partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if method == "POST":
            self.counts["create"] += 1
            made = self._azure_job if path.startswith(_AZURE) else self._soniox_job
            return json.dumps(made(json.loads(body), root)).encode()
        name = path.rpartition("/")[2]
        if name == "transcriptions":
            self.counts["list"] += 1
            if path.startswith(_AZURE):
                return self._azure_page(asked, root, target)
            return self._soniox_page(asked)
        self.counts["look"] += 1
        jobs = self.azure if path.startswith(_AZURE) else self.soniox
        key = "self" if jobs is self.azure else "id"
        return json.dumps(next(j for j in jobs if name in str(j[key]))).encode()

    def _azure_job(self, body: dict[str, object], root: str) -> dict[str, object]:
        job = {
            "self": f"{root}{_AZURE}transcriptions/{uuid4()}?api-version=2025-10-15",
            "displayName": body["displayName"],
            "locale": body["locale"],
            "customProperties": body["customProperties"],
            "createdDateTime": _MOMENT,
            "lastActionDateTime": _MOMENT,
            "properties": {"timeToLiveHours": 48},
            "status": "Succeeded",
        }
        self.azure.append(job)
        return {**job, "status": "NotStarted"}

    def _soniox_job(self, body: dict[str, object], root: str) -> dict[str, object]:
        job = {
            "id": str(uuid4()),
            "status": "completed",
            "created_at": _MOMENT,
            "model": body["model"],
            "audio_url": body["audio_url"],
            "filename": "a.wav",
            "audio_duration_ms": 1000,
            "client_reference_id": body["client_reference_id"],
        }
        self.soniox.append(job)
        return {**job, "status": "queued"}

    def _azure_page(self, asked: dict[str, str], root: str, target: str) -> bytes:
        start, top = int(asked.get("skip", 0)), int(asked.get("top", 100))
        page: dict[str, object] = {"values": self.azure[start : start + top]}
        if start + top < len(self.azure):
            path = target.partition("?")[0]
            version = asked.get("api-version", "")
            page["@nextLink"] = (
                f"{root}{path}?api-version={version}&top={top}&skip={start + top}"
            )
        return json.dumps(page).encode()

    def _soniox_page(self, asked: dict[str, str]) -> bytes:
        start, limit = int(asked.get("cursor", 0)), int(asked.get("limit", 1000))
        more = start + limit < len(self.soniox)
        cursor = str(start + limit) if more else None
        jobs = self.soniox[start : start + limit]
        return json.dumps({"transcriptions": jobs, "next_page_cursor": cursor}).encode()


class Connection(asyncio.Protocol):
    """One client's connection, kept open from request to request."""

    def __init__(self, service: Service, delay: float) -> None:
        self._service = service
        self._delay = delay
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is complete, later."""
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        length = int(found[1]) if (found := _LENGTH.search(head)) else 0
        if not end or len(rest) < length or self._transport is None:
            return
        self._received = rest[length:]
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        if target == "/counts":
            self._send(json.dumps(self._service.counts).encode())
            self._service.counts.clear()
            return
        port = self._transport.get_extra_info("sockname")[1]
        root = f"http://127.0.0.1:{port}"
        body = self._service.answer(method, urlsplit(target).geturl(), root, rest)
        loop = asyncio.get_running_loop()
        loop.call_later(self._delay, self._send, body, method == "POST")

    def _send(self, body: bytes, created: bool = False) -> None:
        status = b"201 Created" if created else b"200 OK"
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\n" % status
        assert self._transport is not None
        self._transport.write(
            b"%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body)
        )


async def main() -> None:
    """Serve until the process is ended."""
    delay = float(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 0.05
    service = Service()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(service, delay), "127.0.0.1", 0, backlog=256
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
