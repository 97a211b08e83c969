"""What to recognise, and how: options of ``recognize`` and ``batch submit``."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.commands.options import SERVICE_PANEL
from stt_cli.core import options as wishes

RESULT_PANEL = "What to recognise"

Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="A model of the service; `stt models` lists them.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Detailed = Annotated[
    bool,
    typer.Option(
        "--detailed", help="N-best with all text forms.", rich_help_panel=RESULT_PANEL
    ),
]
Words = Annotated[
    bool,
    typer.Option("--words", help="Words with times.", rich_help_panel=RESULT_PANEL),
]
Speakers = Annotated[
    bool,
    typer.Option("--speakers", help="Who said what.", rich_help_panel=RESULT_PANEL),
]
Profanity = Annotated[
    wishes.Profanity | None,
    typer.Option(
        "--profanity",
        metavar="HOW",
        help="Swear words in the display form: masked, removed or raw. "
        "Lexical and itn forms are never masked.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Phrases = Annotated[
    list[str] | None,
    typer.Option(
        "--phrase",
        metavar="TEXT",
        help="A phrase to expect; may be repeated.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Param = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        metavar="KEY=VALUE",
        help="Passed to the service as it is; the same KEY again adds a value.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
