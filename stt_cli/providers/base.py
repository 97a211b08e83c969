"""The interface of a speech service: one spec, one event stream, one base class.

A provider is two things. A ``ProviderSpec`` says what it is, what it can do and
which settings it needs; it is light to import, since ``stt providers``,
``--help`` and completion read it. A ``Provider`` does the work; it is made only
when a command needs it. A third party registers its spec under the entry point
group ``stt.providers``.
"""

# mypy: disable-error-code="empty-body"
# Methods that a capability offers are declarations: a provider brings the body.

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, SttError, UsageError
from stt_cli.core.secret import Secret
from stt_cli.providers.upload_estimate import UploadEstimate

if TYPE_CHECKING:
    from datetime import datetime

    from stt_cli.audio.source import AudioSource
    from stt_cli.core.catalog import Check, Language, Model, Voice
    from stt_cli.core.events import Notice, RecognitionEvent, SubmissionEvent
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
    from stt_cli.core.usage import Usage
    from stt_cli.core.webhook import RegisteredWebhook, WebhookReader


class Capability(StrEnum):
    """What a provider may be able to do; a command asks before it sends audio."""

    RECOGNIZE = "recognize"
    LIVE = "live"  # takes audio while it is spoken
    INTERIM = "interim"
    DETAILED = "detailed"
    WORDS = "words"
    SPEAKERS = "speakers"
    MAX_SPEAKERS = "max-speakers"
    JOB_CHANNELS = "job-channels"  # jobs hear each channel by itself
    PROFANITY = "profanity"
    PHRASES = "phrases"
    MODES = "modes"
    TEXT_FORMS = "text-forms"
    TOGETHER = "together"  # several inputs in one request
    MODEL_CHOICE = "model-choice"
    TRANSLATES = "translates"  # while it recognizes
    JOB_TRANSLATES = "job-translates"  # jobs do
    PARAMS = "params"
    DETECTS_LANGUAGE = "detects-language"
    CANDIDATES = "language-candidates"  # finds out which of several languages
    CLIENT_SESSION_ID = "client-session-id"
    WAKE = "wake"
    TURNS = "turns"  # ends after so many
    CLUSTER = "cluster"  # spreads its work over a Dask cluster
    BATCH = "batch"
    OWN_JOBS = "own-jobs"  # batch without a job service: a job of our own
    STORES_FILES = "stores-files"  # uploads that stay until they are deleted
    RECOVERS = "recovers"  # goes on with a submission whose answer was lost
    UPDATES_JOBS = "updates-jobs"
    WEBHOOKS = "webhooks"
    REGISTERS_WEBHOOKS = "registers-webhooks"  # for the whole account
    LISTS_WEBHOOKS = "lists-webhooks"
    SYNTHESIZE = "synthesize"
    SSML = "ssml"
    SPEAKER_CHOICE = "speaker-choice"  # of a voice with several
    VOICES = "voices"
    MODELS = "models"
    LANGUAGES = "languages"
    USAGE = "usage"


OFFERS: Mapping[Capability, str] = {
    Capability.RECOGNIZE: "recognition",
    Capability.TOGETHER: "several inputs in one request",
    Capability.BATCH: "batch jobs",
    Capability.STORES_FILES: "a list of uploaded files",
    Capability.UPDATES_JOBS: "changes of jobs",
    Capability.WEBHOOKS: "web hooks",
    Capability.REGISTERS_WEBHOOKS: "web hooks for the whole account",
    Capability.LISTS_WEBHOOKS: "a list of web hooks",
    Capability.SYNTHESIZE: "speech synthesis",
    Capability.SSML: "SSML",
    Capability.VOICES: "a list of voices",
    Capability.MODELS: "a list of models",
    Capability.LANGUAGES: "a list of languages",
    Capability.USAGE: "a report of its use",
}
"""What a capability is in a message about a provider that lacks it."""


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
    ``detecting_models`` says how the names of models begin that find out the
    language: they take no default.
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
    detecting_models: tuple[str, ...] = ()
    is_local: bool = False
    support: str | None = None
    secret_params: frozenset[str] = frozenset()

    def can(self, capability: Capability) -> bool:
        """Whether the provider has this capability."""
        return capability in self.capabilities

    def language_for(self, model: str | None) -> str | None:
        """Return the language where the user names none; ``None`` is detected."""
        detects = (model or "").lower().startswith(self.detecting_models)
        return None if self.detecting_models and detects else self.default_language

    def require(self, capability: Capability, asked: str | None = None) -> None:
        """Raise ``UsageError`` unless the provider has this capability.

        Args:
            asked: what the user asked for, where the message says more than
                ``OFFERS``.
        """
        if not self.can(capability):
            raise UsageError(
                f"{self.name} does not offer {asked or OFFERS[capability]}",
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
    ``warn`` tells the user something about the settings that no event belongs to.
    """

    environment: Environment
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    endpoint: str | None = None
    insecure: bool = False
    cluster: str | None = None
    log: Callable[[str], None] = lambda _line: None
    warn: Callable[[Notice], None] = lambda _notice: None


_PREVIEW = "a preview of its requests"
Method = TypeVar("Method", bound=Callable[..., Any])

OFFERED_METHODS: dict[str, Capability] = {}
"""The methods of a provider that come with a capability."""


def _offered_with(capability: Capability) -> Callable[[Method], Method]:
    """Declare a method that providers with this capability have.

    Without it, the call is the user's mistake; with it, the provider's.
    """

    def declare(method: Method) -> Method:
        OFFERED_METHODS[method.__name__] = capability

        @functools.wraps(method)
        def missing(self: Provider, *_args: Any, **_more: Any) -> Any:
            self.spec.require(capability)
            raise NotImplementedError(
                f"{self.spec.name} promises {capability!s}, but has no "
                f"{method.__name__}()"
            )

        return cast("Method", missing)

    return declare


def _optional(what: str) -> Callable[[Method], Method]:
    """Declare a method that any provider may lack; ``what`` names it in a message."""

    def declare(method: Method) -> Method:
        @functools.wraps(method)
        def missing(self: Provider, *_args: Any, **_more: Any) -> Any:
            raise UsageError(
                f"{self.spec.name} does not offer {what}",
                hint="`stt providers` shows what each provider can do",
            )

        return cast("Method", missing)

    return declare


class Provider:
    """The work of one service. Define what the spec's capabilities promise.

    Every method may raise the errors of ``stt_cli.core.errors``. The iterators
    are closed by the caller on Ctrl-C: clean up in ``finally``.
    """

    def __init__(self, spec: ProviderSpec, context: ProviderContext) -> None:
        self.spec = spec
        self.context = context

    @_offered_with(Capability.RECOGNIZE)
    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one input; ``Started`` comes first and ``Ended`` last.

        Called several times for several inputs: connections may be kept.
        """

    @_offered_with(Capability.TOGETHER)
    def recognize_together(
        self, sources: Sequence[AudioSource], options: RecognizeOptions
    ) -> Iterator[tuple[int, RecognitionEvent]]:
        """Recognize several inputs in one request.

        Each event comes with the index of its input; for each input ``Started``
        comes first and ``Ended`` last.
        """

    @_optional(_PREVIEW)
    def preview_together(
        self, sources: Sequence[AudioSource], options: RecognizeOptions
    ) -> str:
        """Return the request that ``recognize_together`` would send.

        It opens no connection; whatever is refused unsent is raised.
        """

    @_optional(_PREVIEW)
    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the request that ``recognize`` would send, for ``--dry-run``.

        It opens no connection; whatever ``recognize`` refuses unsent is raised.
        """

    def separates_channels(
        self, source: AudioSource, options: RecognizeOptions
    ) -> bool:
        """Whether ``recognize`` itself hears a recording's channels apart.

        Otherwise it gets them one by one.
        """
        return False

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Return how much audio ``recognize`` would send, and the limits it breaks."""
        return UploadEstimate()

    @_offered_with(Capability.BATCH)
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

    @_optional(_PREVIEW)
    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        """Return the request that ``submit`` would send, for ``--dry-run``."""

    @_offered_with(Capability.BATCH)
    def job(self, job_id: str) -> Job:
        """Return where a job stands. Raises ``NotFoundError``."""

    @_offered_with(Capability.BATCH)
    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield the jobs that exist, newest first where the service sorts."""

    @_offered_with(Capability.BATCH)
    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield the transcripts of a job that succeeded, one a recording.

        Several threads may call this at once.
        """

    @_offered_with(Capability.BATCH)
    def delete_job(self, job_id: str) -> None:
        """Remove a job and its results. Raises ``NotFoundError``."""

    def job_states(
        self, job_ids: Sequence[str]
    ) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where each of these jobs stands, or why that is not known.

        Asks for one after the other; a service with a list of jobs overrides
        this, so that waiting for many costs few requests.
        """
        for job_id in job_ids:
            try:
                yield job_id, self.job(job_id)
            except INTERRUPTIONS:
                raise
            except SttError as error:
                yield job_id, error

    def polling(self, job: Job | None) -> PollPolicy:
        """Return how often to ask after a job, by its length where that is known."""
        from stt_cli.core.polling import PollPolicy

        return PollPolicy()

    @_offered_with(Capability.STORES_FILES)
    def uploaded_files(self, query: FileQuery) -> Iterator[UploadedFile]:
        """Yield the uploads that lie at the service, with the jobs that use them."""

    @_offered_with(Capability.STORES_FILES)
    def delete_file(self, file_id: str) -> None:
        """Remove an upload. Raises ``NotFoundError``."""

    @_offered_with(Capability.UPDATES_JOBS)
    def update_job(
        self, job_id: str, name: str | None, params: Mapping[str, tuple[str, ...]]
    ) -> Job:
        """Change what can be changed of a job, such as its name."""

    @_offered_with(Capability.LISTS_WEBHOOKS)
    def webhooks(self) -> Iterator[RegisteredWebhook]:
        """Yield the web hooks that are registered for the whole account."""

    @_offered_with(Capability.REGISTERS_WEBHOOKS)
    def create_webhook(
        self, url: str, events: Sequence[str], name: str | None
    ) -> RegisteredWebhook:
        """Register a web hook, signed with the secret of the settings."""

    @_offered_with(Capability.LISTS_WEBHOOKS)
    def call_webhook(self, webhook_id: str, action: str) -> None:
        """Let the service ``ping`` a web hook, or ``test`` it with a true event."""

    @_offered_with(Capability.REGISTERS_WEBHOOKS)
    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a web hook. Raises ``NotFoundError``."""

    @_offered_with(Capability.WEBHOOKS)
    def webhook_reader(self) -> WebhookReader:
        """Return what reads and verifies this service's notifications."""

    @_offered_with(Capability.SYNTHESIZE)
    def synthesize(
        self, speech: SpeechText, options: SpeechOptions
    ) -> Iterator[SpeechEvent]:
        """Speak; ``SpeechFormatKnown`` comes before the first ``SpeechAudio``."""

    @_optional(_PREVIEW)
    def preview_speech(self, speech: SpeechText, options: SpeechOptions) -> str:
        """Return what ``synthesize`` would send, for ``--dry-run``."""

    @_offered_with(Capability.VOICES)
    def voices(self, query: VoiceQuery) -> Iterator[Voice]:
        """Yield the voices that match."""

    @_offered_with(Capability.MODELS)
    def models(self) -> Iterator[Model]:
        """Yield the recognition models."""

    def model(self, name: str) -> Model:
        """Return one recognition model. Raises ``NotFoundError``."""
        for model in self.models():
            if model.id == name:
                return model
        raise NotFoundError(
            f"{self.spec.name} has no model {name}",
            hint=f"`stt models -p {self.spec.name}` lists them",
        )

    @_offered_with(Capability.LANGUAGES)
    def languages(self) -> Iterator[Language]:
        """Yield the languages it recognizes."""

    @_offered_with(Capability.USAGE)
    def usage(self, start: datetime, end: datetime) -> Usage:
        """Return what was counted and charged in whole days of that time."""

    def side_by_side(self) -> int:
        """Return how many inputs to work on at once where the user did not say."""
        return 1

    def checks(self) -> Iterator[Check]:
        """Yield what ``stt doctor -p NAME`` finds, one by one."""
        return iter(())

    def close(self) -> None:
        """Close connections and delete what must not stay at the service."""
