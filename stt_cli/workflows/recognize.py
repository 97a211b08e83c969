"""Recognizing inputs: IDs to the ledger first, events folded, nothing lost.

One input runs in the calling thread; several run ``jobs`` at a time, each in a
thread of its own (a provider that computes here brings its own processes).
Every input is tried: a failure ends its own transcript and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from stt_cli.audio.inputs import shown_input
from stt_cli.core.coverage import Shortfall, shortfall
from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    ConfigurationError,
    InterruptedRun,
    SttError,
    UnexpectedError,
    UsageError,
)
from stt_cli.core.events import (
    Identified,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import (
    FallbackTo,
    JobOptions,
    Mode,
    PhraseOptions,
    RecognizeOptions,
)
from stt_cli.core.transcript import Transcript
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.naming import NameBy
from stt_cli.providers.spec import Capability
from stt_cli.workflows.channels import recognition_events
from stt_cli.workflows.deadline import DeadlinePassed
from stt_cli.workflows.fallback import Fallback, falls_back
from stt_cli.workflows.inputs import Inputs, named_recordings
from stt_cli.workflows.option_checks import check_options, settled_language
from stt_cli.workflows.transcript_builder import TranscriptBuilder

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.ledger import Ledger, OperationRecorder
    from stt_cli.providers.base import Provider
    from stt_cli.providers.spec import ProviderSpec
    from stt_cli.settings import Settings
    from stt_cli.workflows.intents.actions import PhraseActions


@dataclass(frozen=True, slots=True)
class RecognitionRequest:
    """Everything the command line of ``stt recognize`` said but the service."""

    inputs: Inputs
    options: RecognizeOptions
    captions: CaptionOptions
    microphone: bool = False
    device: str | None = None
    max_seconds: float | None = None
    stop_after_silence: float | None = None
    raw_rate: int | None = None
    jobs: int | None = None
    fallback: FallbackTo | None = None
    format: str | None = None
    output: str | None = None
    force: bool = False
    skip_existing: bool = False
    name_by: NameBy = NameBy.STEM
    after_phrase: PhraseOptions | None = None
    allow_empty: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to recognize: opened only when its turn comes.

    ``options`` are its own, where a manifest's line gives it some.
    """

    name: str
    open: Callable[[], AudioSource]
    options: RecognizeOptions | None = None


@dataclass(frozen=True, slots=True)
class InputEvent:
    """An event of one input; ``index`` counts the inputs from 0."""

    index: int
    event: RecognitionEvent


@dataclass(frozen=True, slots=True)
class InputDone:
    """One input's transcript, whole or with the error that ended it.

    ``shortfall`` tells that a good transcript ends well before its audio.
    """

    index: int
    transcript: Transcript
    shortfall: Shortfall | None = None


RunEvent = InputEvent | InputDone


@dataclass(frozen=True, slots=True)
class Begun:
    """One input under way: what is known of it, and where its IDs are kept."""

    builder: TranscriptBuilder
    entry: OperationRecorder

    def add(self, event: RecognitionEvent) -> None:
        """Take an event; its IDs go into the ledger before anyone sees them."""
        self.builder.add(event)
        _write_down(event, self.entry)

    def finish(self) -> Transcript:
        """Return the transcript; the ledger learns how it ended."""
        transcript = self.builder.transcript
        self.entry.finish(str(transcript.status), error=transcript.error)
        return transcript

    def done(
        self, index: int, source: AudioSource | None, options: RecognizeOptions
    ) -> InputDone:
        """Return the end of an input, held against the length of its audio."""
        transcript = self.finish()
        length: float | None = None
        if source is not None and not source.live and transcript.error is None:
            with suppress(SttError):  # a length that nobody can tell is no failure
                length = source.duration
        missing = shortfall(transcript, length, turns=options.turns)
        if missing is not None:
            details = {**transcript.details, "coverage": round(missing.share, 4)}
            transcript = replace(transcript, details=details)
        return InputDone(index, transcript, missing)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What one run of ``stt recognize`` works with.

    ``marks`` are added to the details of every transcript, ``actions`` follow each
    final phrase.
    """

    provider: Provider
    options: RecognizeOptions
    ledger: Ledger
    environment: Environment
    fallback: Fallback | None = None
    marks: Mapping[str, Any] = field(default_factory=dict)
    actions: PhraseActions | None = None

    def run(self, inputs: Sequence[Input]) -> Iterator[RunEvent]:
        """Recognize every input and yield what happens, as it happens.

        When the run is interrupted, what is known of the inputs under way is
        yielded as ``InputDone`` with status ``cancelled`` before the
        interruption goes on.
        """
        if self.options.together:
            from stt_cli.workflows.together import recognize_together

            yield from recognize_together(self, inputs)
        elif len(inputs) == 1:
            yield from self.recognize(0, inputs[0], alone=True)
        elif self.options.jobs <= 1:
            for index, one in enumerate(inputs):
                yield from self.recognize(index, one)
        else:
            from stt_cli.core.parallel import run_streams

            yield from run_streams(
                [
                    lambda index=index, one=one: self.recognize(index, one)  # type: ignore[misc]
                    for index, one in enumerate(inputs)
                ],
                self.options.jobs,
            )

    def begin(self, one: Input) -> Begun:
        """Return an input's empty transcript, and its entry in the ledger."""
        spec, options = self.provider.spec, one.options or self.options
        self.environment.redactor.register_address(one.name, listed=True)
        builder = TranscriptBuilder(
            provider=spec.name,
            input_name=shown_input(one.name, self.environment.redactor.clean),
            language=options.language,
            mode=str(options.mode) if options.mode else None,
            clock=self.environment.monotonic,
        )
        entry = self.ledger.begin("recognize", spec.name, one.name, facts=self._facts())
        return Begun(builder, entry)

    def recognize(
        self, index: int, one: Input, *, alone: bool = False
    ) -> Iterator[RunEvent]:
        """Recognize one input. With a fallback its text is held until it is sure."""
        begun = self.begin(one)
        builder, entry = begun.builder, begun.entry
        ending: BaseException | None = None
        source: AudioSource | None = None
        held: list[InputEvent] = []
        options = replace(one.options or self.options, alone=alone)
        try:
            source = one.open()
            if source.path is not None:
                _ = source.encoding  # what is no audio is refused before IDs are made
            for event in recognition_events(self.provider, source, options):
                if self.actions is not None and isinstance(event, Phrase):
                    event = Phrase(self.actions.follow(event.segment))
                begun.add(event)
                if self.fallback is not None and isinstance(event, Phrase | Partial):
                    held.append(InputEvent(index, event))
                else:
                    yield InputEvent(index, event)
        except Exception as fault:  # ours too: it is no reason to stop the others
            error = UnexpectedError.of(fault)
            builder.fail(error.masked(self.environment.redactor.clean))
            if isinstance(error, InterruptedRun | DeadlinePassed):
                ending = error
        except KeyboardInterrupt as pressed:
            builder.fail(InterruptedRun())
            ending = pressed
        except GeneratorExit:
            entry.finish("cancelled")
            raise
        if self.fallback is not None and self._takes_over(builder, source):
            yield from self.fallback.recognize(self, index, one, begun.finish())
            return
        yield from held
        is_whole = builder.transcript.error is None
        if source is not None and is_whole and not options.channels:
            self._hear(source)
        for notice in source.notices if source else ():
            yield InputEvent(index, notice)
        done = begun.done(index, source, options)
        if self.marks:
            details = {**done.transcript.details, **self.marks}
            done = replace(done, transcript=replace(done.transcript, details=details))
        yield done
        if ending is not None:
            raise ending

    @staticmethod
    def _hear(source: AudioSource) -> None:
        from stt_cli.audio.channels import warn_of_mixed_channels

        warn_of_mixed_channels(source)

    def _takes_over(
        self, builder: TranscriptBuilder, source: AudioSource | None
    ) -> bool:
        again = source is not None and not source.live
        return again and falls_back(builder.transcript.error)

    def _facts(self) -> dict[str, str | None]:
        """Return what support asks for besides the IDs: where it was sent."""
        context = self.provider.context
        return {
            "endpoint": context.endpoint,
            "region": context.values.get("region"),
            "mode": str(self.options.mode) if self.options.mode else None,
        }


def _write_down(event: RecognitionEvent, entry: OperationRecorder) -> None:
    """Put IDs into the ledger before anyone sees them: they are never lost."""
    if isinstance(event, Started):
        entry.learn(
            event.ids,
            transport=event.transport,
            language=event.language,
            mode=event.mode,
            **event.details,
        )
    elif isinstance(event, Identified):
        entry.learn(event.ids)


def ids_of(event: RecognitionEvent) -> Identifiers | None:
    """Return the IDs that an event brings, or ``None``."""
    return event.ids if isinstance(event, Started | Identified) else None


def inputs_of(
    request: RecognitionRequest,
    options: RecognizeOptions,
    spec: ProviderSpec,
    environment: Environment,
    tell: Callable[[Notice], None],
) -> list[Input]:
    """Return the recordings that were named; none is opened yet.

    ``tell`` gets what the user should know of a manifest.

    Raises:
        UsageError: none was named, or a manifest is wrong.
        AudioError: a folder or a pattern has none.
    """
    from stt_cli.audio.open import open_source

    if not request.inputs:
        raise UsageError(
            "nothing to recognize",
            hint="pass a file, - for stdin, or --mic for the microphone",
        )

    def check(chosen: JobOptions) -> None:
        check_options(spec, chosen.recognition)
        if chosen.webhook_url is not None:
            raise UsageError("webhook_url only works with `stt batch submit`")

    def opener(name: str) -> Callable[[], AudioSource]:
        return lambda: open_source(name, environment, raw_rate=request.raw_rate)

    named = named_recordings(
        request.inputs, JobOptions(options), check, environment, tell
    )
    if not named:
        raise UsageError(
            "the list contains no recordings", hint="check the command that wrote it"
        )
    return [
        Input(
            name, opener(name), None if own.recognition == options else own.recognition
        )
        for name, own in named
    ]


def settled_options(
    request: RecognitionRequest, spec: ProviderSpec, settings: Settings
) -> RecognizeOptions:
    """Return the options with what the settings and the provider say of the rest.

    Raises:
        ConfigurationError: a setting holds a mode that there is not.
    """
    mode = request.options.mode or _mode_set(spec, settings)
    options = settled_language(replace(request.options, mode=mode), spec, settings)
    return with_jobs(options, request.jobs, local=spec.is_local)


def _mode_set(spec: ProviderSpec, settings: Settings) -> Mode | None:
    """Return the mode of the settings, for providers that have one."""
    setting = settings.value("mode") if spec.can(Capability.MODES) else None
    if setting is None:
        return None
    try:
        mode = Mode(setting.value)
    except ValueError:
        raise ConfigurationError(
            f"invalid mode {setting.value!r} in {setting.origin}",
            hint=f"choose from {', '.join(Mode)}",
        ) from None
    return mode if str(mode) in spec.modes else None


def with_jobs(
    options: RecognizeOptions, jobs: int | None, *, local: bool
) -> RecognizeOptions:
    """Return the options with ``-j`` settled: all cores here, one elsewhere."""
    if jobs is None:
        import os

        jobs = (os.cpu_count() or 1) if local else 1
    return replace(options, jobs=jobs)
