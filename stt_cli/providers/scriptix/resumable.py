"""The TUS protocol: an upload in parts, gone on with where it broke off."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any

from stt_cli.core.errors import NotFoundError, ProviderError
from stt_cli.core.events import Identified, Progress, Sending
from stt_cli.core.http_message import HttpResponse, StreamedBody
from stt_cli.core.identifiers import Identifiers
from stt_cli.net.bodies import slice_of
from stt_cli.net.redirects import target_of
from stt_cli.net.retry import (
    NEVER,
    REPEATABLE,
    UPLOAD,
    Attempt,
    run_with_retries,
)
from stt_cli.net.upload_progress import send_with_progress
from stt_cli.protocols.scriptix.requests import TUS_CHUNK
from stt_cli.providers.scriptix.service import SLOW_ANSWER, Service

_ELSEWHERE = (409, 423)
"""The service is at another offset, or still holds the part that was cut off: ask,
and go on from there (tus 1.0.0, "PATCH")."""
_POLICY = replace(UPLOAD, statuses=UPLOAD.statuses.union(_ELSEWHERE))


class ResumableUpload:
    """One upload of a body whose length is known, to one service.

    Args:
        earlier: the IDs of an attempt that was cut off, to go on with its upload.
    """

    def __init__(
        self, service: Service, body: StreamedBody, length: int, earlier: Identifiers
    ) -> None:
        self._service = service
        self._requests = service.requests
        self._body = body
        self._length = length
        self._earlier = earlier

    def run(
        self, metadata: Mapping[str, str]
    ) -> Generator[Sending | Identified | Progress, None, dict[str, Any]]:
        """Send the recording; returns the session that it became."""
        url, offset = self._so_far()
        if url is None:
            yield Sending("create")
            url = self._begin(metadata)
            yield Identified(self._ids(url))
        if offset < self._length:
            yield Sending("upload", self._ids(url))
            begin = offset
            yield from send_with_progress(
                lambda on_bytes: self._send_from(url, begin, on_bytes), self._length
            )
        return self._service.ask(self._requests.tus_file(_last_part(url)))

    def _so_far(self) -> tuple[str | None, int]:
        """Return where an interrupted upload is, and the bytes that arrived."""
        file_id = self._earlier.get("file_id")
        if file_id is None:
            return None, 0
        url = self._earlier.get("upload_url") or self._requests.tus_upload(file_id)
        try:
            return url, _offset(self._service.fetch(self._requests.tus_offset(url)), 0)
        except NotFoundError:
            return None, 0  # it expired

    def _begin(self, metadata: Mapping[str, str]) -> str:
        """Return the address of a new upload. An empty one does nothing."""
        request = self._requests.tus_create(self._length, metadata)
        created = self._service.fetch(request, policy=REPEATABLE)
        location = created.header("Location")
        if not location:
            raise ProviderError("Scriptix returned no upload URL")
        return target_of(request.url, location)[0]

    def _ids(self, url: str) -> Identifiers:
        """Return the upload's ID, and its address where the ID does not tell it."""
        file_id = _last_part(url)
        is_usual = url.rstrip("/") == self._requests.tus_upload(file_id)
        return Identifiers.of(file_id=file_id, upload_url=None if is_usual else url)

    def _send_from(
        self, url: str, offset: int, on_bytes: Callable[[int], None]
    ) -> None:
        while offset < self._length:
            offset = self._send_part(url, offset, on_bytes)

    def _send_part(self, url: str, begin: int, on_bytes: Callable[[int], None]) -> int:
        """Send the part from there on; returns where the next one begins.

        Of a part that was cut off, what arrived is gone on from as a part of its
        own: as long as something arrives it is not given up.
        """
        service = self._service
        end = min(begin + TUS_CHUNK, self._length)
        part = slice_of(self._body, begin, end)

        def read(response: HttpResponse) -> int:
            if response.status in _ELSEWHERE:
                raise ProviderError(
                    f"Scriptix rejected the upload at offset {begin}",
                    http_status=response.status,
                    transient=True,
                )
            service.check(response)
            return _further(_offset(response, end), begin)

        def once(attempt: Attempt) -> int:
            if attempt.number > 1:
                head = self._requests.tus_offset(url)
                arrived = _offset(service.fetch(head, policy=NEVER), begin)
                if arrived != begin:
                    return arrived
            return service.sender.send(
                self._requests.tus_append(url, begin, part),
                read,
                policy=NEVER,
                timeouts=SLOW_ANSWER,
                on_bytes=lambda count: on_bytes(begin + count),
            )

        context = service.context
        return run_with_retries(once, _POLICY, context.environment, context.log)


def _further(offset: int, begin: int) -> int:
    """Return where a part ended. Raises ``ProviderError`` if it moved nothing."""
    if offset <= begin:
        raise ProviderError("Scriptix accepted part of the upload but saved nothing")
    return offset


def _offset(response: HttpResponse, otherwise: int) -> int:
    offset = response.header("Upload-Offset") or ""
    return int(offset) if offset.isascii() and offset.isdigit() else otherwise


def _last_part(url: str) -> str:
    path = url.partition("?")[0].partition("#")[0]
    return path.rstrip("/").rpartition("/")[2]
