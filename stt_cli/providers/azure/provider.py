"""The provider classes of Azure Speech and Bing Speech: who does what.

A command needs one of their parts: each is loaded when it is called.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.core.errors import SttError
from stt_cli.core.events import Notice
from stt_cli.core.options import JobOptions, JobQuery, RecognizeOptions, Transport
from stt_cli.protocols.usp.limits import SAMPLE_RATE
from stt_cli.protocols.usp.messages import riff_header
from stt_cli.providers.azure.connection import ConnectionPool
from stt_cli.providers.azure.endpoints import portal_region
from stt_cli.providers.azure.flavor import AZURE, BING, Flavor
from stt_cli.providers.azure.plan import Plan, plan_recognition, preview_realtime
from stt_cli.providers.azure.realtime import recognize as recognize_realtime
from stt_cli.providers.azure.service import Service
from stt_cli.providers.azure.spec import AZURE_SPEC, BING_SPEC
from stt_cli.providers.azure.transport import Choice, Ways, choose, facts_of
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.spec import ProviderSpec
from stt_cli.providers.upload_estimate import UploadEstimate, pcm_size

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.core.catalog import Check, Language, Model, Voice
    from stt_cli.core.events import RecognitionEvent, SubmissionEvent
    from stt_cli.core.job import Job
    from stt_cli.core.options import SpeechOptions, SpeechText, VoiceQuery
    from stt_cli.core.polling import PollPolicy
    from stt_cli.core.speech import SpeechEvent
    from stt_cli.core.transcript import Transcript
    from stt_cli.core.webhook import RegisteredWebhook, WebhookReader
    from stt_cli.providers.azure.api import SpeechApi
    from stt_cli.providers.azure.speech_service import SpeechService

_API_RATE = 100, 10.0
"""Requests in seconds, a resource (Azure documentation, "Quotas and limits")."""


class MicrosoftProvider(Provider, ABC):
    """What both services do: recognition and synthesis."""

    def __init__(
        self, spec: ProviderSpec, flavor: Flavor, context: ProviderContext
    ) -> None:
        super().__init__(spec, context)
        self._service = Service(flavor, context)

    @property
    @abstractmethod
    def _speech(self) -> SpeechService: ...

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one input by REST, by fast transcription or over the WebSocket."""
        choice = self._choice(source, options)
        reason = choice.reason
        if choice.transport is Transport.REST:
            from stt_cli.providers.azure.short_audio import recognize_short_audio

            yield from recognize_short_audio(self._service, source, options, reason)
            return
        if choice.transport is Transport.FAST:
            refused = yield from self._recognize_fast(source, options, choice)
            if refused is None:
                return
            reason = refused
        if options.wake is not None:
            from stt_cli.engines.wake import WokenSource

            source = WokenSource(source, options.wake)
        plan = self._plan(source, options)
        yield from recognize_realtime(self._connections, plan, source, options, reason)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the request that ``recognize`` would send."""
        transport = self._choice(source, options).transport
        if transport is Transport.REST:
            from stt_cli.providers.azure.short_audio import preview_short_audio

            return preview_short_audio(self._service, options)
        if transport is Transport.FAST:
            return self._preview_fast(source, options)
        return preview_realtime(self._plan(source, options))

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Return the audio's size; too much for REST is refused by ``preview``."""
        transport = self._choice(source, options).transport
        if transport is Transport.FAST:
            return UploadEstimate(source.size)
        if transport is Transport.REST:
            return UploadEstimate(pcm_size(source, SAMPLE_RATE, len(riff_header())))
        audio = self._plan(source, options).audio
        if not audio.is_pcm:
            return UploadEstimate(source.size)
        return UploadEstimate(pcm_size(source, SAMPLE_RATE, len(audio.header)))

    def synthesize(
        self, speech: SpeechText, options: SpeechOptions
    ) -> Iterator[SpeechEvent]:
        """Speak over REST."""
        from stt_cli.providers.azure.speech import synthesize

        return synthesize(self._speech, speech, options)

    def preview_speech(self, speech: SpeechText, options: SpeechOptions) -> str:
        """Return the requests that ``synthesize`` would send."""
        from stt_cli.providers.azure.speech import preview

        return preview(self._speech, speech, options)

    def voices(self, query: VoiceQuery) -> Iterator[Voice]:
        """Yield the voices: the service's list, or the table of 2018."""
        from stt_cli.providers.azure.speech_service import voices

        return voices(self._speech, query)

    def close(self) -> None:
        """Close the connections that were kept for further inputs."""
        if "_connections" in self.__dict__:
            self._connections.close()
        self._service.close()

    @cached_property
    def _connections(self) -> ConnectionPool:
        return ConnectionPool(self._service)

    def _plan(self, source: AudioSource, options: RecognizeOptions) -> Plan:
        return plan_recognition(self._service.flavor, self.context, source, options)

    def _choice(self, source: AudioSource, options: RecognizeOptions) -> Choice:
        return choose(options, facts_of(source), self._ways)

    @property
    def _ways(self) -> Ways:
        return Ways(self._service.flavor.short_audio)

    def _recognize_fast(
        self, source: AudioSource, options: RecognizeOptions, choice: Choice
    ) -> Generator[RecognitionEvent, None, str | None]:
        """Recognize one input; return why the other transport has to, if it has."""
        raise NotImplementedError(
            f"{self.spec.name} does not support fast transcription"
        )

    def _preview_fast(self, source: AudioSource, options: RecognizeOptions) -> str:
        raise NotImplementedError(
            f"{self.spec.name} does not support fast transcription"
        )


class BingProvider(MicrosoftProvider):
    """The service of 2018: its voices and languages stand in the document."""

    @property
    def _speech(self) -> SpeechService:
        from stt_cli.providers.azure.speech_service import BING_SPEECH, SpeechService

        return SpeechService(self._service, BING_SPEECH)

    def languages(self) -> Iterator[Language]:
        """Yield the document's languages."""
        from stt_cli.providers.azure.languages import bing_languages

        return bing_languages()

    def checks(self) -> Iterator[Check]:
        """Yield what ``stt doctor`` finds about hosts, clock, key and token."""
        from stt_cli.providers.azure.doctor import examine

        return examine(self._service, None)


class AzureProvider(MicrosoftProvider):
    """Today's service, with the jobs, models and web hooks of its resource."""

    @property
    def _speech(self) -> SpeechService:
        from stt_cli.providers.azure.speech_service import AZURE_SPEECH, SpeechService

        return SpeechService(self._service, AZURE_SPEECH)

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Create a batch job for an address; transcribe a file at once.

        Batch has no enhanced mode: its models hear an address at once, too.
        """
        from stt_cli.protocols.azure_rest.fast import is_for_fast_only

        environment = self.context.environment
        if source.url is None or is_for_fast_only(options.recognition):
            from stt_cli.providers.azure.fast import submit_fast

            return submit_fast(self._api, source, options, environment)
        from stt_cli.providers.azure.batch import submit_url

        reference = options.client_reference_id or environment.new_hex_id()
        return submit_url(self._api, source.url, options, reference, self.context)

    def preview_submission(self, source: AudioSource, options: JobOptions) -> str:
        """Return the request that ``submit`` would send."""
        from stt_cli.protocols.azure_rest.fast import is_for_fast_only

        wishes = options.recognition
        if source.url is None or is_for_fast_only(wishes):
            from stt_cli.providers.azure.fast import check_fast, preview_fast

            check_fast(options)
            return preview_fast(
                self._api,
                source,
                wishes,
                self.context.environment,
                by_address=source.url is not None,
            )
        from stt_cli.providers.azure.batch import preview_url

        return preview_url(self._api, source.url, options)

    def separates_channels(
        self, source: AudioSource, options: RecognizeOptions
    ) -> bool:
        """Whether fast transcription tells the channels apart itself."""
        if self._choice(source, options).transport is not Transport.FAST:
            return False
        from stt_cli.providers.azure.fast import splits_channels

        explicit = options.transport is Transport.FAST
        return explicit or splits_channels(source)

    @property
    def _ways(self) -> Ways:
        # A region named beside an endpoint may be another resource's.
        region = self._service.region if self.context.endpoint is None else None
        return Ways(self._service.flavor.short_audio, region, has_fast=True)

    def _recognize_fast(
        self, source: AudioSource, options: RecognizeOptions, choice: Choice
    ) -> Generator[RecognitionEvent, None, str | None]:
        from stt_cli.providers.azure.fast import is_not_offered, recognize_fast

        try:
            yield from recognize_fast(
                self._api, source, options, choice.reason, self.context.environment
            )
        except SttError as error:
            if choice.otherwise is None or not is_not_offered(error):
                raise
            yield Notice(f"{error.message}; using the {choice.otherwise} instead")
            return "fast transcription was rejected"
        return None

    def _preview_fast(self, source: AudioSource, options: RecognizeOptions) -> str:
        from stt_cli.providers.azure.fast import preview_fast

        return preview_fast(self._api, source, options, self.context.environment)

    def job(self, job_id: str) -> Job:
        """Return where a batch job stands."""
        from stt_cli.providers.azure import batch

        return batch.get_job(self._api, job_id)

    def job_states(
        self, job_ids: Sequence[str]
    ) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where jobs stand; many of them cost a list."""
        from stt_cli.providers.azure import batch

        return batch.job_states(self._api, job_ids)

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield the batch jobs that exist."""
        from stt_cli.providers.azure import batch

        return batch.list_jobs(self._api, query)

    def job_transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield a job's transcripts, and the recordings that failed."""
        from stt_cli.providers.azure import batch

        return batch.transcripts(self._api, job)

    def update_job(
        self, job_id: str, name: str | None, params: Mapping[str, tuple[str, ...]]
    ) -> Job:
        """Change a batch job's labels."""
        from stt_cli.providers.azure import batch

        return batch.update_job(self._api, job_id, name, params)

    def delete_job(self, job_id: str) -> None:
        """Remove a batch job and its results."""
        from stt_cli.providers.azure import batch

        batch.delete_job(self._api, job_id)

    def polling(self, job: Job | None) -> PollPolicy:
        """Return how often to ask after a job."""
        from stt_cli.providers.azure import batch

        return batch.POLLING

    def languages(self) -> Iterator[Language]:
        """Yield the languages of the resource's region."""
        from stt_cli.providers.azure.account import list_languages

        return list_languages(self._api)

    def models(self) -> Iterator[Model]:
        """Yield the base models of the resource's region."""
        from stt_cli.providers.azure.account import list_models

        return list_models(self._api)

    def webhooks(self) -> Iterator[RegisteredWebhook]:
        """Yield the resource's web hooks."""
        from stt_cli.providers.azure.account import list_webhooks

        return list_webhooks(self._api)

    def create_webhook(
        self, url: str, events: Sequence[str], name: str | None
    ) -> RegisteredWebhook:
        """Register a web hook for the resource."""
        from stt_cli.providers.azure.account import create_webhook

        secret = self.context.secrets.get("webhook_secret")
        return create_webhook(self._api, url, events, secret, name)

    def call_webhook(self, webhook_id: str, action: str) -> None:
        """Let the service call a web hook."""
        from stt_cli.providers.azure.account import call_webhook

        call_webhook(self._api, webhook_id, action)

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a web hook."""
        from stt_cli.providers.azure.account import delete_webhook

        delete_webhook(self._api, webhook_id)

    def webhook_reader(self) -> WebhookReader:
        """Return what reads notifications, by the secret of the settings."""
        from stt_cli.protocols.azure_rest.webhook import AzureWebhookReader

        return AzureWebhookReader(self.context.secrets.get("webhook_secret"))

    def checks(self) -> Iterator[Check]:
        """Yield what ``stt doctor`` finds about hosts, clock, key, token and API."""
        from stt_cli.providers.azure.doctor import examine

        return examine(self._service, lambda: self._api)

    @cached_property
    def _api(self) -> SpeechApi:
        from stt_cli.net.rate_limit import RateLimit
        from stt_cli.protocols.azure_rest.versions import version_named
        from stt_cli.providers.azure.api import SpeechApi

        service, environment = self._service, self.context.environment
        limit = RateLimit(service.api_base, *_API_RATE, environment)
        service.sender.rate_limit = limit
        version = version_named(self.context.values.get("api_version"))
        if not version.is_known:
            self.context.warn(
                Notice(
                    f"the API version {version.name} is newer than this version of stt",
                    hint="if the service rejects requests, unset azure.api_version",
                )
            )
        return SpeechApi(service, version)


def open_azure(context: ProviderContext) -> Provider:
    """Return today's service; the portal's endpoint stands for its region."""
    region = portal_region(context.endpoint)
    if region is not None:
        context.log(f"{context.endpoint} is the region {region}")
        values = {**context.values, "region": region}
        context = replace(context, endpoint=None, values=values)
    return AzureProvider(AZURE_SPEC, AZURE, context)


def open_bing(context: ProviderContext) -> Provider:
    """Return the service of 2018."""
    return BingProvider(BING_SPEC, BING, context)
