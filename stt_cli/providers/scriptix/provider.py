"""Scriptix behind the interface of providers.

A command needs one of its parts: each is loaded when it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.audio.source import AudioSource
from stt_cli.core.catalog import Check, Model
from stt_cli.core.errors import INTERRUPTIONS, SttError
from stt_cli.core.events import RecognitionEvent, SubmissionEvent
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions, JobQuery, RecognizeOptions
from stt_cli.core.polling import PollPolicy
from stt_cli.core.transcript import Transcript
from stt_cli.net.messages import QUICK
from stt_cli.protocols.json_fields import integer, objects, text
from stt_cli.protocols.scriptix.polling import (
    INTERVALS,
    LAST_INTERVAL,
    SHORTEST_INTERVAL,
    estimate,
    time_limit,
)
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.scriptix.service import Service
from stt_cli.providers.scriptix.spec import SPEC
from stt_cli.providers.upload_estimate import UploadEstimate

if TYPE_CHECKING:
    from stt_cli.core.webhook import WebhookReader
    from stt_cli.providers.scriptix.jobs import Jobs


class Scriptix(Provider):
    """One command's work with Scriptix."""

    def __init__(self, context: ProviderContext) -> None:
        super().__init__(SPEC, context)
        self._service = Service(context)

    @cached_property
    def _jobs(self) -> Jobs:
        from stt_cli.providers.scriptix.jobs import Jobs

        return Jobs(self._service)

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one input over the real-time socket."""
        from stt_cli.providers.scriptix import stream

        return stream.recognize(self._service, source, options)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the first message of the stream."""
        from stt_cli.providers.scriptix import stream

        return stream.preview(self._service, options)

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Return the stream's size."""
        from stt_cli.providers.scriptix import stream

        return stream.upload_estimate(source)

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Hand in one recording."""
        return self._jobs.submit(source, options)

    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        """Return what a submission would send first."""
        return self._jobs.preview(source, options)

    def job(self, job_id: str) -> Job:
        """Return where a session stands."""
        return self._jobs.job(job_id)

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield the sessions of the account."""
        return self._jobs.jobs(query)

    def job_states(
        self, job_ids: Sequence[str]
    ) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where sessions stand, many of them by few requests."""
        return self._jobs.job_states(job_ids)

    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield the transcript of a finished session."""
        return self._jobs.transcripts(job)

    def delete_job(self, job_id: str) -> None:
        """Erase a session."""
        self._jobs.delete(job_id)

    def polling(self, job: Job | None) -> PollPolicy:
        """Return the documented intervals, a time limit and an estimate."""
        length = job.duration if job else None
        usual = estimate(length)
        return PollPolicy(
            steps=INTERVALS,
            then=LAST_INTERVAL,
            floor=SHORTEST_INTERVAL,
            limit=time_limit(length),
            expected=(usual.shortest, usual.longest) if usual else None,
        )

    def webhook_reader(self) -> WebhookReader:
        """Return what reads and verifies notifications."""
        from stt_cli.providers.scriptix.jobs import reader_of

        return reader_of(self.context)

    def models(self) -> Iterator[Model]:
        """Yield the account's own models; ``id`` is what an upload takes."""
        page = 1
        while True:
            answer = self._service.ask(self._service.requests.custom_models(page))
            found = objects(answer, "result")
            for fields in found:
                key = text(fields, "model_key") or text(fields, "id")
                if key is not None:
                    language = text(fields, "language")
                    said = ("model_key", "name", "language")
                    details = {k: v for k, v in fields.items() if k not in said}
                    yield Model(
                        key,
                        (language,) if language else (),
                        text(fields, "name"),
                        details,
                    )
            total = integer(answer, "total_results")
            if not found or total is None or page * 100 >= total:
                return
            page += 1

    def checks(self) -> Iterator[Check]:
        """Yield whether the token is taken."""
        try:
            self._service.require_batch_token()
            self._service.sender.timeouts = QUICK
            self._service.ask(self._service.requests.account())
        except INTERRUPTIONS:
            raise
        except SttError as error:
            yield Check("token", "failed", error.message, error.hint)
        else:
            yield Check("token", "ok", "valid")

    def close(self) -> None:
        """Close every connection."""
        self._service.close()


def open_scriptix(context: ProviderContext) -> Provider:
    """Return the provider."""
    return Scriptix(context)
