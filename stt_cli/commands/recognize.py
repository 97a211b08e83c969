"""``stt recognize``: transcribe files, folders, globs, stdin, URLs, the microphone."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import (
    OUTPUT_PANEL,
    RESULT_PANEL,
    SERVICE_PANEL,
    CaptionLayout,
    CommonOptions,
    Dask,
    DryRun,
    FromStdin,
    Manifest,
    Param,
    RecognitionOptions,
    ResultOptions,
    Workers,
)
from stt_cli.core.guid import session_id_from
from stt_cli.core.options import FallbackTo, Mode, Pace, TextForm, Transport
from stt_cli.formats.naming import NameBy

app = typer.Typer()

_AUDIO = "Audio"
_EPILOG = examples(
    "stt recognize meeting.wav",
    "stt recognize *.mp3 -f srt -o captions/",
    "stt recognize --mic",
    "stt recognize call.wav -p azure --dry-run",
    "arecord -f S16_LE -r 16000 | stt recognize -",
)


@app.command(epilog=_EPILOG)
@with_option_groups
def recognize(
    ctx: typer.Context,
    *,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Files, folders, globs, URLs, or - for stdin.",
            show_default=False,
        ),
    ] = None,
    from_stdin: FromStdin = False,
    manifest: Manifest = None,
    mic: Annotated[
        bool,
        typer.Option("--mic", help="Listen to the microphone.", rich_help_panel=_AUDIO),
    ] = False,
    device: Annotated[
        str | None,
        typer.Option(
            "--device",
            metavar="NAME",
            help="The microphone, by name or index; `stt devices` lists them. "
            "[env: STT_DEVICE]",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    max_seconds: Annotated[
        float | None,
        typer.Option(
            "--max-seconds",
            metavar="SECONDS",
            min=0.1,
            help="Stop listening after this long.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    stop_after_silence: Annotated[
        float | None,
        typer.Option(
            "--stop-after-silence",
            metavar="SECONDS",
            min=0.1,
            help="Stop listening after this much silence behind speech.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    wake: Annotated[
        str | None,
        typer.Option(
            "--wake",
            metavar="TEXT",
            help="Start listening when this is said.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    raw_rate: Annotated[
        int | None,
        typer.Option(
            "--raw-rate",
            metavar="HZ",
            help="Stdin or a .raw file is 16-bit mono PCM at this rate.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    recognition: RecognitionOptions,
    mode: Annotated[
        Mode | None,
        typer.Option(
            "--mode",
            metavar="MODE",
            help="How people speak: interactive, conversation or dictation. "
            "[env: STT_MODE]",
            rich_help_panel=RESULT_PANEL,
        ),
    ] = None,
    interim: Annotated[
        bool | None,
        typer.Option(
            "--interim/--no-interim",
            help="Partial results while it listens.",
            rich_help_panel=RESULT_PANEL,
        ),
    ] = None,
    text_form: Annotated[
        TextForm,
        typer.Option(
            "--text-form",
            metavar="FORM",
            help="The text in plain output: display, lexical, itn or masked-itn.",
            rich_help_panel=RESULT_PANEL,
        ),
    ] = TextForm.DISPLAY,
    common: CommonOptions,
    param: Param = None,
    transport: Annotated[
        Transport,
        typer.Option(
            "--transport",
            metavar="WAY",
            help="How the audio travels: auto, rest, websocket or session.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = Transport.AUTO,
    session_id: Annotated[
        str | None,
        typer.Option(
            "--session-id",
            metavar="GUID",
            help="The session ID to use instead of a new one.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    pace: Annotated[
        Pace,
        typer.Option(
            "--pace",
            metavar="PACE",
            help="How fast recorded audio is sent: auto, realtime or fast.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = Pace.AUTO,
    no_replay: Annotated[
        bool,
        typer.Option(
            "--no-replay",
            help="After a break, do not send audio again.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = False,
    turns: Annotated[
        int | None,
        typer.Option(
            "--turns",
            metavar="N",
            min=1,
            help="Listen for this many turns over one connection.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    jobs: Workers = None,
    together: Annotated[
        bool,
        typer.Option(
            "--together",
            help="All inputs in one request; they must have one format.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = False,
    fallback: Annotated[
        FallbackTo | None,
        typer.Option(
            "--fallback",
            metavar="local",
            help="Where the service fails or has no quota left, recognize here.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    dask: Dask = None,
    result: ResultOptions,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty",
            help="Silence is no failure: exit 0 with an empty result.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    name_by: Annotated[
        NameBy,
        typer.Option(
            "--name-by",
            metavar="WAY",
            help="What names the files in a folder: stem (a.srt), file (a.wav.srt) "
            "or path (mon-a.wav.srt).",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = NameBy.STEM,
    skip_existing: Annotated[
        bool,
        typer.Option(
            "--skip-existing",
            help="Leave out recordings whose files are there; go on after a stop.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="Keep the service's own answer in the JSON.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    dry_run: DryRun = False,
    captions: CaptionLayout,
) -> int:
    """Transcribe files, folders, stdin, URLs or the microphone.

    The transcript goes to stdout, session IDs to stderr. Without -p it stays on
    this machine.
    """
    from dataclasses import replace

    from stt_cli.ui.recognition import recognize_and_show
    from stt_cli.workflows.inputs import Inputs
    from stt_cli.workflows.recognize import RecognitionRequest

    request = RecognitionRequest(
        inputs=Inputs(tuple(inputs or ()), from_stdin, manifest),
        options=replace(
            recognition.chosen,
            mode=mode,
            transport=transport,
            interim=interim,
            text_form=text_form,
            pace=pace,
            replay=not no_replay,
            turns=turns,
            wake=wake,
            session_id=session_id_from(session_id) if session_id else None,
            keep_raw=raw,
            timeout=common.timeout,
            together=together,
        ),
        captions=captions.chosen,
        microphone=mic,
        device=device,
        max_seconds=max_seconds,
        stop_after_silence=stop_after_silence,
        raw_rate=raw_rate,
        jobs=jobs,
        fallback=fallback,
        format=result.format,
        output=result.output,
        force=result.force,
        skip_existing=skip_existing,
        name_by=name_by,
        allow_empty=allow_empty,
        dry_run=dry_run,
    )
    with common.start(ctx, cluster=dask) as run:
        return recognize_and_show(request, run)
