"""The same recordings by several providers, held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.events import RecognitionEvent
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.workflows.option_checks import check_options, settled_language
from stt_cli.workflows.recognize import Input, InputDone, Recognition
from stt_cli.workflows.scoring import Score, score

if TYPE_CHECKING:
    from stt_cli.core.environment import Environment
    from stt_cli.ledger import Ledger
    from stt_cli.providers.base import Provider
    from stt_cli.providers.spec import ProviderSpec
    from stt_cli.settings import Settings


@dataclass(frozen=True, slots=True)
class Compared:
    """One provider's result of one recording.

    ``score`` is against the reference where there is one, else against the first
    provider's text; ``None`` where that one has no words, or there is no result.
    """

    transcript: Transcript
    score: Score | None
    has_reference: bool

    @property
    def word_error_rate(self) -> float | None:
        """The rate against a reference; a provider's text is none."""
        return self.score.word_error_rate if self.score and self.has_reference else None

    def to_dict(self) -> dict[str, Any]:
        """Return what ``stt compare --json`` prints."""
        one = self.transcript
        return {
            "input": one.input,
            "provider": one.provider,
            "seconds": one.timing.total,
            "text": one.text,
            "wer": self.word_error_rate,
            "transcript": one.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class ComparisonEvent:
    """What happens to one recording at one provider."""

    provider: str
    input: str
    event: RecognitionEvent


def recordings_to_compare(
    arguments: Sequence[str], environment: Environment
) -> list[Input]:
    """Return the recordings that were named; none is opened yet.

    Raises:
        UsageError: stdin is named, which can be read only once.
        AudioError: a folder or a pattern has none.
    """
    from stt_cli.audio.inputs import STDIN, expand_inputs
    from stt_cli.audio.open import open_source

    if STDIN in arguments:
        raise UsageError(
            "cannot compare stdin: each provider has to read the recording",
            hint="save the recording to a file first",
        )
    names = dict.fromkeys(expand_inputs(arguments))
    return [Input(name, partial(open_source, name, environment)) for name in names]


def check_providers(
    specs: Sequence[ProviderSpec], options: RecognizeOptions, settings: Settings
) -> list[RecognizeOptions]:
    """Return each provider's options, before any audio is sent.

    Raises:
        UsageError: a provider lacks something, or stands there twice.
    """
    names = [spec.name for spec in specs]
    if len(set(names)) != len(names):
        raise UsageError(
            "the same provider was given twice", hint="use one -p per provider"
        )
    settled = []
    for spec in specs:
        own = settled_language(options, spec, settings)
        check_options(spec, own)
        settled.append(own)
    return settled


def run_comparison(
    providers: Sequence[tuple[Provider, RecognizeOptions]],
    inputs: Sequence[Input],
    ledger: Ledger,
    environment: Environment,
) -> Iterator[ComparisonEvent | Transcript]:
    """Recognize every input with one provider after the other.

    One after the other, so that none waits for another's share of the machine and
    the times can be compared. A failure ends its own transcript and no other.
    """
    for provider, options in providers:
        recognition = Recognition(provider, options, ledger, environment)
        for happening in recognition.run(inputs):
            if isinstance(happening, InputDone):
                yield happening.transcript
            else:
                name = inputs[happening.index].name
                yield ComparisonEvent(provider.spec.name, name, happening.event)


def compared(
    transcripts: Sequence[Transcript], reference: str | None
) -> list[Compared]:
    """Hold the transcripts of one input against the reference, or against the first."""
    against = reference if reference is not None else transcripts[0].text
    found = []
    for one in transcripts:
        own: Score | None = None
        if one.status is not RecognitionStatus.FAILED:
            try:
                own = score(against, one.text, one.provider)
            except UsageError:
                if reference is not None:
                    raise
        found.append(Compared(one, own, reference is not None))
    return found


def failures_of(transcripts: Sequence[Transcript]) -> list[tuple[str, SttError]]:
    """Return what failed, named by provider and input."""
    return [
        (f"{one.provider}: {one.input}", one.error) for one in transcripts if one.error
    ]
