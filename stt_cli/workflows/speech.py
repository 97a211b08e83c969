"""Speaking a text: IDs to the ledger first, audio to its outputs as it comes.

Audio goes to a file, a stream, the loudspeaker, or several of them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from stt_cli.audio.wav import WavSizes
from stt_cli.core.errors import InterruptedRun, ProviderError, SttError, UsageError
from stt_cli.core.events import Identified, Started
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import SpeechOptions, SpeechText
from stt_cli.core.speech import SpeechAudio, SpeechEnded, SpeechEvent, SpeechFormat
from stt_cli.providers.spec import Capability

if TYPE_CHECKING:
    from stt_cli.ledger import Ledger, OperationRecorder
    from stt_cli.providers.base import Provider
    from stt_cli.providers.spec import ProviderSpec


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What one run of ``stt tts`` works with."""

    provider: Provider
    options: SpeechOptions
    ledger: Ledger

    def run(
        self, speech: SpeechText, name: str
    ) -> Generator[SpeechEvent | SpeechEnded]:
        """Speak, and yield what happens; a failure carries every ID known by then.

        Throw in what fails while an event is handled: the ledger keeps the reason.

        Args:
            name: what the ledger calls the input; the text itself is not kept.

        Raises:
            ProviderError: the provider ended without a word and without audio.
        """
        context = self.provider.context
        entry = self.ledger.begin(
            "tts",
            self.provider.spec.name,
            name,
            facts={
                "endpoint": context.endpoint,
                "region": context.values.get("region"),
            },
        )
        ids, heard = Identifiers(), False
        try:
            for event in self.provider.synthesize(speech, self.options):
                if isinstance(event, Started | Identified):
                    ids = ids.merged(event.ids)
                    _write_down(event, entry)
                heard = heard or (isinstance(event, SpeechAudio) and bool(event.data))
                yield event
            if not heard:
                raise ProviderError(f"{self.provider.spec.name} returned no audio")
            yield SpeechEnded()
        except SttError as error:
            error.with_ids(ids)
            entry.finish(_ending(error), error=error)
            raise
        except KeyboardInterrupt:
            entry.finish("cancelled")
            raise InterruptedRun(ids=ids) from None
        except GeneratorExit:
            entry.finish("cancelled")
            raise
        except BaseException:
            entry.finish("failed")
            raise
        entry.finish("success")


def ssml_speech(document: bytes) -> SpeechText:
    """Return an SSML document to speak, checked. Raises ``UsageError``."""
    from stt_cli.protocols import ssml

    text = ssml.decode(document)
    ssml.check(text)
    return SpeechText(text, is_ssml=True)


def check_speech_options(
    spec: ProviderSpec, speech: SpeechText, options: SpeechOptions
) -> None:
    """Refuse, before anything is sent, what the provider lacks or what clashes.

    Raises:
        UsageError: the provider does not speak, or not SSML; there is nothing to
            speak; or options would change a document that says it itself.
    """
    spec.require(Capability.SYNTHESIZE)
    if options.params:
        spec.require(Capability.PARAMS, "--param")
    if options.speaker is not None:
        spec.require(Capability.SPEAKER_CHOICE, "--speaker")
    if not speech.text.strip():
        raise UsageError("nothing to speak", hint="pass TEXT, or - for stdin")
    if options.gender not in (None, "male", "female", "neutral"):
        raise UsageError(
            f"invalid gender {options.gender!r}",
            hint="choose from male, female, neutral",
        )
    if not speech.is_ssml:
        return
    spec.require(Capability.SSML)
    clashing = [
        f"--{name}"
        for name, value in (
            ("contour", options.contour),
            ("break", options.breaks),
            ("phoneme", options.phonemes),
        )
        if value
    ]
    if clashing:
        raise UsageError(
            f"{' and '.join(clashing)} cannot be used with SSML",
            hint="put it in the document, or use plain text",
        )


def _write_down(event: Started | Identified, entry: OperationRecorder) -> None:
    """Put IDs into the ledger before anyone sees them: they are never lost."""
    entry.learn(event.ids)
    if isinstance(event, Started):
        facts = {"transport": event.transport, "language": event.language}
        entry.note(**{name: value for name, value in facts.items() if value})


def _ending(error: SttError) -> str:
    return "cancelled" if isinstance(error, InterruptedRun) else "failed"


class AudioOutput(Protocol):
    """Takes encoded audio in blocks of any length."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""

    def finish(self) -> None:
        """Take note that the audio is whole."""


OpenOutput = Callable[[SpeechFormat], AbstractContextManager[AudioOutput]]
"""Opens an output once the format is known; leaving early drops a partial file."""


@contextmanager
def to_file(path: str, *, force: bool) -> Iterator[AudioOutput]:
    """Write a file that is there whole or not at all, its WAV sizes correct."""
    from stt_cli.formats.files import whole_file

    with whole_file(path, force=force) as file:
        yield _FileOutput(file)


@contextmanager
def to_stream(stream: BinaryIO) -> Iterator[AudioOutput]:
    """Write to a stream that cannot go back, each block at once."""
    yield _StreamOutput(stream)


@contextmanager
def to_all(
    outputs: Sequence[OpenOutput], speech: SpeechFormat
) -> Iterator[AudioOutput]:
    """Write to several outputs."""
    with ExitStack() as stack:
        yield _AllOutputs([stack.enter_context(open_(speech)) for open_ in outputs])


class _FileOutput:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sizes = WavSizes()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._sizes.watch(data)

    def finish(self) -> None:
        if self._file.seekable():
            self._sizes.correct(self._file)


class _StreamOutput:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._stream.flush()

    def finish(self) -> None:
        self._stream.flush()


class _AllOutputs:
    def __init__(self, outputs: Sequence[AudioOutput]) -> None:
        self._outputs = outputs

    def write(self, data: bytes) -> None:
        for output in self._outputs:
            output.write(data)

    def finish(self) -> None:
        for output in self._outputs:
            output.finish()
