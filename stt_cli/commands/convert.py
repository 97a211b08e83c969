"""``stt convert``: saved results in another format, without recognizing again."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.caption_options import CaptionLayout
from stt_cli.commands.options import OUTPUT_PANEL, LocalOptions, ResultOptions
from stt_cli.core.options import TextForm

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt convert call.json -f srt",
        "stt convert results/*.json -f srt,md -o captions/",
        "stt recognize call.wav --json | stt convert - -f vtt --max-lines 1",
    )
)
@with_option_groups
def convert(
    ctx: typer.Context,
    *,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Saved results; - for stdin.",
            show_default=False,
        ),
    ],
    text_form: Annotated[
        TextForm,
        typer.Option(
            "--text-form",
            metavar="FORM",
            help="Text form in plain output: display, lexical, itn, masked-itn, or "
            "n-best for all alternatives with their confidence.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = TextForm.DISPLAY,
    result: ResultOptions,
    captions: CaptionLayout,
    local: LocalOptions,
) -> int:
    """Convert saved results to another format.

    Reads JSON from stt, raw JSON from the services, JSON from Whisper, WhisperX
    and whisper.cpp, SRT, WebVTT and TSV.
    """
    from stt_cli.formats.registry import WriteOptions
    from stt_cli.ui.saved_results import convert_and_show

    with local.start(ctx) as run:
        return convert_and_show(
            files,
            run,
            formats=result.format,
            output=result.output,
            options=WriteOptions(text_form, captions.chosen),
            force=result.force,
        )
