"""``--mic``: one more kind of input, which ends on Ctrl-C and is kept on failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.workflows.recognize import Input

if TYPE_CHECKING:
    from stt_cli.audio.microphone import Microphone
    from stt_cli.ui.run import Run
    from stt_cli.workflows.recognize import RecognitionRequest

# Silence is a result: there is nothing in the recording to try again with.
_RESULTS = (RecognitionStatus.SUCCESS, RecognitionStatus.INITIAL_SILENCE)


class MicrophoneInput:
    """The microphone as an input, and what becomes of its recording."""

    def __init__(self, microphone: Microphone) -> None:
        self.microphone = microphone
        self.input = Input(microphone.name, lambda: microphone)

    def settle(
        self, transcripts: Sequence[Transcript], provider: str, environment: Environment
    ) -> None:
        """Delete the recording if its result is in, else say where it is."""
        kept = self.microphone.kept
        if transcripts and all(_is_result(one) for one in transcripts):
            kept.discard()
        elif kept.exists:
            import shlex

            from stt_cli.ui.errors import print_kept

            path = shlex.quote(str(kept.path))
            print_kept(kept.path, f"stt recognize {path} -p {provider}", environment)


def open_microphone(request: RecognitionRequest, run: Run) -> MicrophoneInput | None:
    """Return the microphone if ``--mic`` asks for it.

    Raises:
        AudioError: there is none, or PortAudio is missing.
        UsageError: recordings are named as well, or its options stand alone.
    """
    if not request.microphone:
        chosen = (request.device, request.max_seconds, request.stop_after_silence)
        if any(value is not None for value in chosen):
            raise UsageError(
                "--device, --max-seconds and --stop-after-silence require --mic",
                hint="add --mic, or remove them",
            )
        return None
    if request.inputs:
        raise UsageError(
            "--mic cannot be used with recordings",
            hint="run `stt recognize` once for each",
        )
    from stt_cli.audio.microphone import Limits, Microphone

    limits = Limits(request.max_seconds, request.stop_after_silence)
    setting = run.settings.value("device")
    device = request.device or (setting.value if setting else None)
    return MicrophoneInput(Microphone(run.environment, device=device, limits=limits))


@contextmanager
def listening(microphone: MicrophoneInput | None, run: Run) -> Iterator[None]:
    """Say who listens, and let a key or the first Ctrl-C end the recording alone."""
    if microphone is None:
        yield
        return
    from stt_cli.audio.microphone import ctrl_c_stops
    from stt_cli.ui.keyboard import on_enter

    source, stdin = microphone.microphone, run.environment.stdin
    terminal = stdin if stdin is not None and stdin.isatty() else None
    keys = "press Enter or Ctrl-C to stop" if terminal else "press Ctrl-C to stop"
    run.reporter.notice(Notice(f"listening to {source.device.name}; {keys}"))
    entered = on_enter(terminal, source.stop) if terminal else nullcontext()
    with ctrl_c_stops(source), entered:
        yield


def _is_result(transcript: Transcript) -> bool:
    return transcript.error is None and transcript.status in _RESULTS
