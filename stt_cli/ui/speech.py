"""``stt tts`` as it is shown: one text, one workflow, its outputs."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.events import Identified, Notice, Started
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import SpeechOptions, SpeechText
from stt_cli.core.speech import (
    SpeechAudio,
    SpeechEnded,
    SpeechEvent,
    SpeechFormat,
    SpeechFormatKnown,
)
from stt_cli.ui.style import is_terminal
from stt_cli.workflows.deadline import deadline
from stt_cli.workflows.speech import (
    AudioOutput,
    OpenOutput,
    Synthesis,
    check_speech_options,
    ssml_speech,
    to_all,
    to_file,
    to_stream,
)

if TYPE_CHECKING:
    from stt_cli.ui.run import Run


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """Everything the command line of ``stt tts`` said but the service."""

    words: tuple[str, ...]
    options: SpeechOptions
    ssml: str | None = None
    output: str | None = None
    play: bool = False
    force: bool = False
    dry_run: bool = False
    as_json: bool = False


@dataclass
class _Outcome:
    """What came of a run, for ``--json``."""

    ids: Identifiers = field(default_factory=Identifiers)
    format: SpeechFormat | None = None
    bytes: int = 0


def speak(request: SpeechRequest, run: Run) -> int:
    """Speak what was asked for and return the exit code."""
    spec = run.spec
    speech, name = _text(request, run.environment)
    options = replace(
        request.options,
        audio_format=_audio_format(request),
        language=_language(request, run),
    )
    check_speech_options(spec, speech, options)
    outputs = _outputs(request, run.environment)
    provider = spec.open(run.context(spec))
    with closing(provider):
        if request.dry_run:
            from stt_cli.core.plain_text import printable

            text = printable(provider.preview_speech(speech, options))
            run.reporter.result(f"{text}\n")
            return ExitStatus.OK
        with deadline(options.timeout):
            synthesis = Synthesis(provider, options, run.ledger)
            with closing(synthesis.run(speech, name)) as events:
                try:
                    outcome = _deliver(events, outputs, run)
                except SttError as error:
                    events.throw(error)
                    raise
    if request.as_json:
        _print_json(request, spec.name, outcome, run)
    elif request.output not in (None, "-"):
        run.reporter.notice(Notice(f"wrote {request.output}"))
    return ExitStatus.OK


def _language(request: SpeechRequest, run: Run) -> str | None:
    """Return the language of the text: that of the settings where none is named.

    A voice has a language of its own, and so has an SSML document.
    """
    options = request.options
    if options.language or options.voice or request.ssml is not None:
        return options.language
    setting = run.settings.value("language")
    first = setting.value.partition(",")[0].strip() if setting else ""
    return first if first and first != "auto" else None


def _deliver(
    events: Iterator[SpeechEvent | SpeechEnded],
    outputs: list[OpenOutput],
    run: Run,
) -> _Outcome:
    """Hand the audio on as it comes, and say the rest on stderr."""
    outcome = _Outcome()
    output: AudioOutput | None = None
    with ExitStack() as opened:
        for event in events:
            match event:
                case Started() | Identified():
                    outcome.ids = outcome.ids.merged(event.ids)
                    run.reporter.ids(event.ids)
                case Notice():
                    run.reporter.notice(event)
                case SpeechFormatKnown() if output is None:
                    outcome.format = event.format
                    output = opened.enter_context(to_all(outputs, event.format))
                case SpeechAudio() if output is not None:
                    outcome.bytes += len(event.data)
                    output.write(event.data)
                case SpeechEnded() if output is not None:
                    output.finish()
                    opened.close()
    return outcome


def _text(request: SpeechRequest, environment: Environment) -> tuple[SpeechText, str]:
    """Return what to speak, and what the ledger calls it."""
    if request.ssml is not None:
        if request.words:
            raise UsageError("--ssml cannot be used with TEXT")
        return ssml_speech(_ssml_bytes(request.ssml, environment)), request.ssml
    piped = not request.words and environment.stdin_is_piped
    if not request.words and not piped:
        raise UsageError(
            "nothing to speak",
            hint="pass TEXT, - for stdin, or --ssml FILE",
        )
    if piped or request.words == ("-",):
        return SpeechText(_stdin_text(environment)), "-"
    return SpeechText(" ".join(request.words)), "text"


def _ssml_bytes(name: str, environment: Environment) -> bytes:
    if name == "-":
        return _stdin(environment)
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        raise UsageError(
            f"cannot read {name}: {fault.strerror or fault}",
            hint="--ssml takes the path of an SSML document, or - for stdin",
        ) from fault


def _stdin_text(environment: Environment) -> str:
    try:
        return _stdin(environment).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UsageError(
            f"the text on stdin is not valid UTF-8 (byte {fault.start})",
            hint="convert it first, for example with iconv",
        ) from fault


def _stdin(environment: Environment) -> bytes:
    if environment.stdin is None:
        raise UsageError("cannot read the text: stdin is closed")
    return environment.stdin.read()


def _audio_format(request: SpeechRequest) -> str | None:
    """Return the format named, else the one that the output's suffix names."""
    if request.options.audio_format or request.output in (None, "-"):
        return request.options.audio_format
    suffix = Path(str(request.output)).suffix.lower().lstrip(".")
    return suffix or None


def _outputs(request: SpeechRequest, environment: Environment) -> list[OpenOutput]:
    """Return where the audio goes; what cannot be is refused before any work."""
    if request.as_json and request.output in (None, "-"):
        raise UsageError("--json requires -o FILE")
    outputs: list[OpenOutput] = []
    if request.dry_run:
        return outputs
    to_stdout = request.output == "-" or (
        request.output is None and not request.play and not environment.stdout.isatty()
    )
    if to_stdout:
        environment.require_stdout()
        refuse_terminal(environment)
        outputs.append(lambda _format: to_stream(environment.stdout.buffer))
    elif request.output is not None:
        from stt_cli.formats.files import ensure_writable

        ensure_writable(request.output, force=request.force)
        _refuse_terminal_file(request.output)
        write = partial(to_file, str(request.output), force=request.force)
        outputs.append(lambda _format: write())
    if request.play or not outputs:
        from stt_cli.audio.playback import loudspeaker

        outputs.append(loudspeaker)
    return outputs


def refuse_terminal(environment: Environment, *, hint: str | None = None) -> None:
    """Raise ``UsageError`` where binary output would go to a terminal.

    Nobody is asked: a question in a script would wait for ever.
    """
    if is_terminal(environment.stdout):
        raise UsageError(
            "refusing to write audio to a terminal",
            hint=hint or "use -o FILE, --play or a pipe",
        )


def _refuse_terminal_file(output: str) -> None:
    """Refuse ``-o /dev/tty`` and the like, which are a terminal by another name."""
    try:
        if not stat.S_ISCHR(Path(output).stat().st_mode):
            return
        descriptor = os.open(output, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
    except OSError:
        return  # writing will tell
    try:
        if os.isatty(descriptor):
            raise UsageError(
                f"{output} is a terminal; refusing to write audio to it",
                hint="use -o FILE or --play",
            )
    finally:
        os.close(descriptor)


def _print_json(
    request: SpeechRequest, provider: str, outcome: _Outcome, run: Run
) -> None:
    from stt_cli.formats.json_output import json_document

    made = outcome.format
    result = {
        "provider": provider,
        "output": request.output,
        "ids": outcome.ids.to_dict(),
        "format": made
        and {
            "container": made.container,
            "codec": made.codec,
            "sample_rate": made.sample_rate,
            "channels": made.channels,
        },
        "bytes": outcome.bytes,
    }
    run.reporter.result(json_document(result))
