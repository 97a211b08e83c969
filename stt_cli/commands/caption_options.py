"""Options that lay out captions: lines, cues and their times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.commands import values

if TYPE_CHECKING:
    from stt_cli.formats.caption_options import CaptionOptions

CAPTIONS_PANEL = "Captions (srt, vtt)"

MaxLineLength = Annotated[
    int,
    typer.Option(
        "--max-line-length",
        metavar="N",
        min=10,
        help="Maximum characters per line; wide characters (Chinese, Japanese) "
        "count as two.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]

MaxLines = Annotated[
    int,
    typer.Option(
        "--max-lines",
        metavar="N",
        min=1,
        help="Maximum lines per caption.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]

MaxCueSeconds = Annotated[
    float,
    typer.Option(
        "--max-cue-seconds",
        metavar="SECONDS",
        min=0.1,
        help="Maximum duration of a caption.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]

MinCueSeconds = Annotated[
    float,
    typer.Option(
        "--min-cue-seconds",
        metavar="SECONDS",
        min=0.0,
        help="Minimum duration of a caption, where there is room.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]

CueGap = Annotated[
    float,
    typer.Option(
        "--cue-gap",
        metavar="SECONDS",
        min=0.0,
        help="Gap between captions.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]

Interpolate = Annotated[
    bool,
    typer.Option(
        "--interpolate",
        help="Estimate times from the text if the result has none, and mark the "
        "captions.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]

CaptionLanguage = Annotated[
    str | None,
    typer.Option(
        "--caption-language",
        metavar="TAG",
        autocompletion=values.caption_languages,
        help="Write captions in one language only: a translation, or original. "
        "Default: one file per language, such as a.srt and a.de.srt.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class CaptionLayout:
    """How captions are laid out."""

    max_line_length: MaxLineLength = 42
    max_lines: MaxLines = 2
    max_cue_seconds: MaxCueSeconds = 7.0
    min_cue_seconds: MinCueSeconds = 0.8
    cue_gap: CueGap = 0.08
    interpolate: Interpolate = False
    caption_language: CaptionLanguage = None

    @property
    def chosen(self) -> CaptionOptions:
        """The layout as the writers take it."""
        from stt_cli.formats.caption_options import CaptionOptions

        return CaptionOptions(
            max_line_length=self.max_line_length,
            max_lines=self.max_lines,
            max_seconds=self.max_cue_seconds,
            min_seconds=self.min_cue_seconds,
            gap=self.cue_gap,
            interpolate=self.interpolate,
            language=self.caption_language,
        )
