"""The documented ways in for a recording; each ends with a session's ID.

A submission that was cut off is looked for first. A session has no reference of
the client's: one whose ID was learned is asked after; one whose ID was lost with
the answer can only be told by the name of its recording, and that is never enough
to call it ours.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any
from urllib.parse import unquote, urlsplit

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import (
    AudioError,
    NotFoundError,
    ProviderError,
    SttError,
    UsageError,
)
from stt_cli.core.events import Identified, Notice, Progress, Sending
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.job import JobState
from stt_cli.net.bodies import FormPart, multipart
from stt_cli.net.idempotent_create import find_when_settled
from stt_cli.net.retry import REPEATABLE, UNREPEATABLE
from stt_cli.protocols.json_fields import Fields, integer, text
from stt_cli.protocols.scriptix.requests import LARGEST_PAGE, put_blob
from stt_cli.protocols.scriptix.session import read_session, session_id_of, unwrapped
from stt_cli.providers.recording_form import content_type, upload_body, upload_name
from stt_cli.providers.recovery import uncertain
from stt_cli.providers.scriptix.options import Submission
from stt_cli.providers.scriptix.resumable import ResumableUpload
from stt_cli.providers.scriptix.service import SLOW_ANSWER, Service

_EMPTY = "new"  # the state of a session that has no recording yet
Step = Sending | Identified | Progress | Notice
Answer = dict[str, Any]


def session_made(service: Service, session_id: str | None) -> dict[str, Any] | None:
    """Return the session of that ID, ``None`` where there is none."""
    if session_id is None:
        return None
    try:
        answer = service.ask(service.requests.session(session_id), session_id)
    except NotFoundError:
        return None
    return {"session_id": session_id, **unwrapped(answer)}


def is_empty(session: Fields) -> bool:
    """Whether a session still waits for its recording."""
    return text(session, "status") == _EMPTY


def candidates(
    service: Service,
    source: AudioSource,
    filename: str | None,
    interrupted: InterruptedSubmission,
) -> list[str]:
    """Return the sessions that may be the interrupted one's.

    One that failed is none: its recording is to be submitted again anyway.
    """
    if source.url is not None:
        filename = unquote(urlsplit(source.url).path.rpartition("/")[2])
    found = []
    for fields in service.sessions(size=LARGEST_PAGE):
        job_id = session_id_of(fields)
        if job_id is None or is_empty(fields) or interrupted.is_known(job_id):
            continue
        job = read_session(fields)
        if (
            job.state is not JobState.FAILED
            and job.input in (None, filename)
            and interrupted.may_have_made(job.created)
        ):
            found.append(job_id)
    return found


class Upload:
    """Hands in one recording by the route that was chosen."""

    def __init__(
        self,
        service: Service,
        source: AudioSource,
        wanted: Submission,
        name: str | None = None,
        interrupted: InterruptedSubmission | None = None,
    ) -> None:
        self._service = service
        self._requests = service.requests
        self._source = source
        self._fields = wanted.fields
        self._route = wanted.route
        self._name = upload_name(source, name) if source.url is None else None
        self._interrupted = interrupted
        self._empty: Answer | None = None  # a session that waits for its recording

    def run(self) -> Generator[Step, None, Answer]:
        """Do it; returns the last answer that describes the session."""
        if self._interrupted is not None:
            made = self._made_before(self._interrupted)
            if made is not None:
                return made
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

    def _made_before(self, interrupted: InterruptedSubmission) -> Answer | None:
        """Return the session that an interrupted attempt handed a recording to.

        Raises:
            UncertainError: there may be one, and its ID is not known.
        """
        session_id = interrupted.ids.get("session_id")
        in_one_request = self._route == "multipart" or (
            self._route == "blob" and self._source.url is not None
        )
        if session_id is not None:
            return self._known_session(session_id, interrupted, in_one_request)
        if in_one_request:
            taken = find_when_settled(
                lambda: (
                    candidates(self._service, self._source, self._name, interrupted)
                    or None
                ),
                interrupted,
                self._service.context,
            )
            if taken is not None:
                name = self._source.name
                raise uncertain("Scriptix", "scriptix", name, interrupted, taken)
        return None

    def _known_session(
        self, session_id: str, interrupted: InterruptedSubmission, in_one_request: bool
    ) -> Answer | None:
        """Return the session if it has its recording; an empty one is to get it."""

        def look() -> Answer | None:
            session = session_made(self._service, session_id)
            self._empty = None
            if session is None or in_one_request or not is_empty(session):
                return session
            self._empty = session
            return None

        if self._route == "legacy" and interrupted.step == "upload":
            return find_when_settled(look, interrupted, self._service.context)
        return look()  # the other ways in may be gone twice

    def _by_url(self, url: str) -> Generator[Step, None, Answer]:
        """The service fetches the recording and starts at once."""
        if self._route == "legacy":
            answer = yield from self._session()
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
                f"the upload route {self._route} only accepts files",
                hint="remove --param upload=… for a URL",
            )
        fields = {**self._fields, "media_source": url}
        return (yield from self._create(fields, repeatable=False))

    def _to_blob(self) -> Generator[Step, None, Answer]:
        """A session, an address for the recording, the recording there."""
        answer = yield from self._session()
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
            raise ProviderError("Scriptix returned no upload URL", ids=ids)
        body = upload_body(self._source)
        self._check_size(body, integer(target, "max_file_size"))
        request = put_blob(url, content_type(self._source), body)
        try:
            yield from self._service.sender.upload(
                request, _read_blob, timeouts=SLOW_ANSWER
            )
        except SttError as error:
            raise error.with_ids(ids) from None
        return answer

    def _into_session(self) -> Generator[Step, None, Answer]:
        """A session, then the recording into it: the oldest way."""
        answer = yield from self._session()
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
            FormPart(name, _as_text(value).encode())
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
        earlier = self._interrupted.ids if self._interrupted else Identifiers()
        upload = ResumableUpload(self._service, body, body.length, earlier)
        answer = yield from upload.run(self._metadata())
        yield Identified(Identifiers.of(session_id=_session_id(answer)))
        return answer

    def _session(self) -> Generator[Step, None, Answer]:
        """Return a session without audio: a new one, or that of an earlier attempt."""
        if self._empty is not None:
            return self._empty
        return (yield from self._create(self._fields, repeatable=True))

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
                request, read, policy=UNREPEATABLE, timeouts=SLOW_ANSWER
            )
        )

    def _form(self, parts: list[FormPart]) -> tuple[str, StreamedBody]:
        return multipart(parts, self._service.context.environment.new_hex_id())

    def _file_part(self, name: str) -> FormPart:
        source = self._source
        return FormPart(name, upload_body(source), content_type(source), self._name)

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
                f"{self._source.name} has {body.length} bytes, but Scriptix accepts "
                f"at most {largest}",
                hint="compress it, or add --param upload=tus",
            )


def _session_id(answer: Answer) -> str:
    found = session_id_of(answer)
    if found is None:
        raise ProviderError("Scriptix returned no session ID")
    return found


def _read_blob(response: HttpResponse) -> None:
    if not response.is_success:
        raise ProviderError(
            "the storage rejected the recording: "
            f"{response.excerpt or response.reason}",
            hint="the upload URL may have expired; submit the recording again",
            http_status=response.status,
            transient=response.status >= 500 or response.status in (408, 429),
        )


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
