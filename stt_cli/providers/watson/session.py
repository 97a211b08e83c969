"""Recognition over an HTTP session: audio in one request, results in another.

The session is kept for the files of a run and deleted at its end, whatever the
end was. Interim results come from ``observe_result`` while the audio is posted;
the posted request's own answer has the last word.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, ProviderError, SttError
from stt_cli.core.events import Connected, Identified, Notice, RecognitionEvent, Started
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.net.client import Timeouts
from stt_cli.net.http_trace import in_this_context
from stt_cli.net.retry import NEVER, REPEATABLE
from stt_cli.protocols.json_fields import Fields, text
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.errors import failure, ids_of, lost_session
from stt_cli.protocols.watson.glued_json import GluedJson
from stt_cli.protocols.watson.parameters import Place, for_place, refuse_misplaced
from stt_cli.protocols.watson.results import Results, read_results
from stt_cli.protocols.watson.session import (
    INITIALIZED,
    WatsonSession,
    read_created,
    read_state,
)
from stt_cli.providers.watson.options import (
    body_of,
    parameters_of,
    refuse_too_large,
    size_as_pcm,
)
from stt_cli.providers.watson.rest import form_of
from stt_cli.providers.watson.service import SLOW_ANSWER, Service
from stt_cli.providers.watson.transcript_builder import TranscriptBuilder

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_PLACES = (Place.SESSION_CREATE, Place.SESSION_RECOGNIZE, Place.SESSION_OBSERVE)
_PLACES_OF_FORMS = (Place.SESSION_CREATE, Place.SESSION_OBSERVE)
_AS_A_FORM = "a multipart request (too many parameters for a URL)"
_READY_WITHIN_SECONDS = 30.0  # an idle session lives no longer
_PAUSE_SECONDS = 0.5
# Results that are ready and unread for 30 s end the session. An observation that
# says nothing may be a dead connection: ask again sooner than that.
OBSERVING = Timeouts(read=25.0)


@dataclass
class Sessions:
    """The session of a run, and what it was made with."""

    service: Service
    current: WatsonSession | None = None
    made_with: dict[str, Any] = field(default_factory=dict)
    _utterances: int = 0

    def opened(self, values: dict[str, Any]) -> tuple[WatsonSession, bool]:
        """Return a session for these parameters, and whether it is a new one."""
        wanted = for_place(values, Place.SESSION_CREATE)
        if self.current is not None and self.made_with == wanted:
            return self.current, False
        self.close()
        request = requests.create_session(self.service.base, values)
        session = self.service.send(
            request, lambda answer: read_created(self.service.read(answer))
        )
        if session.cookie is not None:
            self.service.context.environment.redactor.register(session.cookie)
        self.current, self.made_with = session, wanted
        return session, True

    def next_sequence_id(self) -> int:
        """Return a fresh ID; the one before would bring the old results back."""
        self._utterances += 1
        return self._utterances

    def forget(self) -> None:
        """The session is gone; nothing is left to delete."""
        self.current = None

    def close(self) -> None:
        """Delete the session; one that is gone already is deleted too."""
        session, self.current = self.current, None
        if session is None:
            return
        request = requests.delete_session(self.service.base, session.id)
        try:
            self.service.ask(in_session(request, session), policy=NEVER)
        except NotFoundError:
            pass
        except INTERRUPTIONS:
            raise
        except SttError as error:
            self.service.context.log(
                f"cannot delete session {session.id}: {error.message}"
            )


def in_session(request: HttpRequest, session: WatsonSession) -> HttpRequest:
    """Return a request with the session's cookie, bound to the service's host."""
    return replace(request, credentials=session.cookie_header())


def recognize(
    sessions: Sessions,
    source: AudioSource,
    options: RecognizeOptions,
    reason: str | None = None,
) -> Iterator[RecognitionEvent]:
    """Recognize one input within the run's session."""
    # Only the service of 2018 has sessions.
    values = parameters_of(options, source.encoding.sample_rate, of_2018=True)
    refuse_misplaced(values, *_PLACES, transport="session")
    refuse_too_large(body_of(source)[1].length or size_as_pcm(source))
    yield from _ready_session(sessions, values, options, reason)
    session = sessions.current
    assert session is not None
    yield Connected()
    sequence_id = sessions.next_sequence_id()
    work = _Work(sessions.service, session, sequence_id, values, source, options)
    builder = TranscriptBuilder(
        speakers=options.speakers,
        keep_raw=options.keep_raw,
        waits="enrichments" in options.params,
    )
    if session.urls:
        builder.note("session", dict(session.urls))
    try:
        yield from work.run(builder, interim=options.interim is not False)
    except SttError as error:
        gone = isinstance(error, NotFoundError)
        if gone or error.provider_code == "session closed":
            sessions.forget()
        raise
    yield from builder.end(source.duration)


def _ready_session(
    sessions: Sessions,
    values: dict[str, Any],
    options: RecognizeOptions,
    reason: str | None,
) -> Iterator[RecognitionEvent]:
    """Give out the session's ID at once, then wait until it is initialized."""
    for attempt in (1, 2):
        session, is_new = sessions.opened(values)
        yield Started(
            Identifiers.of(session_id=session.id),
            transport="session",
            language=options.language,
            reason=reason,
        )
        try:
            _wait_until_ready(sessions.service, session)
        except NotFoundError as error:
            sessions.forget()
            if is_new or attempt == 2:
                raise
            yield Notice(f"{error.message}; starting a new session")
        else:
            return


def _wait_until_ready(service: Service, session: WatsonSession) -> None:
    environment = service.context.environment
    deadline = environment.monotonic() + _READY_WITHIN_SECONDS
    request = in_session(requests.session_status(service.base, session.id), session)
    while True:
        state = service.send(request, lambda answer: _state(service, session, answer))
        if state == INITIALIZED:
            return
        if environment.monotonic() >= deadline:
            raise ProviderError(
                f"the session is not ready: {state}",
                ids=Identifiers.of(session_id=session.id),
            )
        environment.sleep(_PAUSE_SECONDS)


def _state(service: Service, session: WatsonSession, response: HttpResponse) -> str:
    _raise_if_lost(session, response)
    return read_state(service.read(response))


def _raise_if_lost(session: WatsonSession, response: HttpResponse) -> None:
    cookie = session.cookie.reveal() if session.cookie else None
    lost = lost_session(response, session.id, cookie)
    if lost is not None:
        raise lost


def _start(work: Callable[[], None]) -> None:
    threading.Thread(target=in_this_context(work), daemon=True).start()


@dataclass
class _Work:
    """One recognition: a thread posts, another observes, the caller listens."""

    service: Service
    session: WatsonSession
    sequence_id: int
    values: dict[str, Any]
    source: AudioSource
    options: RecognizeOptions
    _heard: queue.SimpleQueue[tuple[str, Any]] = field(
        default_factory=queue.SimpleQueue
    )
    _over: threading.Event = field(default_factory=threading.Event)

    def run(
        self, builder: TranscriptBuilder, *, interim: bool
    ) -> Iterator[RecognitionEvent]:
        """Yield results as they come; return when the posted request has ended."""
        if interim:
            _start(self._observe)
        _start(self._post)
        shown = 0
        try:
            while True:
                kind, value = self._heard.get()
                if kind == "failed":
                    raise value
                if kind == "answered":
                    yield from self._last_word(value, builder, shown)
                    return
                position, fields = value
                results = read_results(fields)
                finals = sum(u.is_final for u in results.utterances)
                # A second observation begins again: what was shown stays shown.
                if position + finals > shown or not finals:
                    fresh = max(shown - position, 0)
                    yield from builder.take_results(_without_finals(results, fresh))
                    shown = max(shown, position + finals)
        finally:
            self._over.set()

    def _last_word(
        self, response: HttpResponse, builder: TranscriptBuilder, shown: int
    ) -> Iterator[RecognitionEvent]:
        ids = ids_of(response)
        if ids:
            yield Identified(ids)
        results = read_results(response.json_object())
        yield from builder.take_results(_without_finals(results, shown))

    def _post(self) -> None:
        media_type, body = body_of(self.source, self.options)
        try:
            request = self._request(media_type, body)
            response = self.service.send(
                in_session(request, self.session),
                self._read,
                policy=REPEATABLE if body.repeatable else NEVER,
                timeouts=SLOW_ANSWER,
            )
        except BaseException as fault:  # raised again by the listener
            self._heard.put(("failed", fault))
        else:
            self._heard.put(("answered", response))

    def _request(self, media_type: str, body: StreamedBody) -> HttpRequest:
        service, session_id = self.service, self.session.id
        values = {**self.values, "sequence_id": self.sequence_id}
        if not requests.needs_multipart(values):
            return requests.session_recognize(
                service.base, session_id, values, media_type, body
            )
        refuse_misplaced(
            self.values, Place.MULTIPART, *_PLACES_OF_FORMS, transport=_AS_A_FORM
        )
        metadata = requests.multipart_metadata(values, media_type, 1)
        content_type, form = form_of(service, metadata, media_type, [body])
        return requests.session_recognize_multipart(
            service.base, session_id, values, content_type, form
        )

    def _read(self, response: HttpResponse) -> HttpResponse:
        _raise_if_lost(self.session, response)
        return self.service.read(response)

    def _observe(self) -> None:
        """Ask for results, and again whenever asking timed out or broke off."""
        environment = self.service.context.environment
        while not self._over.is_set():
            try:
                self._observe_once()
                return
            except SttError as error:
                if not _may_ask_again(error):
                    # The posted request tells what is wrong, or has all results.
                    self.service.context.log(f"observe_result: {error.message}")
                    return
            environment.sleep(_PAUSE_SECONDS)

    def _observe_once(self) -> None:
        request = requests.observe(
            self.service.base, self.session.id, self.sequence_id, interim=True
        )
        request = self.service.authorized(in_session(request, self.session))
        objects, position = GluedJson(), 0
        with self.service.sender.stream(
            request, self.service.error, policy=NEVER, timeouts=OBSERVING
        ) as stream:
            for block in stream.blocks():
                for fields in objects.feed(block):
                    position = self._pass_on(position, fields)
                if self._over.is_set():
                    return
            objects.finish()

    def _pass_on(self, position: int, fields: Fields) -> int:
        words = text(fields, "error")
        if words is not None:
            raise failure(words, session_closed=fields.get("session_closed") is True)
        self._heard.put(("observed", (position, fields)))
        finals = [u for u in read_results(fields).utterances if u.is_final]
        return position + len(finals)


def _without_finals(results: Results, count: int) -> Results:
    """Return results less their first ``count`` final ones."""
    kept, left = [], count
    for utterance in results.utterances:
        if utterance.is_final and left > 0:
            left -= 1
        else:
            kept.append(utterance)
    return replace(results, utterances=tuple(kept))


def _may_ask_again(error: SttError) -> bool:
    closed = error.provider_code == "session closed"
    return not closed and (error.transient or error.http_status == 408)
