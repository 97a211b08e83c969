"""The provider ``local``: the embedded engines behind the common interface."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from stt_cli.core.catalog import Check, Language, Model, Voice
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.local.spec import SPEC
from stt_cli.providers.upload_estimate import UploadEstimate

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.core.events import RecognitionEvent
    from stt_cli.core.options import (
        RecognizeOptions,
        SpeechOptions,
        SpeechText,
        VoiceQuery,
    )
    from stt_cli.core.speech import SpeechEvent
    from stt_cli.providers.local.recognition import LocalRecognition


def open_provider(context: ProviderContext) -> LocalProvider:
    """Return the provider; engines are loaded when they have work."""
    return LocalProvider(SPEC, context)


class LocalProvider(Provider):
    """Recognizes and speaks on this machine."""

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one input; may be called by several threads at once."""
        return self._recognition.recognize(source, options)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Say that nothing would be sent."""
        return self._recognition.preview(source, options)

    def upload_estimate(
        self, source: AudioSource, options: RecognizeOptions
    ) -> UploadEstimate:
        """Say that not a byte leaves this machine, unless a cluster does the work."""
        source.check_decodable()
        if self.context.cluster is not None:
            return (
                UploadEstimate()
            )  # only speech travels: how much is known when it is cut
        return UploadEstimate(size=0)

    def synthesize(
        self, speech: SpeechText, options: SpeechOptions
    ) -> Iterator[SpeechEvent]:
        """Speak with eSpeak NG."""
        from stt_cli.providers.local.synthesis import synthesize

        return synthesize(self.context.environment, speech, options)

    def preview_speech(self, speech: SpeechText, options: SpeechOptions) -> str:
        """Return what the engine would be given."""
        from stt_cli.providers.local.synthesis import preview

        return preview(self.context.environment, speech, options)

    def voices(self, query: VoiceQuery) -> Iterator[Voice]:
        """Yield the synthesizer's voices that match."""
        from stt_cli.providers.local.voices import voices

        return voices(self.context.environment, query)

    def models(self) -> Iterator[Model]:
        """Yield the models that are known by name, installed or not."""
        from stt_cli.providers.local.models import models

        return models(self.context.environment)

    def languages(self) -> Iterator[Language]:
        """Yield the languages of the models, and which are there without a download."""
        from stt_cli.providers.local.models import languages

        return languages()

    def side_by_side(self) -> int:
        """Return the number of cores, here or of the cluster."""
        return self._recognition.side_by_side()

    def checks(self) -> Iterator[Check]:
        """Load the engines, as ``stt doctor`` wants to know."""
        from stt_cli.providers.local.examination import check_engines

        return check_engines(self.context.environment)

    def close(self) -> None:
        """End the processes that decode."""
        if "_recognition" in self.__dict__:
            self._recognition.close()

    @cached_property
    def _recognition(self) -> LocalRecognition:
        from stt_cli.providers.local.recognition import LocalRecognition

        return LocalRecognition(self.context)
