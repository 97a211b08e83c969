"""The provider class of Azure Speech and Bing Speech: who does what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.core.options import RecognizeOptions, Transport
from stt_cli.protocols.usp.limits import SAMPLE_RATE
from stt_cli.protocols.usp.messages import riff_header
from stt_cli.providers.azure.credentials import Credentials, FixedCredentials
from stt_cli.providers.azure.endpoints import service_base
from stt_cli.providers.azure.jobs import AzureJobs
from stt_cli.providers.azure.plan import Plan, plan_azure, plan_bing
from stt_cli.providers.azure.realtime import recognize as recognize_realtime
from stt_cli.providers.azure.realtime_service import RealtimeService
from stt_cli.providers.azure.transport import choose_transport
from stt_cli.providers.base import Provider, ProviderContext, ProviderSpec
from stt_cli.providers.upload_estimate import UploadEstimate, pcm_size

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.core.catalogue import Check, Language, Voice
    from stt_cli.core.events import RecognitionEvent
    from stt_cli.core.options import SpeechOptions, SpeechText, VoiceQuery
    from stt_cli.core.speech import SpeechEvent
    from stt_cli.net.client import HttpClient
    from stt_cli.providers.azure.short_audio import ShortAudioService
    from stt_cli.providers.azure.speech_service import SpeechService

Planner = Callable[["ProviderContext", "AudioSource", RecognizeOptions], Plan]


def open_azure(context: ProviderContext) -> Provider:
    """Return today's service."""
    from stt_cli.providers.azure.spec import SPEC

    return AzureProvider(SPEC, context, plan_azure)


def open_bing(context: ProviderContext) -> Provider:
    """Return the service of 2018."""
    from stt_cli.providers.bing.spec import SPEC

    return AzureProvider(SPEC, context, plan_bing)


class AzureProvider(AzureJobs):
    """Both services; the spec and the planner tell them apart."""

    def __init__(
        self, spec: ProviderSpec, context: ProviderContext, plan: Planner
    ) -> None:
        super().__init__(spec, context)
        self._plan = plan

    @property
    def is_bing(self) -> bool:
        """Whether the rules of 2018 hold."""
        return self.spec.name == "bing"

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognise one input by REST or over the WebSocket."""
        transport, reason = choose_transport(source, options, is_bing=self.is_bing)
        if transport is Transport.REST:
            from stt_cli.providers.azure.short_audio import recognize_short_audio

            yield from recognize_short_audio(self._short_audio, source, options, reason)
            return
        if options.wake is not None:
            from stt_cli.engines.wake import WokenSource

            source = WokenSource(source, options.wake)
        plan = self._plan(self.context, source, options)
        yield from recognize_realtime(self._realtime, plan, source, options, reason)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return the request that ``recognize`` would send."""
        transport, _ = choose_transport(source, options, is_bing=self.is_bing)
        if transport is Transport.REST:
            from stt_cli.providers.azure.short_audio import preview_short_audio

            return preview_short_audio(self._short_audio, options)
        from stt_cli.providers.azure.preview import preview_realtime

        return preview_realtime(self._plan(self.context, source, options))

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Return the audio's size; too much for REST is refused by ``preview``."""
        transport, _ = choose_transport(source, options, is_bing=self.is_bing)
        if transport is Transport.REST:
            return UploadEstimate(pcm_size(source, SAMPLE_RATE, len(riff_header())))
        sound = self._plan(self.context, source, options).sound
        if not sound.is_pcm:
            return UploadEstimate(source.size)
        return UploadEstimate(pcm_size(source, SAMPLE_RATE, len(sound.header)))

    def synthesize(
        self, speech: SpeechText, options: SpeechOptions
    ) -> Iterator[SpeechEvent]:
        """Speak over REST."""
        from stt_cli.providers.azure.synthesis import synthesize

        return synthesize(self._speech, speech, options)

    def preview_speech(self, speech: SpeechText, options: SpeechOptions) -> str:
        """Return the requests that ``synthesize`` would send."""
        from stt_cli.providers.azure.synthesis import preview

        return preview(self._speech, speech, options)

    def voices(self, query: VoiceQuery) -> Iterator[Voice]:
        """Yield the voices: the service's list, or the table of 2018."""
        from stt_cli.providers.azure.speech_service import voices

        return voices(self._speech, query)

    def languages(self) -> Iterator[Language]:
        """Yield the service's languages; Bing's document lists its own."""
        if not self.is_bing:
            from stt_cli.providers.azure.catalogue import list_languages

            return list_languages(self._api)
        from stt_cli.providers.azure.languages import bing_languages

        return bing_languages()

    def checks(self) -> Iterator[Check]:
        """Yield what ``stt doctor`` finds about hosts, clock, key and token."""
        from stt_cli.providers.azure.checks import Examined, examine

        return examine(
            Examined(self.context, self._sender, self.spec.title, self.is_bing)
        )

    def close(self) -> None:
        """Close the connections that were kept for further inputs."""
        if "_realtime" in self.__dict__:
            self._realtime.close()
        if "_sender" in self.__dict__:
            self._sender.close()

    @cached_property
    def _credentials(self) -> Credentials:
        """The key as it is, or a token got for it: Bing's socket takes no key."""
        key, token = (self.context.secrets.get(name) for name in ("key", "token"))
        wants_token = self.is_bing or self.context.values.get("auth") == "token"
        if key is None or not wants_token:
            return FixedCredentials(key, token)
        from stt_cli.providers.azure.auth import TOKEN_PATH, TokenCredentials, fetching
        from stt_cli.providers.azure.errors import credentials_hint

        region = self.context.values.get("region")
        base = service_base(
            region=region, endpoint=self.context.endpoint, is_bing=self.is_bing
        )
        hint = credentials_hint(self.spec.title, region)
        url = base + TOKEN_PATH
        fetch = fetching(self._sender, url, key, self.spec.title, hint)
        return TokenCredentials(fetch, self.context.environment)

    @cached_property
    def _sender(self) -> HttpClient:
        from stt_cli.net.client import HttpClient

        return HttpClient(self.context)

    @cached_property
    def _short_audio(self) -> ShortAudioService:
        from stt_cli.providers.azure.short_audio import ShortAudioService

        return ShortAudioService(
            self.context, self._sender, self._credentials, self.is_bing
        )

    @cached_property
    def _speech(self) -> SpeechService:
        from stt_cli.providers.azure.speech_service import SpeechService

        return SpeechService(
            self.context, self._sender, self._credentials, self.is_bing
        )

    @cached_property
    def _realtime(self) -> RealtimeService:
        return RealtimeService(self.context, self._credentials)
