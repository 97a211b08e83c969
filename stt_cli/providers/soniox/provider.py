"""Soniox behind the interface of providers.

A command needs one of its parts: each is loaded when it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.audio.source import AudioSource
from stt_cli.core.catalog import Check, Language, Model, Voice
from stt_cli.core.errors import INTERRUPTIONS, SttError
from stt_cli.core.events import RecognitionEvent, SubmissionEvent
from stt_cli.core.job import Job
from stt_cli.core.options import (
    FileQuery,
    JobOptions,
    JobQuery,
    RecognizeOptions,
    SpeechOptions,
    SpeechText,
    VoiceQuery,
)
from stt_cli.core.polling import PollPolicy
from stt_cli.core.speech import SpeechEvent
from stt_cli.core.transcript import Transcript
from stt_cli.core.uploaded_file import UploadedFile
from stt_cli.net.messages import QUICK
from stt_cli.protocols.json_fields import items
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.soniox.service import Service
from stt_cli.providers.soniox.spec import SPEC
from stt_cli.providers.upload_estimate import UploadEstimate

if TYPE_CHECKING:
    from datetime import datetime

    from stt_cli.core.usage import Usage
    from stt_cli.core.webhook import WebhookReader
    from stt_cli.providers.soniox.jobs import Jobs

# Two hours of audio take about three minutes; no interval is documented.
_POLLING = PollPolicy(steps=((10.0, 1.0), (60.0, 3.0)), then=10.0, floor=1.0)


class Soniox(Provider):
    """One command's work with Soniox."""

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(SPEC, context)
        self._service = Service(context)

    @cached_property
    def _jobs(self) -> Jobs:
        from stt_cli.providers.soniox.jobs import Jobs

        return Jobs(self._service)

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one input over the real-time socket."""
        from stt_cli.providers.soniox import stream

        return stream.recognize(self._service, source, options)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the first message of the stream."""
        from stt_cli.providers.soniox import stream

        return stream.preview(self._service, options)

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Return the stream's size, and whether it is too long."""
        from stt_cli.providers.soniox import stream

        return stream.upload_estimate(source)

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Hand in one recording."""
        return self._jobs.submit(source, options)

    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        """Return what a submission would send."""
        return self._jobs.preview(source, options)

    def job(self, job_id: str) -> Job:
        """Return where a transcription stands."""
        return self._jobs.job(job_id)

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield the project's transcriptions."""
        return self._jobs.jobs(query)

    def job_states(
        self, job_ids: Sequence[str]
    ) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where transcriptions stand, many of them by few requests."""
        return self._jobs.job_states(job_ids)

    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield the transcript of a finished job."""
        return self._jobs.transcripts(job)

    def delete_job(self, job_id: str) -> None:
        """Remove a transcription and its uploaded file."""
        self._jobs.delete(job_id)

    def uploaded_files(self, query: FileQuery) -> Iterator[UploadedFile]:
        """Yield the project's uploads."""
        from stt_cli.providers.soniox.files import uploaded_files

        return uploaded_files(self._service, query)

    def delete_file(self, file_id: str) -> None:
        """Remove an upload."""
        self._service.remove(self._service.requests.delete_file(file_id))

    def polling(self, job: Job | None) -> PollPolicy:
        """Return how often to ask after a job."""
        return _POLLING

    def webhook_reader(self) -> WebhookReader:
        """Return what reads and verifies notifications."""
        from stt_cli.providers.soniox.jobs import reader_of

        return reader_of(self.context)

    def synthesize(
        self, speech: SpeechText, options: SpeechOptions
    ) -> Iterator[SpeechEvent]:
        """Speak."""
        from stt_cli.providers.soniox import speech as speaking

        return speaking.synthesize(self._service, speech, options)

    def voices(self, query: VoiceQuery) -> Iterator[Voice]:
        """Yield the voices of synthesis."""
        from stt_cli.providers.soniox.speech import voices

        return voices(self._service, query)

    def models(self) -> Iterator[Model]:
        """Yield the models of recognition, then those of synthesis."""
        from stt_cli.protocols.soniox.objects import read_models

        for request in (
            self._service.requests.models(),
            self._service.requests.speech_models(),
        ):
            yield from read_models(self._service.ask(request))

    def languages(self) -> Iterator[Language]:
        """Yield the languages that any model of recognition knows."""
        answer = self._service.ask(self._service.requests.models())
        names: dict[str, str | None] = {}
        for model in items(answer, "models"):
            for language in items(model, "languages"):
                names.setdefault(str(language.get("code")), language.get("name"))
        for code in sorted(names):
            yield Language(code, name=names[code])

    def usage(self, start: datetime, end: datetime) -> Usage:
        """Return what the project used, by model."""
        from stt_cli.protocols.soniox.usage import check_window, read_usage

        check_window(start, end)
        answer = self._service.ask(self._service.requests.usage(start, end))
        return read_usage(answer, SPEC.name, start, end)

    def checks(self) -> Iterator[Check]:
        """Yield whether the key is taken where it is sent."""
        where = self._service.hosts.api
        try:
            self._service.sender.timeouts = QUICK
            self._service.ask(self._service.requests.concurrency())
        except INTERRUPTIONS:
            raise
        except SttError as error:
            yield Check("key", "failed", error.message, error.hint)
        else:
            yield Check("key", "ok", f"{where} accepts it")

    def close(self) -> None:
        """Close every connection."""
        self._service.close()


def open_soniox(context: ProviderContext) -> Provider:
    """Return the provider."""
    return Soniox(context)
