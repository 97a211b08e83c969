"""``stt recognize``: transcribe files, folders, globs, stdin, URLs, the microphone."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.caption_options import CaptionLayout
from stt_cli.commands.options import (
    OUTPUT_PANEL,
    SERVICE_PANEL,
    CommonOptions,
    Dask,
    DryRun,
    FromStdin,
    Manifest,
    Raw,
    ResultOptions,
    Workers,
)
from stt_cli.commands.recognition_options import RESULT_PANEL, Param, RecognitionOptions
from stt_cli.core.guid import session_id_from
from stt_cli.core.options import FallbackTo, Mode, Pace, TextForm, Transport
from stt_cli.formats.naming import NameBy

app = typer.Typer()

_AUDIO = "Audio"
_INTENTS = "After each final phrase"
_EPILOG = examples(
    "stt recognize meeting.wav",
    "stt recognize *.mp3 -f srt -o captions/",
    "stt recognize --mic",
    "stt recognize call.wav -p azure --dry-run",
    "stt recognize --mic --wake computer --intents commands.txt",
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
            help="Files, folders, globs or URLs; - for stdin.",
            show_default=False,
        ),
    ] = None,
    from_stdin: FromStdin = False,
    manifest: Manifest = None,
    mic: Annotated[
        bool,
        typer.Option(
            "--mic", help="Record from the microphone.", rich_help_panel=_AUDIO
        ),
    ] = False,
    device: Annotated[
        str | None,
        typer.Option(
            "--device",
            metavar="NAME",
            help="Microphone name or index; `stt devices` lists them. [env: "
            "STT_DEVICE]",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    max_seconds: Annotated[
        float | None,
        typer.Option(
            "--max-seconds",
            metavar="SECONDS",
            min=0.1,
            help="Stop recording after this long.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    stop_after_silence: Annotated[
        float | None,
        typer.Option(
            "--stop-after-silence",
            metavar="SECONDS",
            min=0.1,
            help="Stop recording after this much silence following speech.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    wake: Annotated[
        str | None,
        typer.Option(
            "--wake",
            metavar="TEXT",
            help="Wait for this phrase before recognizing.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    raw_rate: Annotated[
        int | None,
        typer.Option(
            "--raw-rate",
            metavar="HZ",
            help="Sample rate of raw 16-bit mono PCM on stdin or in .raw files.",
            rich_help_panel=_AUDIO,
        ),
    ] = None,
    recognition: RecognitionOptions,
    mode: Annotated[
        Mode | None,
        typer.Option(
            "--mode",
            metavar="MODE",
            help="Speaking style: interactive, conversation or dictation. [env: "
            "STT_MODE]",
            rich_help_panel=RESULT_PANEL,
        ),
    ] = None,
    interim: Annotated[
        bool | None,
        typer.Option(
            "--interim/--no-interim",
            help="Show partial results.",
            rich_help_panel=RESULT_PANEL,
        ),
    ] = None,
    text_form: Annotated[
        TextForm,
        typer.Option(
            "--text-form",
            metavar="FORM",
            help="Text form in plain output: display, lexical, itn, masked-itn, or "
            "n-best for all alternatives with their confidence.",
            rich_help_panel=RESULT_PANEL,
        ),
    ] = TextForm.DISPLAY,
    intents: Annotated[
        str | None,
        typer.Option(
            "--intents",
            metavar="FILE",
            help="Match each final phrase against the patterns in a file.",
            rich_help_panel=_INTENTS,
        ),
    ] = None,
    intent_url: Annotated[
        str | None,
        typer.Option(
            "--intent-url",
            metavar="URL",
            help="Ask an intent service about each final phrase (GET ?q=PHRASE).",
            rich_help_panel=_INTENTS,
        ),
    ] = None,
    exec_: Annotated[
        str | None,
        typer.Option(
            "--exec",
            metavar="COMMAND",
            help="Run a command for each final phrase, with the phrase on stdin, its "
            "intent in STT_INTENT and its JSON in STT_PHRASE.",
            rich_help_panel=_INTENTS,
        ),
    ] = None,
    common: CommonOptions,
    param: Param = None,
    transport: Annotated[
        Transport,
        typer.Option(
            "--transport",
            metavar="WAY",
            help="How to send audio: auto, rest, websocket, fast or session.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = Transport.AUTO,
    session_id: Annotated[
        str | None,
        typer.Option(
            "--session-id",
            metavar="GUID",
            help="Session ID to use instead of a new one.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    pace: Annotated[
        Pace,
        typer.Option(
            "--pace",
            metavar="PACE",
            help="How fast to send recorded audio: auto, realtime or fast.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = Pace.AUTO,
    no_replay: Annotated[
        bool,
        typer.Option(
            "--no-replay",
            help="Do not resend audio after a reconnection.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = False,
    turns: Annotated[
        int | None,
        typer.Option(
            "--turns",
            metavar="N",
            min=1,
            help="Stop after this many turns; locally, after this many phrases.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    jobs: Workers = None,
    together: Annotated[
        bool,
        typer.Option(
            "--together",
            help="Send all inputs in one request; they must have the same format.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = False,
    fallback: Annotated[
        FallbackTo | None,
        typer.Option(
            "--fallback",
            metavar="local",
            help="Provider to fall back to if the service fails or has no quota left.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    dask: Dask = None,
    result: ResultOptions,
    allow_empty: Annotated[
        bool,
        typer.Option(
            "--allow-empty",
            help="Exit with code 0 and an empty result if there is only silence.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    name_by: Annotated[
        NameBy,
        typer.Option(
            "--name-by",
            metavar="WAY",
            help="How to name output files in a folder: stem (a.srt), file "
            "(a.wav.srt) or path (mon-a.wav.srt).",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = NameBy.STEM,
    skip_existing: Annotated[
        bool,
        typer.Option(
            "--skip-existing",
            help="Skip recordings whose output files exist.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    raw: Raw = False,
    dry_run: DryRun = False,
    captions: CaptionLayout,
) -> int:
    """Transcribe files, folders, URLs, stdin or the microphone.

    The transcript goes to stdout, session IDs go to stderr. Without -p, audio never
    leaves this machine.
    """
    from dataclasses import replace

    from stt_cli.core.options import PhraseOptions
    from stt_cli.ui.recognition import recognize_and_show
    from stt_cli.workflows.inputs import Inputs
    from stt_cli.workflows.recognize import RecognitionRequest

    after_phrase = PhraseOptions(intents, intent_url, exec_)
    request = RecognitionRequest(
        inputs=Inputs(tuple(inputs or ()), from_stdin, manifest),
        options=replace(
            recognition.chosen,
            mode=mode,
            transport=transport,
            interim=interim,
            text_form=text_form,
            detailed=recognition.detailed or text_form is TextForm.N_BEST,
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
        after_phrase=after_phrase or None,
        allow_empty=allow_empty,
        dry_run=dry_run,
    )
    with common.start(ctx, cluster=dask) as run:
        return recognize_and_show(request, run)
