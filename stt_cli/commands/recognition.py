"""What ``stt recognize`` does with its options: one workflow, one output."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.audio.inputs import expand_inputs, names_many
from stt_cli.audio.open import open_source
from stt_cli.commands.fallback import open_fallback
from stt_cli.commands.job_options import require_cluster
from stt_cli.commands.microphone import listening, open_microphone
from stt_cli.commands.outcome import verdict, warn_of_shortfall
from stt_cli.commands.recognition_request import Request
from stt_cli.commands.run import Run
from stt_cli.core.errors import (
    ConfigurationError,
    InterruptedRun,
    OutputError,
    UsageError,
)
from stt_cli.core.events import Notice, Started
from stt_cli.core.options import Mode, RecognizeOptions
from stt_cli.core.transcript import Transcript
from stt_cli.formats.files import ensure_writable
from stt_cli.formats.naming import format_for_output, output_paths
from stt_cli.formats.registry import WriteOptions, writer_for
from stt_cli.providers.base import Capability
from stt_cli.ui.transcript_output import (
    AsEachEnds,
    LiveText,
    TextInTurn,
    TranscriptOutput,
    WhenWhole,
)
from stt_cli.workflows.deadline import DeadlinePassed, deadline
from stt_cli.workflows.recognize import (
    Input,
    InputDone,
    InputEvent,
    Recognition,
    RunEvent,
    ids_of,
    with_jobs,
)
from stt_cli.workflows.wishes import check_wishes

if TYPE_CHECKING:
    from stt_cli.providers.base import ProviderSpec
    from stt_cli.ui.captions import LiveSource

_STOPS = (KeyboardInterrupt, InterruptedRun, DeadlinePassed)


def carry_out(request: Request, run: Run) -> int:
    """Recognise what was asked for, show it, and return the exit code.

    Raises:
        SttError: the only input failed; with several inputs each failure is
            printed and the code is that of the first.
    """
    spec = run.spec(request.provider)
    options = _settled(request, spec, run)
    check_wishes(spec, options)
    if options.together and request.microphone:
        raise UsageError(
            "--together sends recordings, not the microphone",
            hint="leave out --together, or --mic",
        )
    require_cluster(spec, request.dask)
    fallback = open_fallback(request, spec, options, run)
    microphone = open_microphone(request, run)
    inputs = [microphone.input] if microphone else _inputs(request, run)
    if request.dry_run:
        from stt_cli.commands.dry_run import show_requests

        return show_requests(request, spec, options, inputs, run)
    live = microphone.microphone if microphone else None
    output = _output(request, [one.name for one in inputs], run, live)
    provider = spec.open(
        run.context(spec, request.endpoint, request.insecure, request.dask)
    )
    transcripts: list[Transcript] = []
    try:
        with output, deadline(options.timeout), listening(microphone, run):
            if request.dask is not None and request.jobs is None:
                options = replace(options, jobs=provider.side_by_side())
            recognition = Recognition(
                provider, options, run.ledger, run.environment, fallback
            )
            transcripts = _watch(recognition.run(inputs), output, run)
    finally:
        provider.close()
        if fallback is not None:
            fallback.provider.close()
        if microphone:
            microphone.settle(transcripts, spec.name, run.environment)
    return verdict(transcripts, run, allow_empty=request.allow_empty)


def _settled(request: Request, spec: ProviderSpec, run: Run) -> RecognizeOptions:
    language = request.options.language
    if language is None:
        setting = run.settings.value("language")
        language = setting.value if setting else spec.default_language
    mode = request.options.mode or _mode_set(spec, run)
    options = replace(request.options, language=language, mode=mode)
    return with_jobs(options, request.jobs, local=spec.is_local)


def _mode_set(spec: ProviderSpec, run: Run) -> Mode | None:
    """Return the mode of the settings, for providers that have one."""
    setting = run.settings.value("mode") if spec.can(Capability.MODES) else None
    if setting is None:
        return None
    try:
        mode = Mode(setting.value)
    except ValueError:
        raise ConfigurationError(
            f"{setting.origin} sets the mode to {setting.value!r}",
            hint=f"one of {', '.join(Mode)}",
        ) from None
    return mode if str(mode) in spec.modes else None


def _inputs(request: Request, run: Run) -> list[Input]:
    if not request.arguments:
        raise UsageError(
            "nothing to recognise",
            hint="name a recording, - for stdin, or --mic for the microphone",
        )

    def opener(argument: str) -> Input:
        return Input(
            argument,
            lambda: open_source(argument, run.environment, raw_rate=request.raw_rate),
        )

    return [opener(argument) for argument in expand_inputs(request.arguments)]


def _output(
    request: Request, names: list[str], run: Run, live: LiveSource | None
) -> TranscriptOutput:
    name = request.format or format_for_output(request.output)
    if name is None:
        setting = run.settings.value("format")
        name = setting.value if setting else "text"
    writer_for(name)  # an unknown name is refused before any work is done
    single = request.microphone or not names_many(request.arguments)
    written = WriteOptions(request.options.text_form, request.captions, single)
    paths = output_paths(names, request.output, name)
    if paths is None:
        return _to_stdout(name, written, names, run, live)
    if str(request.output).endswith("/"):
        _make_folder(Path(str(request.output)))
    for path in paths:
        _spare_recordings(path, names)
        ensure_writable(path, force=request.force)
    if len(paths) == 1:
        return WhenWhole(
            run.reporter, names, name, written, paths[0], force=request.force
        )
    alone = replace(written, single=True)
    return AsEachEnds(run.reporter, names, name, alone, paths, force=request.force)


def _spare_recordings(path: Path, names: list[str]) -> None:
    """Refuse to put a transcript in a recording's place, ``--force`` or not."""
    for name in names:
        with suppress(OSError):  # one of them is not there yet, or is no file
            if path.is_file() and path.samefile(name):
                raise UsageError(
                    f"{path} is the recording itself", hint="choose another -o"
                )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(
            f"the folder {folder} cannot be made: {fault.strerror}",
            hint="choose another -o",
        ) from fault


def _to_stdout(
    name: str,
    written: WriteOptions,
    names: list[str],
    run: Run,
    live: LiveSource | None,
) -> TranscriptOutput:
    if name == "jsonl":
        return AsEachEnds(run.reporter, names, name, written, None, force=False)
    if name != "text":
        return WhenWhole(run.reporter, names, name, written, None, force=False)
    if len(names) == 1:
        form = written.text_form
        return LiveText(run.reporter, names[0], form, live=live)
    return TextInTurn(run.reporter, names, written.text_form)


def _watch(
    events: Iterator[RunEvent], output: TranscriptOutput, run: Run
) -> list[Transcript]:
    """Show everything that happens; return the transcripts in input order."""
    done: dict[int, Transcript] = {}

    def take(happening: RunEvent) -> None:
        if isinstance(happening, InputDone):
            done[happening.index] = happening.transcript
            output.done(happening.index, happening.transcript)
            warn_of_shortfall(happening.transcript, happening.shortfall, run)
        else:
            _show(happening, output, run)

    try:
        for happening in events:
            take(happening)
    except _STOPS as stop:
        for happening in _farewell(events, stop):
            take(happening)
        output.finish()
        raise
    finally:
        if isinstance(events, Generator):
            events.close()  # now, while the ledger can still learn the end
    output.finish()
    return [done[index] for index in sorted(done)]


def _show(happening: InputEvent, output: TranscriptOutput, run: Run) -> None:
    ids = ids_of(happening.event)
    if ids is not None:
        several = len(output.names) > 1
        run.reporter.ids(ids, output.names[happening.index] if several else None)
    if isinstance(happening.event, Started) and happening.event.reason:
        chosen = happening.event
        run.reporter.detail(f"over {chosen.transport}: {chosen.reason}")
    if isinstance(happening.event, Notice):
        run.reporter.notice(_of_its_input(happening.event, happening.index, output))
    output.event(happening.index, happening.event)


def _of_its_input(notice: Notice, index: int, output: TranscriptOutput) -> Notice:
    if len(output.names) == 1:
        return notice
    return replace(notice, message=f"{output.names[index]}: {notice.message}")


def _farewell(events: Iterator[RunEvent], stop: BaseException) -> Iterator[RunEvent]:
    """Tell a stream that was interrupted while we showed its events; hear it out."""
    if not isinstance(events, Generator):
        return
    try:
        yield events.throw(stop)
        yield from events
    except (StopIteration, *_STOPS):
        return
