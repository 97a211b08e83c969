"""Providers with jobs for tests: their service is a script in this process.

``courier`` has a job service, ``scribe`` recognizes at once and keeps no jobs,
``telegraph`` has a job service that answers short recordings at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock

import pytest

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import JobFailedError, NotFoundError, SttError
from stt_cli.core.events import (
    Ended,
    Identified,
    Phrase,
    RecognitionEvent,
    Sending,
    Started,
    SubmissionEvent,
    Submitted,
    Transcribed,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job, JobState
from stt_cli.core.options import JobOptions, JobQuery, RecognizeOptions
from stt_cli.core.polling import PollPolicy
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript
from stt_cli.core.webhook import WebhookCall, WebhookReader, WebhookReply
from stt_cli.providers import registry
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.spec import Capability, ProviderSpec

COURIER = ProviderSpec(
    name="courier",
    title="Courier",
    summary="has jobs",
    factory="tests.job_service:open_courier",
    capabilities=frozenset(
        {Capability.RECOGNIZE, Capability.BATCH, Capability.WEBHOOKS, Capability.PARAMS}
    ),
)
SCRIBE = replace(
    COURIER,
    name="scribe",
    factory="tests.job_service:open_scribe",
    capabilities=frozenset({Capability.RECOGNIZE, Capability.OWN_JOBS}),
)
TELEGRAPH = replace(
    COURIER,
    name="telegraph",
    factory="tests.job_service:open_telegraph",
    capabilities=frozenset(
        {Capability.RECOGNIZE, Capability.BATCH, Capability.OWN_JOBS}
    ),
)
MUTE = replace(COURIER, name="mute", capabilities=frozenset({Capability.RECOGNIZE}))

JOB_1 = "00000000-0000-4000-8000-000000000001"
JOB_2 = "00000000-0000-4000-8000-000000000002"
JOB_3 = "00000000-0000-4000-8000-000000000003"


@dataclass
class Service:
    """What the service knows and does next."""

    jobs: dict[str, Job] = field(default_factory=dict)
    script: dict[str, list[JobState | SttError]] = field(default_factory=dict)
    refuse: dict[str, SttError] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    fail_recordings: bool = False
    polling: PollPolicy = field(default_factory=lambda: PollPolicy(jitter=0.0))
    looks: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    options: list[JobOptions] = field(default_factory=list)
    closed: int = 0
    lock: Lock = field(default_factory=Lock)

    def add(self, job_id: str, *states: JobState | SttError) -> None:
        """Let a job exist that goes through these states, the last one for ever."""
        self.script[job_id] = list(states) or [JobState.SUCCEEDED]
        self.jobs[job_id] = Job(
            id=job_id,
            provider="courier",
            state=JobState.QUEUED,
            provider_state="NotStarted",
            created=datetime(2026, 11, 20, 12, tzinfo=UTC),
            ids=Identifiers.of(transcription_id=job_id),
        )


THE_SERVICE: list[Service] = []


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """A new service, its providers registered under their names."""
    made = Service()
    monkeypatch.setattr("tests.job_service.THE_SERVICE", [made])
    for spec in ("courier", "scribe", "telegraph", "mute"):
        monkeypatch.setitem(registry._OURS, spec, f"tests.job_service:{spec.upper()}")
    return made


class Jobs(Provider):
    """Does what the script says."""

    def __init__(self, spec: ProviderSpec, context: ProviderContext) -> None:
        super().__init__(spec, context)
        self.service = THE_SERVICE[0]

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        yield Started(Identifiers.of(session_id="5" * 32), transport="rest")
        if source.name in self.service.refuse:
            raise self.service.refuse[source.name]
        yield Phrase(Segment(f"heard {source.name}", 0.0, 1.0))
        yield Ended(RecognitionStatus.SUCCESS, duration=1.0)

    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        return f"POST /jobs {source.name}"

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        service = self.service
        yield Sending("create", Identifiers.of(client_reference_id=f"r-{source.name}"))
        if source.name in service.refuse:
            raise service.refuse[source.name]
        if self.spec.name == "telegraph":
            yield Identified(Identifiers.of(request_id="q-1"))
            yield Transcribed(self._transcript(source.name, "at once"))
            return
        with service.lock:
            service.options.append(options)
            job_id = f"00000000-0000-4000-8000-{len(service.jobs) + 1:012d}"
            service.add(job_id, JobState.SUCCEEDED)
        yield Submitted(service.jobs[job_id])

    def job(self, job_id: str) -> Job:
        service = self.service
        service.looks.append(job_id)
        if job_id not in service.jobs:
            raise NotFoundError(f"no job {job_id}", http_status=404)
        script = service.script[job_id]
        step = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(step, SttError):
            raise step
        error = JobFailedError("no speech in it") if step is JobState.FAILED else None
        return replace(
            service.jobs[job_id], state=step, provider_state=None, error=error
        )

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        for job_id in self.service.jobs:
            yield self.job(job_id)

    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        for text in self.service.texts.get(job.id, [f"text of {job.id[-1]}"]):
            yield self._transcript(job.input or job.id, text)
        if self.service.fail_recordings:
            failed = self._transcript("b.wav", "")
            error = JobFailedError("b.wav cannot be read")
            yield replace(failed, status=RecognitionStatus.FAILED, error=error)

    def delete_job(self, job_id: str) -> None:
        if job_id not in self.service.jobs:
            raise NotFoundError(f"no job {job_id}", http_status=404)
        self.service.deleted.append(job_id)

    def polling(self, job: Job | None) -> PollPolicy:
        return self.service.polling

    def webhook_reader(self) -> WebhookReader:
        def read(call: WebhookCall) -> WebhookReply:
            if call.header("X-Signature") != "good":
                return WebhookReply(403, refused="wrong signature")
            return WebhookReply(job_ids=(call.body.decode(),), key=call.header("X-Key"))

        return read

    def close(self) -> None:
        self.service.closed += 1

    def _transcript(self, name: str, text: str) -> Transcript:
        return Transcript(
            provider=self.spec.name,
            input=name,
            status=RecognitionStatus.SUCCESS,
            segments=(Segment(text, 0.0, 1.5),) if text else (),
            duration=1.5,
        )


def open_courier(context: ProviderContext) -> Provider:
    """Return the provider with a job service."""
    return Jobs(COURIER, context)


def open_scribe(context: ProviderContext) -> Provider:
    """Return the provider without one."""
    return Jobs(SCRIBE, context)


def open_telegraph(context: ProviderContext) -> Provider:
    """Return the provider that answers at once."""
    return Jobs(TELEGRAPH, context)
