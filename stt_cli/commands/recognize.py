"""``stt recognize``: transcribe files, folders, globs, stdin, URLs, the microphone."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.commands import recognition_options as recognition
from stt_cli.commands.help_text import examples
from stt_cli.core.guid import session_id_from
from stt_cli.core.options import (
    FallbackTo,
    Mode,
    Pace,
    RecognizeOptions,
    TextForm,
    Transport,
)

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
def recognize(
    ctx: typer.Context,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Files, folders, globs, URLs, or - for stdin.",
            show_default=False,
        ),
    ] = None,
    mic: Annotated[
        bool,
        typer.Option("--mic", help="Listen to the microphone.", rich_help_panel=_AUDIO),
    ] = False,
    device: Annotated[
        str | None,
        typer.Option(
            "--device",
            metavar="NAME",
            help="The microphone, by name or index; `stt devices` lists them.",
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
    language: common.Language = None,
    mode: Annotated[
        Mode | None,
        typer.Option(
            "--mode",
            metavar="MODE",
            help="How people speak: interactive, conversation or dictation.",
            rich_help_panel=recognition.RESULT_PANEL,
        ),
    ] = None,
    model: recognition.Model = None,
    detailed: recognition.Detailed = False,
    words: recognition.Words = False,
    speakers: recognition.Speakers = False,
    profanity: recognition.Profanity = None,
    interim: Annotated[
        bool | None,
        typer.Option(
            "--interim/--no-interim",
            help="Partial results while it listens.",
            rich_help_panel=recognition.RESULT_PANEL,
        ),
    ] = None,
    text_form: Annotated[
        TextForm,
        typer.Option(
            "--text-form",
            metavar="FORM",
            help="The text in plain output: display, lexical, itn or masked-itn.",
            rich_help_panel=recognition.RESULT_PANEL,
        ),
    ] = TextForm.DISPLAY,
    phrase: recognition.Phrases = None,
    provider: common.Provider = None,
    transport: Annotated[
        Transport,
        typer.Option(
            "--transport",
            metavar="WAY",
            help="How the audio travels: auto, rest, websocket or session.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = Transport.AUTO,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    session_id: Annotated[
        str | None,
        typer.Option(
            "--session-id",
            metavar="GUID",
            help="The session ID to use instead of a new one.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = None,
    param: recognition.Param = None,
    pace: Annotated[
        Pace,
        typer.Option(
            "--pace",
            metavar="PACE",
            help="How fast recorded audio is sent: auto, realtime or fast.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = Pace.AUTO,
    no_replay: Annotated[
        bool,
        typer.Option(
            "--no-replay",
            help="After a break, do not send audio again.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = False,
    turns: Annotated[
        int | None,
        typer.Option(
            "--turns",
            metavar="N",
            min=1,
            help="Listen for this many turns over one connection.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=1,
            help="How many at a time. Default: all cores for local, else 1.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = None,
    together: Annotated[
        bool,
        typer.Option(
            "--together",
            help="All inputs in one request; they must have one format.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = False,
    fallback: Annotated[
        FallbackTo | None,
        typer.Option(
            "--fallback",
            metavar="local",
            help="Where the service fails or has no quota left, recognise here.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = None,
    dask: common.Dask = None,
    timeout: common.Timeout = None,
    output_format: common.Format = None,
    json_output: common.Json = False,
    output: common.Output = None,
    force: common.Force = False,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty",
            help="Silence is no failure: exit 0 with an empty result.",
            rich_help_panel=common.OUTPUT_PANEL,
        ),
    ] = False,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="Keep the service's own answer in the JSON.",
            rich_help_panel=common.OUTPUT_PANEL,
        ),
    ] = False,
    dry_run: common.DryRun = False,
    max_line_length: common.MaxLineLength = 42,
    max_lines: common.MaxLines = 2,
    max_cue_seconds: common.MaxCueSeconds = 7.0,
    min_cue_seconds: common.MinCueSeconds = 0.8,
    cue_gap: common.CueGap = 0.08,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_file: common.LogFile = None,
) -> int:
    """Transcribe files, folders, stdin, URLs or the microphone.

    The transcript goes to stdout, session IDs to stderr. Without -p it stays on
    this machine.
    """
    from stt_cli.commands.recognition import carry_out
    from stt_cli.commands.recognition_request import Request
    from stt_cli.commands.run import start_run
    from stt_cli.formats.caption_options import CaptionOptions

    request = Request(
        arguments=tuple(inputs or ()),
        microphone=mic,
        device=device,
        max_seconds=max_seconds,
        stop_after_silence=stop_after_silence,
        raw_rate=raw_rate,
        provider=provider,
        endpoint=endpoint,
        insecure=insecure,
        jobs=jobs,
        format=common.format_name(output_format, json_output=json_output),
        output=output,
        force=force,
        allow_empty=allow_empty,
        dry_run=dry_run,
        fallback=fallback,
        dask=dask,
        captions=CaptionOptions(
            max_line_length=max_line_length,
            max_lines=max_lines,
            max_seconds=max_cue_seconds,
            min_seconds=min_cue_seconds,
            gap=cue_gap,
        ),
        options=RecognizeOptions(
            language=language,
            mode=mode,
            transport=transport,
            detailed=detailed,
            words=words,
            speakers=speakers,
            profanity=profanity,
            interim=interim,
            text_form=text_form,
            model=model,
            phrases=tuple(phrase or ()),
            params=common.params_from(param or ()),
            pace=pace,
            replay=not no_replay,
            turns=turns,
            wake=wake,
            session_id=session_id_from(session_id) if session_id else None,
            keep_raw=raw,
            timeout=timeout,
            together=together,
        ),
    )
    with start_run(
        ctx, quiet=quiet, verbose=verbose, log_file=log_file, profile=profile
    ) as run:
        return carry_out(request, run)
