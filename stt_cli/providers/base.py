"""The interface of a speech service: one spec, one event stream, one base class.

A provider is two things. A ``ProviderSpec`` says what it is, what it can do and
which settings it needs; it is light to import, since ``stt providers``,
``--help`` and completion read it. A ``Provider`` does the work; it is made only
when a command needs it. A third party registers its spec under the entry point
group ``stt.providers``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from stt_cli.core.environment import Environment
from stt_cli.core.errors import STOPS, NotFoundError, SttError, UsageError
from stt_cli.core.secret import Secret
from stt_cli.providers.upload_estimate import UploadEstimate

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.core.catalogue import Check, Language, Model, Voice
    from stt_cli.core.events import RecognitionEvent, SubmissionEvent
    from stt_cli.core.job import Job
    from stt_cli.core.options import (
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
    from stt_cli.core.webhook import RegisteredWebhook, WebhookReader


class Capability(StrEnum):
    """What a provider may be able to do; a command asks before it sends audio."""

    RECOGNIZE = "recognize"
    LIVE = "live"  # takes audio while it is spoken
    INTERIM = "interim"
    DETAILED = "detailed"
    WORDS = "words"
    SPEAKERS = "speakers"
    PROFANITY = "profanity"
    PHRASES = "phrases"
    MODES = "modes"
    TEXT_FORMS = "text-forms"
    TOGETHER = "together"  # several inputs in one request
    MODEL_CHOICE = "model-choice"
    PARAMS = "params"
    DETECTS_LANGUAGE = "detects-language"
    CLIENT_SESSION_ID = "client-session-id"
    WAKE = "wake"
    CLUSTER = "cluster"  # spreads its work over a Dask cluster
    BATCH = "batch"
    OWN_JOBS = "own-jobs"  # batch without a job service: a job of our own
    RECOVERS = "recovers"  # goes on with a submission whose answer was lost
    WEBHOOKS = "webhooks"
    SYNTHESIZE = "synthesize"
    SSML = "ssml"
    VOICES = "voices"
    MODELS = "models"
    LANGUAGES = "languages"


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting of a provider, and the environment variables that give it.

    ``name`` is the key in the config file and in ``stt auth set PROVIDER NAME``.
    """

    name: str
    variables: tuple[str, ...]
    help: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What a provider is, told without loading it.

    ``needs`` lists the ways to be ready: any one tuple of setting names will do;
    empty means that it needs none. ``without_needs`` is what it can do without
    them, from a table of its own. ``factory`` is ``"module:function"``; the
    function takes a ``ProviderContext`` and returns a ``Provider``. ``support``
    says where the vendor takes support cases, where the vendor tells.
    ``secret_params`` names the keys of ``--param`` whose values are secrets.
    """

    name: str
    title: str
    summary: str
    factory: str
    capabilities: frozenset[Capability]
    transports: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    settings: tuple[SettingSpec, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    without_needs: frozenset[Capability] = frozenset()
    default_language: str | None = "en-US"
    is_local: bool = False
    support: str | None = None
    secret_params: frozenset[str] = frozenset()

    def can(self, capability: Capability) -> bool:
        """Whether the provider has this capability."""
        return capability in self.capabilities

    def require(self, capability: Capability, wish: str) -> None:
        """Raise ``UsageError`` unless the provider has this capability.

        Args:
            wish: what the user asked for, as it stands in the message.
        """
        if not self.can(capability):
            raise UsageError(
                f"{self.name} does not offer {wish}",
                hint="`stt providers` shows what each provider can do",
            )

    def open(self, context: ProviderContext) -> Provider:
        """Load the provider's code and make it ready for one command."""
        module_name, _, function_name = self.factory.partition(":")
        factory = getattr(importlib.import_module(module_name), function_name)
        return cast("Provider", factory(context))


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What a provider gets to work with, resolved by ``settings``.

    ``endpoint`` is a base URL without a trailing slash, or ``None`` for the
    service's own. With an endpoint and no credentials, requests go without.
    ``cluster`` is the Dask cluster to work on, for a provider that can.
    ``log`` takes lines for ``--log-file`` and ``-v``; they are redacted there.
    """

    environment: Environment
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    endpoint: str | None = None
    insecure: bool = False
    cluster: str | None = None
    log: Callable[[str], None] = lambda _line: None


class Provider:
    """The work of one service. Override what the spec's capabilities promise.

    Every method may raise the errors of ``stt_cli.core.errors``. The iterators
    are closed by the caller on Ctrl-C: clean up in ``finally``.
    """

    def __init__(self, spec: ProviderSpec, context: ProviderContext) -> None:
        self.spec = spec
        self.context = context

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognise one input; ``Started`` comes first and ``Ended`` last.

        Called several times for several inputs: connections may be kept.
        """
        raise self._lacks("recognition")

    def recognize_together(
        self, sources: Sequence[AudioSource], options: RecognizeOptions
    ) -> Iterator[tuple[int, RecognitionEvent]]:
        """Recognise several inputs in one request.

        Each event comes with the index of its input; for each input ``Started``
        comes first and ``Ended`` last.
        """
        raise self._lacks("several inputs in one request")

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the request that ``recognize`` would send, for ``--dry-run``.

        It opens no connection; whatever ``recognize`` refuses unsent is raised.
        """
        raise self._lacks("a preview of its requests")

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Return how much audio ``recognize`` would send, and the limits it breaks."""
        return UploadEstimate()

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Hand one recording to the job service.

        Last comes ``Submitted``, or ``Transcribed`` where the service did the
        work at once and keeps no job: it becomes a job of our own. Several
        threads may call this at once (``-j``). ``Sending`` comes before every
        request that makes something.

        With ``options.interrupted`` a provider that ``RECOVERS`` first finds out
        what became of the earlier attempt, yields its job if there is one, goes on
        from where the protocol allows, or begins anew where nothing was taken.
        ``UncertainError`` says that it cannot be found out.
        """
        raise self._lacks("batch jobs")

    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        """Return the request that ``submit`` would send, for ``--dry-run``."""
        raise self._lacks("a preview of its requests")

    def job(self, job_id: str) -> Job:
        """Return where a job stands. Raises ``NotFoundError``."""
        raise self._lacks("batch jobs")

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield the jobs that exist, newest first where the service sorts."""
        raise self._lacks("a list of jobs")

    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield the transcripts of a job that succeeded, one a recording.

        Several threads may call this at once.
        """
        raise self._lacks("batch jobs")

    def delete_job(self, job_id: str) -> None:
        """Remove a job and its results. Raises ``NotFoundError``."""
        raise self._lacks("deletion of jobs")

    def look(self, job_ids: Sequence[str]) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where each of these jobs stands, or why that is not known.

        Asks for one after the other; a service with a list of jobs overrides
        this, so that waiting for many costs few requests.
        """
        for job_id in job_ids:
            try:
                yield job_id, self.job(job_id)
            except STOPS:
                raise
            except SttError as error:
                yield job_id, error

    def polling(self, job: Job | None) -> PollPolicy:
        """Return how often to ask after a job, by its length where that is known."""
        from stt_cli.core.polling import PollPolicy

        return PollPolicy()

    def update_job(
        self, job_id: str, name: str | None, params: Mapping[str, tuple[str, ...]]
    ) -> Job:
        """Change what can be changed of a job, such as its name."""
        raise self._lacks("changes of jobs")

    def webhooks(self) -> Iterator[RegisteredWebhook]:
        """Yield the web hooks that are registered for the whole account."""
        raise self._lacks("web hooks for the whole account")

    def create_webhook(
        self, url: str, events: Sequence[str], name: str | None
    ) -> RegisteredWebhook:
        """Register a web hook, signed with the secret of the settings."""
        raise self._lacks("web hooks for the whole account")

    def call_webhook(self, webhook_id: str, action: str) -> None:
        """Let the service ``ping`` a web hook, or ``test`` it with a true event."""
        raise self._lacks("web hooks for the whole account")

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a web hook. Raises ``NotFoundError``."""
        raise self._lacks("web hooks for the whole account")

    def webhook_reader(self) -> WebhookReader:
        """Return what reads and verifies this service's notifications."""
        raise self._lacks("web hooks")

    def synthesize(
        self, speech: SpeechText, options: SpeechOptions
    ) -> Iterator[SpeechEvent]:
        """Speak; ``SpeechFormatKnown`` comes before the first ``SpeechAudio``."""
        raise self._lacks("speech synthesis")

    def preview_speech(self, speech: SpeechText, options: SpeechOptions) -> str:
        """Return what ``synthesize`` would send, for ``--dry-run``."""
        raise self._lacks("a preview of its requests")

    def voices(self, query: VoiceQuery) -> Iterator[Voice]:
        """Yield the voices that match."""
        raise self._lacks("a list of voices")

    def models(self) -> Iterator[Model]:
        """Yield the recognition models."""
        raise self._lacks("a list of models")

    def model(self, name: str) -> Model:
        """Return one recognition model. Raises ``NotFoundError``."""
        for model in self.models():
            if model.id == name:
                return model
        raise NotFoundError(
            f"{self.spec.name} has no model {name}",
            hint=f"`stt models -p {self.spec.name}` lists them",
        )

    def languages(self) -> Iterator[Language]:
        """Yield the languages it recognises."""
        raise self._lacks("a list of languages")

    def side_by_side(self) -> int:
        """Return how many inputs to work on at once where the user did not say."""
        return 1

    def checks(self) -> Iterator[Check]:
        """Yield what ``stt doctor -p NAME`` finds, one by one."""
        return iter(())

    def close(self) -> None:
        """Close connections and delete what must not stay at the service."""

    def _lacks(self, what: str) -> UsageError:
        return UsageError(
            f"{self.spec.name} does not offer {what}",
            hint="`stt providers` shows what each provider can do",
        )
