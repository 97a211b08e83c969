"""A recognition as it is shown: one workflow, one output, the exit code."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stt_cli.audio.inputs import STDIN, left_out
from stt_cli.core.errors import InterruptedRun, OutputError, UsageError
from stt_cli.core.events import Notice, Phrase, Started
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.parallel import take_all
from stt_cli.core.transcript import Transcript
from stt_cli.formats.caption_languages import check_chosen, check_stdout, with_tracks
from stt_cli.formats.files import ensure_writable, refuse_too_deep
from stt_cli.formats.naming import chosen_formats, output_files
from stt_cli.formats.registry import WriteOptions
from stt_cli.ui.microphone import listening, open_microphone
from stt_cli.ui.transcript_output import (
    EventLines,
    FilesAsEachEnds,
    LineAsEachEnds,
    LiveText,
    TextInTurn,
    TranscriptOutput,
    WhenWhole,
)
from stt_cli.ui.verdict import failure_of, verdict, warn_of_shortfall
from stt_cli.workflows.deadline import DeadlinePassed, deadline
from stt_cli.workflows.fallback import open_fallback
from stt_cli.workflows.inputs import Inputs
from stt_cli.workflows.option_checks import check_cluster, check_options
from stt_cli.workflows.recognize import (
    Input,
    InputDone,
    InputEvent,
    Recognition,
    RecognitionRequest,
    RunEvent,
    ids_of,
    inputs_of,
    settled_options,
)

if TYPE_CHECKING:
    from stt_cli.core.options import RecognizeOptions
    from stt_cli.providers.base import ProviderContext
    from stt_cli.providers.spec import ProviderSpec
    from stt_cli.ui.captions import LiveSource
    from stt_cli.ui.run import Run
    from stt_cli.workflows.intents.actions import PhraseActions

_STOPS = (KeyboardInterrupt, InterruptedRun, DeadlinePassed)


def recognize_and_show(request: RecognitionRequest, run: Run) -> int:
    """Recognize what was asked for, show it, and return the exit code.

    Raises:
        SttError: the only input failed; with several inputs each failure is
            printed and the code is that of the first.
    """
    if not (request.inputs or request.microphone) and run.environment.stdin_is_piped:
        # cat a.wav | stt recognize
        request = replace(request, inputs=Inputs(arguments=(STDIN,)))
    spec = run.spec
    options = settled_options(request, spec, run.settings)
    check_options(spec, options)
    if options.together and request.microphone:
        raise UsageError(
            "--together cannot be used with --mic",
            hint="remove one of them",
        )
    if options.channels and (options.together or request.microphone):
        raise UsageError(
            "--channels cannot be used with --together or --mic",
            hint="remove --channels, or the other option",
        )
    if options.together and request.inputs.manifest is not None:
        raise UsageError(
            "--together cannot be used with --manifest",
            hint="remove one of them",
        )
    if options.together and request.after_phrase is not None:
        raise UsageError(
            "--together cannot be used with --intents, --intent-url or --exec",
            hint="remove --together",
        )
    check_cluster(spec, run.choice.cluster)
    fallback = open_fallback(request, spec, options, _local_context(run))
    microphone = open_microphone(request, run)
    if microphone:
        inputs = [microphone.input]
    else:
        inputs = inputs_of(request, options, spec, run.environment, run.reporter.notice)
    for notice in left_out(request.inputs.arguments):
        run.reporter.notice(notice)
    if request.dry_run:
        from stt_cli.ui.dry_run import show_requests

        return show_requests(request, options, inputs, run)
    live = microphone.microphone if microphone else None
    formats = chosen_formats(request.format, request.output) or run.default_formats
    names = [one.name for one in inputs]
    files = _files_of(request, options, names, formats)
    if request.skip_existing:
        inputs, files = _without_existing(inputs, files, run)
        if not inputs:
            return ExitStatus.OK
    names = [one.name for one in inputs]
    output = _output(request, names, formats, files, run, live)
    actions = _actions(request, run)
    provider = spec.open(run.context(spec))
    transcripts: list[Transcript] = []
    try:
        with (
            output,
            deadline(options.timeout),
            listening(microphone, run),
            actions or nullcontext(),
        ):
            if run.choice.cluster is not None and request.jobs is None:
                options = replace(options, jobs=provider.side_by_side())
            recognition = Recognition(
                provider,
                options,
                run.ledger,
                run.environment,
                fallback,
                actions=actions,
            )
            transcripts = _watch(recognition.run(inputs), output, run)
    finally:
        provider.close()
        if fallback is not None:
            fallback.provider.close()
        if microphone:
            microphone.settle(transcripts, spec.name, run.environment)
    failures = [
        (one.input, error)
        for one in transcripts
        if (error := failure_of(one, allow_empty=request.allow_empty))
    ]
    return verdict(failures, len(transcripts), run, "inputs")


def _files_of(
    request: RecognitionRequest,
    options: RecognizeOptions,
    names: Sequence[str],
    formats: Sequence[str],
) -> list[dict[str, Path]] | None:
    """Return each input's files, of captions one for each language.

    Raises:
        UsageError: what was asked for cannot be written.
    """
    languages, chosen = options.translate_to, request.captions.language
    try:
        check_chosen(chosen, options.language, languages)
    except UsageError as error:
        error.hint = f"{error.hint}, or add --translate-to {chosen}"
        raise
    files = output_files(names, request.output, formats, request.name_by)
    if files is None:
        check_stdout(formats[0], languages, chosen)
        return None
    return [with_tracks(each, languages, chosen) for each in files]


def _local_context(run: Run) -> Callable[[ProviderSpec], ProviderContext]:
    """Return what gives a provider of this machine what it works with."""

    def context_of(spec: ProviderSpec) -> ProviderContext:
        run.settings.require(spec, None)
        return run.settings.context_for(spec, log=run.log)

    return context_of


def _actions(request: RecognitionRequest, run: Run) -> PhraseActions | None:
    if request.after_phrase is None:
        return None
    from stt_cli.workflows.intents.actions import PhraseActions

    return PhraseActions(
        request.after_phrase,
        run.environment,
        run.reporter.notice,
        insecure=run.choice.insecure,
    )


def _without_existing(
    inputs: Sequence[Input], files: Sequence[dict[str, Path]] | None, run: Run
) -> tuple[list[Input], list[dict[str, Path]]]:
    """Return the inputs that lack a file, each with the files that it lacks.

    Raises:
        UsageError: the results do not go to files.
    """
    if files is None:
        raise UsageError(
            "--skip-existing requires an output file or folder",
            hint="add -o FOLDER/",
        )
    missing = [
        {name: path for name, path in each.items() if not path.exists()}
        for each in files
    ]
    left = [at for at, each in enumerate(missing) if each]
    skipped = len(inputs) - len(left)
    if skipped:
        exist = "the transcript exists" if skipped == 1 else "the transcripts exist"
        run.reporter.notice(Notice(f"skipped {skipped} of {len(inputs)}: {exist}"))
    return [inputs[at] for at in left], [missing[at] for at in left]


def _output(
    request: RecognitionRequest,
    names: list[str],
    formats: Sequence[str],
    files: Sequence[Mapping[str, Path]] | None,
    run: Run,
    live: LiveSource | None,
) -> TranscriptOutput:
    single = request.microphone or not request.inputs.may_be_many
    written = WriteOptions(
        request.options.text_form,
        request.captions,
        single,
        detailed=request.options.detailed,
    )
    if files is None:
        if formats[0] == "jsonl" and request.options.interim:
            return EventLines(run.reporter, names, run.spec.name)
        apart = request.options.channels
        return _to_stdout(formats[0], written, names, run, live, apart=apart)
    if str(request.output).endswith("/"):
        _make_folder(Path(str(request.output)))
    paths = [path for each in files for path in each.values()]
    for path in paths:
        _spare_recordings(path, names)
        with _naming_ways_on(path):
            ensure_writable(path, force=request.force)
    if len(paths) > 1:
        written = replace(written, single=True)
    return FilesAsEachEnds(
        run.reporter,
        names,
        files,
        written,
        force=request.force,
        allow_empty=request.allow_empty,
    )


@contextmanager
def _naming_ways_on(path: Path) -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        if path.is_file():
            error.hint = "use --skip-existing to keep it, or --force to overwrite it"
        raise


def _spare_recordings(path: Path, names: list[str]) -> None:
    """Refuse to put a transcript in a recording's place, ``--force`` or not."""
    for name in names:
        with suppress(OSError):  # one of them is not there yet, or is no file
            if path.is_file() and path.samefile(name):
                raise UsageError(
                    f"-o {path} would overwrite the recording",
                    hint="choose a different -o",
                )


def _make_folder(folder: Path) -> None:
    refuse_too_deep(str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(
            f"cannot create the folder {folder}: {fault.strerror}",
            hint="choose a different -o",
        ) from fault


def _to_stdout(
    name: str,
    written: WriteOptions,
    names: list[str],
    run: Run,
    live: LiveSource | None,
    *,
    apart: bool,
) -> TranscriptOutput:
    run.environment.require_stdout()
    if name == "jsonl":
        return LineAsEachEnds(run.reporter, names)
    if name != "text":
        return WhenWhole(run.reporter, names, name, written)
    if len(names) == 1:
        form = written.text_form
        return LiveText(
            run.reporter,
            names[0],
            form,
            live=live,
            with_channel=apart,
        )
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
        take_all(events, take)
    except _STOPS:
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
        run.reporter.detail(f"using {chosen.transport}: {chosen.reason}")
    if isinstance(happening.event, Notice):
        run.reporter.notice(_of_its_input(happening.event, happening.index, output))
    output.event(happening.index, happening.event)
    if isinstance(happening.event, Phrase) and happening.event.segment.intent:
        from stt_cli.workflows.intents.actions import intent_summary

        run.reporter.intent(intent_summary(happening.event.segment.intent))


def _of_its_input(notice: Notice, index: int, output: TranscriptOutput) -> Notice:
    if len(output.names) == 1:
        return notice
    return replace(notice, message=f"{output.names[index]}: {notice.message}")
