"""``stt score``: word and character error rates against a reference."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import OUTPUT_PANEL, JsonArray, LocalOptions
from stt_cli.workflows.scoring import Normalization

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt score reference.txt call.json",
        "stt score reference.txt local.json azure.json whisper.srt",
        "stt score reference.txt call.json --fail-above 0.1",
    )
)
@with_option_groups
def score(
    ctx: typer.Context,
    *,
    reference: Annotated[
        str,
        typer.Argument(
            metavar="REFERENCE",
            help="Correct transcript: a text file or a saved result.",
            show_default=False,
        ),
    ],
    results: Annotated[
        list[str],
        typer.Argument(
            metavar="RESULT...",
            help="Saved results or text files to score; - for stdin.",
            show_default=False,
        ),
    ],
    normalize: Annotated[
        Normalization,
        typer.Option(
            "--normalize",
            metavar="HOW",
            help="Text normalization: basic ignores case and punctuation; none "
            "compares text as is.",
        ),
    ] = Normalization.BASIC,
    alignment: Annotated[
        bool,
        typer.Option(
            "--alignment/--no-alignment",
            help="Show where results differ from the reference.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = True,
    fail_above: Annotated[
        float | None,
        typer.Option(
            "--fail-above",
            metavar="RATE",
            min=0.0,
            help="Exit with code 11 if a word error rate is above this; 0.1 is 10%.",
        ),
    ] = None,
    json: JsonArray = False,
    local: LocalOptions,
) -> int:
    """Compute word and character error rates against a reference.

    The word error rate is the number of substitutions, deletions and insertions
    divided by the number of words in the reference. Needs the extra `score`.
    """
    from stt_cli.ui.scores import score_and_show

    with local.start(ctx) as run:
        return score_and_show(
            reference,
            results,
            run,
            normalization=normalize,
            with_alignment=alignment,
            fail_above=fail_above,
            json=json,
        )
