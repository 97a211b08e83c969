"""The documented ways in for a recording; each ends with a session's ID."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import AudioError, ProviderError, SttError, UsageError
from stt_cli.core.events import Identified, Notice, Progress, Sending
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.identifiers import Identifiers
from stt_cli.protocols.json_fields import integer, text
from stt_cli.protocols.scriptix.requests import TUS_CHUNK, put_blob
from stt_cli.protocols.scriptix.session import session_id_of, unwrapped
from stt_cli.providers.multipart import Part, multipart
from stt_cli.providers.recording_form import content_type, upload_body, upload_name
from stt_cli.providers.retry import REPEATABLE, UNREPEATABLE
from stt_cli.providers.scriptix.options import Submission
from stt_cli.providers.scriptix.service import PATIENT, Service

Step = Sending | Identified | Progress | Notice
Answer = dict[str, Any]


class Upload:
    """Hands in one recording by the route that was chosen."""

    def __init__(
        self,
        service: Service,
        source: AudioSource,
        wanted: Submission,
        name: str | None = None,
    ) -> None:
        self._service = service
        self._requests = service.requests
        self._source = source
        self._fields = wanted.fields
        self._route = wanted.route
        self._name = upload_name(source, name) if source.url is None else None

    def run(self) -> Generator[Step, None, Answer]:
        """Do it; returns the last answer that describes the session."""
        if self._source.url is not None:
            return (yield from self._by_url(self._source.url))
        match self._route:
            case "multipart":
                return (yield from self._in_one_form())
            case "tus":
                return (yield from self._resumable())
            case "legacy":
                return (yield from self._into_session())
            case _:
                return (yield from self._to_blob())

    def _by_url(self, url: str) -> Generator[Step, None, Answer]:
        """The service fetches the recording and starts at once."""
        if self._route == "legacy":
            answer = yield from self._create(self._fields, repeatable=True)
            session_id = _session_id(answer)
            yield Sending("upload", Identifiers.of(session_id=session_id))
            body = json.dumps({"video_url": url}).encode()
            request = self._requests.upload_to_session(
                session_id, "application/json", body
            )
            self._service.fetch(request, session_id, policy=UNREPEATABLE)
            return answer
        if self._route != "blob":
            raise UsageError(
                f"the upload route {self._route} takes files only",
                hint="leave --param upload=… out for an address",
            )
        fields = {**self._fields, "media_source": url}
        return (yield from self._create(fields, repeatable=False))

    def _to_blob(self) -> Generator[Step, None, Answer]:
        """A session, an address for the recording, the recording there."""
        answer = yield from self._create(self._fields, repeatable=True)
        session_id = _session_id(answer)
        ids = Identifiers.of(session_id=session_id)
        yield Sending("upload", ids)
        target = unwrapped(
            self._service.ask(
                self._requests.upload_url(session_id), session_id, policy=REPEATABLE
            )
        )
        url = text(target, "upload_url")
        if url is None:
            raise ProviderError("Scriptix gave no address for the upload", ids=ids)
        body = upload_body(self._source)
        self._check_size(body, integer(target, "max_file_size"))
        request = put_blob(url, content_type(self._source), body)
        try:
            yield from self._service.sender.upload(
                request, _read_blob, timeouts=PATIENT
            )
        except SttError as error:
            raise error.with_ids(ids) from None
        return answer

    def _into_session(self) -> Generator[Step, None, Answer]:
        """A session, then the recording into it: the oldest way."""
        answer = yield from self._create(self._fields, repeatable=True)
        session_id = _session_id(answer)
        yield Sending("upload", Identifiers.of(session_id=session_id))
        kind, body = self._form([self._file_part("upload")])
        request = self._requests.upload_to_session(session_id, kind, body)
        yield from self._send(request, session_id)
        return answer

    def _in_one_form(self) -> Generator[Step, None, Answer]:
        """The recording and its options in one form."""
        yield Sending("upload")
        plain = [
            Part(name, _as_text(value).encode())
            for name, value in self._fields.items()
            if name != "punctuation"  # this route has it on
        ]
        kind, body = self._form([*plain, self._file_part("audio_file")])
        request = self._requests.upload_form(kind, body)
        response = yield from self._send(request)
        answer = response.json_object()
        yield Identified(Identifiers.of(session_id=_session_id(answer)))
        return answer

    def _resumable(self) -> Generator[Step, None, Answer]:
        """The TUS protocol: parts of 50 MiB, each resumed where it broke off."""
        body = upload_body(self._source)
        if body.length is None:
            raise UsageError(
                "the upload route tus needs to know the length of the recording",
                hint="save it to a file first",
            )
        yield Sending("upload")
        request = self._requests.tus_create(body.length, self._metadata())
        created = self._service.fetch(request, policy=UNREPEATABLE)
        location = created.header("Location")
        if not location:
            raise ProviderError("Scriptix gave no address for the upload")
        url = urljoin(request.url, location)
        offset = 0
        while offset < body.length:
            offset = yield from self._append(url, body, offset)
        file_id = urlsplit(url).path.rstrip("/").rpartition("/")[2]
        answer = self._service.ask(self._requests.tus_file(file_id))
        ids = Identifiers.of(session_id=_session_id(answer), file_id=file_id)
        yield Identified(ids)
        return answer

    def _append(
        self, url: str, body: StreamedBody, offset: int
    ) -> Generator[Step, None, int]:
        """Send one part; returns where the next one begins."""
        total = body.length or 0
        attempts = 0
        while True:
            length = min(TUS_CHUNK, total - offset)
            part = StreamedBody(
                lambda at=offset, n=length: _slice(body, at, n),  # type: ignore[misc]
                length,
            )
            request = self._requests.tus_append(url, offset, part)
            try:
                for progress in self._send(request):
                    yield Progress(offset + progress.done, total, "bytes")
                return offset + length
            except SttError as error:
                attempts += 1
                if not error.transient or attempts > 4:
                    raise
                self._service.context.environment.sleep(0.5 * 2**attempts)
                arrived = self._service.fetch(self._requests.tus_offset(url))
                offset = int(arrived.header("Upload-Offset") or offset)
                if offset >= total:
                    return offset

    def _create(
        self, fields: Answer, *, repeatable: bool
    ) -> Generator[Step, None, Answer]:
        """Create a session. One without audio does nothing, so it may be repeated."""
        yield Sending("create")
        policy = REPEATABLE if repeatable else UNREPEATABLE
        answer = self._service.ask(self._requests.create(fields), policy=policy)
        yield Identified(Identifiers.of(session_id=_session_id(answer)))
        return answer

    def _send(
        self, request: HttpRequest, session_id: str | None = None
    ) -> Generator[Progress, None, HttpResponse]:
        def read(response: HttpResponse) -> HttpResponse:
            self._service.check(response, session_id)
            return response

        return (
            yield from self._service.sender.upload(
                request, read, policy=UNREPEATABLE, timeouts=PATIENT
            )
        )

    def _form(self, parts: list[Part]) -> tuple[str, StreamedBody]:
        return multipart(parts, self._service.context.environment.new_hex_id())

    def _file_part(self, name: str) -> Part:
        source = self._source
        return Part(name, upload_body(source), content_type(source), self._name)

    def _metadata(self) -> dict[str, str]:
        hooks = {k: v for k, v in self._fields.items() if k.startswith("webhook_")}
        plain = {
            name: _as_text(value)
            for name, value in self._fields.items()
            if name not in hooks and name != "document_type"
        }
        known = {
            "document_type": _as_text(self._fields.get("document_type", "document")),
            "filename": self._name or "",
            "filetype": content_type(self._source),
        }
        document = {"document": json.dumps(hooks)} if hooks else {}
        return plain | known | document

    def _check_size(self, body: StreamedBody, largest: int | None) -> None:
        if largest is not None and body.length is not None and body.length > largest:
            raise AudioError(
                f"{self._source.name} has {body.length} bytes, "
                f"Scriptix takes {largest} at most",
                hint="compress it, or add --param upload=tus",
            )


def _session_id(answer: Answer) -> str:
    found = session_id_of(answer)
    if found is None:
        raise ProviderError("Scriptix answered without the ID of the session")
    return found


def _read_blob(response: HttpResponse) -> None:
    if not response.is_success:
        raise ProviderError(
            f"the storage refused the recording: {response.excerpt or response.reason}",
            hint="the upload address may have expired: submit it again",
            http_status=response.status,
            transient=response.status >= 500 or response.status in (408, 429),
        )


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _slice(body: StreamedBody, offset: int, length: int) -> Iterator[bytes]:
    """Yield a part of a body, read from its start."""
    at = 0
    for block in body.blocks():
        piece = block[max(0, offset - at) : max(0, offset + length - at)]
        at += len(block)
        if piece:
            yield piece
        if at >= offset + length:
            return
