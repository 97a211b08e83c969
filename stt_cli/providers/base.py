"""The interface of a speech service: one event stream, one base class.

A ``Provider`` does the work that its ``ProviderSpec`` promises; it is made only when a
command needs it.
"""

# mypy: disable-error-code="empty-body"
# Methods that a capability offers are declarations: a provider brings the body.

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, SttError, UsageError
from stt_cli.core.secret import Secret
from stt_cli.providers.spec import Capability, ProviderSpec, SettingSpec
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


# Third parties may take all of the interface from here.
__all__ = ["Capability", "Provider", "ProviderContext", "ProviderSpec", "SettingSpec"]

_PREVIEW = "previewing requests"
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
                f"{self.spec.name} does not support {what}",
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
            f"{self.spec.name} has no model named {name}",
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
