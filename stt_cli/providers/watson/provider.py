"""Watson behind the interface of providers."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.core.catalog import Check, Language, Model, Voice
from stt_cli.core.errors import INTERRUPTIONS, SttError, UsageError
from stt_cli.core.events import Notice, RecognitionEvent, SubmissionEvent
from stt_cli.core.job import Job
from stt_cli.core.options import (
    JobOptions,
    JobQuery,
    RecognizeOptions,
    SpeechOptions,
    SpeechText,
    Transport,
    VoiceQuery,
)
from stt_cli.core.polling import PollPolicy
from stt_cli.core.speech import SpeechEvent
from stt_cli.core.transcript import Transcript
from stt_cli.core.webhook import RegisteredWebhook, WebhookReader
from stt_cli.net.client import HttpClient
from stt_cli.net.messages import QUICK
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.callbacks import read_call
from stt_cli.protocols.watson.models import locale_of, read_model, read_models
from stt_cli.protocols.watson.requests import LARGEST_AUDIO
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.upload_estimate import UploadEstimate
from stt_cli.providers.watson import jobs as batch
from stt_cli.providers.watson.connection_pool import ConnectionPool
from stt_cli.providers.watson.options import size_as_pcm, wants_keep_alive
from stt_cli.providers.watson.service import Service
from stt_cli.providers.watson.spec import SPEC

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.providers.watson.realtime import Socket
    from stt_cli.providers.watson.session import Sessions

# Above this the WebSocket is the better way: results come while audio goes, and
# nothing waits silently for minutes.
_LONG_SECONDS = 60.0


class Watson(Provider):
    """One command's work with Watson."""

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(SPEC, context)
        self._sender = HttpClient(context)
        self._service = Service(context, self._sender)
        self._sockets = ConnectionPool(self._socket)
        self._sessions = ConnectionPool(self._session)
        self._kept = batch.KeptAnswers()

    @cached_property
    def _voice(self) -> Service:
        return Service(self.context, self._sender, speaks=True)

    def _socket(self) -> Socket:
        from stt_cli.providers.watson.realtime import Socket

        return Socket(self._service)

    def _session(self) -> Sessions:
        from stt_cli.providers.watson.session import Sessions

        return Sessions(self._service)

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one input over the transport that fits or was named."""
        transport, reason = _chosen(source, options)
        yield from _billing(options)
        options = yield from self._with_language(source, options)
        if transport is Transport.WEBSOCKET:
            from stt_cli.providers.watson import realtime

            with self._sockets.one() as socket:
                yield from realtime.recognize(socket, source, options, reason)
        elif transport is Transport.SESSION:
            from stt_cli.providers.watson import session

            with self._sessions.one() as sessions:
                yield from session.recognize(sessions, source, options, reason)
        else:
            from stt_cli.providers.watson import rest

            yield from rest.recognize(self._service, source, options, reason)

    def _with_language(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Generator[Notice, None, RecognizeOptions]:
        """Return the options with the language that the service hears, if asked for."""
        if not options.detects_language:
            return options
        from stt_cli.providers.watson.rest import detect_language

        detected = detect_language(self._service, source)
        sure = "" if detected.confidence is None else f" ({detected.confidence:g})"
        yield Notice(f"Watson detected the language {detected.tag}{sure}")
        return replace(options, language=locale_of(detected.tag))

    def recognize_together(
        self, sources: Sequence[AudioSource], options: RecognizeOptions
    ) -> Iterator[tuple[int, RecognitionEvent]]:
        """Recognize files of one format in one multipart request."""
        from stt_cli.providers.watson import rest

        return rest.recognize_together(self._service, sources, options)

    def preview_together(
        self, sources: Sequence[AudioSource], options: RecognizeOptions
    ) -> str:
        """Return the one request for all of them."""
        from stt_cli.providers.watson import rest

        return rest.preview_together(self._service, sources, options)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the request of a recognition."""
        from stt_cli.providers.watson.preview import preview

        transport, _reason = _chosen(source, options)
        request = preview(self._service.base, transport, source, options)
        return self._preview_of_detection(options) + request

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Return the size of a recognition, and whether it is outside the bounds."""
        from stt_cli.providers.watson.preview import upload_estimate

        transport, _reason = _chosen(source, options)
        return upload_estimate(transport, source)

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Hand in one recording."""
        chosen = yield from self._with_language(source, options.recognition)
        options = replace(options, recognition=chosen)
        yield from batch.submit(self._service, source, options)

    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        """Return what a submission would send."""
        request = batch.preview(self._service, source, options)
        return self._preview_of_detection(options.recognition) + request

    def _preview_of_detection(self, options: RecognizeOptions) -> str:
        if not options.detects_language:
            return ""
        return f"POST {self._service.base}/v1/detect_language\n"

    def job(self, job_id: str) -> Job:
        """Return where a job stands."""
        return batch.job(self._service, job_id)

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield the latest jobs."""
        return batch.jobs(self._service, query)

    def job_states(
        self, job_ids: Sequence[str]
    ) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where each of these jobs stands, by as few requests as possible."""
        return batch.job_states(self._service, job_ids, self._kept)

    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield the transcript of a finished job."""
        return batch.transcripts(self._service, job, self._kept)

    def delete_job(self, job_id: str) -> None:
        """Remove a job and its results."""
        batch.delete(self._service, job_id)

    def polling(self, job: Job | None) -> PollPolicy:
        """Return how often to ask: jobs take about as long as they are."""
        return PollPolicy()

    def create_webhook(
        self, url: str, events: Sequence[str], name: str | None
    ) -> RegisteredWebhook:
        """Register an address, which Watson challenges; jobs may then name it."""
        return batch.register(self._service, url, events, name)

    def delete_webhook(self, webhook_id: str) -> None:
        """Take a registration back; its address is its ID."""
        self._service.ask(requests.unregister_callback(self._service.base, webhook_id))

    def webhook_reader(self) -> WebhookReader:
        """Return what answers challenges and verifies notifications."""
        secret = self.context.secrets.get("webhook_secret")
        return lambda call: read_call(call, secret)

    def synthesize(
        self, speech: SpeechText, options: SpeechOptions
    ) -> Iterator[SpeechEvent]:
        """Speak."""
        from stt_cli.providers.watson.speech import synthesize

        return synthesize(self._voice, speech, options)

    def voices(self, query: VoiceQuery) -> Iterator[Voice]:
        """Yield the voices."""
        from stt_cli.providers.watson.speech import voices

        return voices(self._voice, query)

    def models(self) -> Iterator[Model]:
        """Yield the recognition models."""
        answer = self._service.ask(requests.models(self._service.base))
        yield from read_models(answer.json_object())

    def model(self, name: str) -> Model:
        """Return one model. Raises ``NotFoundError``."""
        answer = self._service.ask(requests.model(self._service.base, name))
        return read_model(answer.json_object())

    def languages(self) -> Iterator[Language]:
        """Yield the languages that any model knows."""
        tags = {tag for model in self.models() for tag in model.languages}
        for tag in sorted(tags):
            yield Language(tag)

    def checks(self) -> Iterator[Check]:
        """Yield whether the credentials are taken where they are sent."""
        try:
            self._sender.timeouts = QUICK
            self._service.ask(requests.models(self._service.base))
        except INTERRUPTIONS:
            raise
        except SttError as error:
            yield Check("credentials", "failed", error.message, error.hint)
        else:
            yield Check("credentials", "ok", f"{self._service.base} accepts them")

    def close(self) -> None:
        """Close the sockets, delete the sessions, close every connection."""
        self._sockets.close()
        self._sessions.close()
        self._sender.close()


def _billing(options: RecognizeOptions) -> Iterator[RecognitionEvent]:
    if wants_keep_alive(options):
        yield Notice("silence is sent while the input pauses, and IBM charges for it")
    if options.params.get("inactivity_timeout", ("",))[-1] == "-1":
        yield Notice("without an inactivity timeout, IBM keeps charging for silence")


def _chosen(
    source: AudioSource, options: RecognizeOptions
) -> tuple[Transport, str | None]:
    """Return the transport, and why where it was left to us."""
    if options.transport is Transport.REST and options.interim:
        raise UsageError(
            "REST returns all results at the end, without partial results",
            hint="use --transport websocket or session",
        )
    if options.transport is not Transport.AUTO:
        return options.transport, None
    if options.interim:
        return Transport.WEBSOCKET, "partial results require the WebSocket"
    if source.live:
        return Transport.WEBSOCKET, "the audio is live"
    if (size_as_pcm(source) or 0) > LARGEST_AUDIO:
        return Transport.REST, "it is larger than the WebSocket limit of 100 MB"
    if (source.duration or _LONG_SECONDS) >= _LONG_SECONDS:
        return Transport.WEBSOCKET, "the recording is long"
    return Transport.REST, "the recording is short"


def open_watson(context: ProviderContext) -> Provider:
    """Return the provider."""
    return Watson(context)
