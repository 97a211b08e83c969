"""The options that several commands share, each declared once.

All stand after the sub-command, mean the same everywhere and have the same help.
A command takes them by the group, as one object: see ``cli.declaration``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.commands import values
from stt_cli.core.errors import UsageError
from stt_cli.core.options import Params, RecognizeOptions, ServiceChoice
from stt_cli.core.options import Profanity as ProfanityForm

if TYPE_CHECKING:
    from stt_cli.formats.caption_options import CaptionOptions
    from stt_cli.ui.run import Run

OUTPUT_PANEL = "Output"
SERVICE_PANEL = "Service"
RESULT_PANEL = "What to recognize"
CAPTIONS_PANEL = "Captions (srt, vtt)"

# BCP 47 in outline: a language, then subtags.
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

Provider = Annotated[
    str | None,
    typer.Option(
        "--provider",
        "-p",
        metavar="NAME",
        autocompletion=values.providers,
        help="Provider to use; `stt providers` lists them. Default: from the "
        "config file, else local. [env: STT_PROVIDER]",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        "-l",
        metavar="TAG",
        autocompletion=values.recognized_languages,
        help="Language, such as en-US or de-DE. [env: STT_LANGUAGE]",
    ),
]
Languages = Annotated[
    list[str] | None,
    typer.Option(
        "--language",
        "-l",
        metavar="TAG",
        autocompletion=values.recognized_languages,
        help="Spoken language, such as en-US; auto detects it. Repeat to name several "
        "candidates. [env: STT_LANGUAGE]",
    ),
]
LanguageFilter = Annotated[
    str | None,
    typer.Option(
        "--language",
        "-l",
        metavar="TAG",
        autocompletion=values.languages,
        help="Show only this language, such as en-US or de.",
    ),
]
Endpoint = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        help="Base URL of a private endpoint, a container or an emulator. [env: "
        "STT_<PROVIDER>_ENDPOINT]",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        autocompletion=values.of("local"),
        help="Recognize on a Dask cluster: a scheduler address such as "
        "tcp://host:8786, or local to start a cluster here. Only with -p "
        "local.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Insecure = Annotated[
    bool,
    typer.Option(
        "--insecure",
        help="Allow sending the key unencrypted to another machine.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Config file profile to use. [env: STT_PROFILE]",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Same as -f json.", rich_help_panel=OUTPUT_PANEL),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        autocompletion=values.formats,
        help="Output format: text, json, jsonl, srt, vtt, tsv, csv or md. Separate "
        "several with commas, or use all. Default: from the suffix of -o, "
        "else text. [env: STT_FORMAT]",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
JsonArray = Annotated[
    bool,
    typer.Option("--json", help="Print a JSON array.", rich_help_panel=OUTPUT_PANEL),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file, or to a folder if it exists or ends in /. Use - for "
        "stdout.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Raw = Annotated[
    bool,
    typer.Option(
        "--raw",
        help="Include the service's raw response in the JSON.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Overwrite existing files.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Show what would be sent without sending anything.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.0,
        help="Time limit for the whole command.",
        rich_help_panel=SERVICE_PANEL,
    ),
]


def _set_quiet(ctx: typer.Context, quiet: bool) -> bool:
    ctx.obj.verbosity.errors_only = quiet
    return quiet


Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        callback=_set_quiet,
        help="Print only errors to stderr: no IDs, progress or hints.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        show_default=False,
        help="Show requests and responses; -vv adds tracebacks.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
LogFile = Annotated[
    str | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Write a log of the run, with session IDs but without secrets.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
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
        help="Make up times from the text if the result has none, and mark the "
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
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        autocompletion=values.recognition_models,
        help="Model to use; `stt models` lists them.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Detailed = Annotated[
    bool,
    typer.Option(
        "--detailed",
        help="Include N-best alternatives in all text forms in JSON, TSV and CSV; "
        "--text-form n-best also shows them in text.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Words = Annotated[
    bool,
    typer.Option(
        "--words", help="Include word timestamps.", rich_help_panel=RESULT_PANEL
    ),
]
Speakers = Annotated[
    bool,
    typer.Option(
        "--speakers", help="Label who said what.", rich_help_panel=RESULT_PANEL
    ),
]
MaxSpeakers = Annotated[
    int | None,
    typer.Option(
        "--max-speakers",
        metavar="N",
        min=2,
        help="Label up to this many speakers; implies --speakers.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Channels = Annotated[
    bool,
    typer.Option(
        "--channels",
        help="Recognize each channel separately.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Profanity = Annotated[
    ProfanityForm | None,
    typer.Option(
        "--profanity",
        metavar="HOW",
        help="How to show profanity in display text: masked, removed or raw. "
        "Lexical and ITN text is never masked.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Phrases = Annotated[
    list[str] | None,
    typer.Option(
        "--phrase",
        metavar="TEXT",
        help="Phrase to expect. May be repeated.",
        rich_help_panel=RESULT_PANEL,
    ),
]
TranslateTo = Annotated[
    list[str] | None,
    typer.Option(
        "--translate-to",
        metavar="TAGS",
        autocompletion=values.translation_languages,
        help="Languages to translate into as well, such as de,fr.",
        rich_help_panel=RESULT_PANEL,
    ),
]
Param = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        metavar="KEY=VALUE",
        help="Parameter to pass to the service as is. Repeat a KEY to add values.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--from-stdin", help="Read inputs from stdin, one per line or NUL-separated."
    ),
]
Manifest = Annotated[
    str | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="Read inputs from a JSONL, CSV or TSV file, one recording per line "
        "with its own options. Use - for stdin.",
    ),
]
JobIds = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help="Job IDs.", show_default=False),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        help="Maximum number to run at once. Default: all cores for local, else 1.",
        rich_help_panel=SERVICE_PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """What every command takes that stays on this machine."""

    profile: Profile = None
    quiet: Quiet = False
    verbose: Verbose = 0
    log_file: LogFile = None

    def start(self, ctx: typer.Context) -> AbstractContextManager[Run]:
        """Set up the command's run; leaving it closes what it opened."""
        from stt_cli.ui.run import start_run

        return start_run(
            ctx.obj,
            ServiceChoice(profile=self.profile),
            quiet=self.quiet,
            verbose=self.verbose,
            log_file=self.log_file,
        )


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """What every command takes that may ask a service."""

    provider: Provider = None
    endpoint: Endpoint = None
    insecure: Insecure = False
    profile: Profile = None
    timeout: Timeout = None
    quiet: Quiet = False
    verbose: Verbose = 0
    log_file: LogFile = None

    def start(
        self, ctx: typer.Context, *, cluster: str | None = None
    ) -> AbstractContextManager[Run]:
        """Set up the command's run; leaving it closes what it opened."""
        from stt_cli.ui.run import start_run

        return start_run(
            ctx.obj,
            ServiceChoice(
                self.provider, self.endpoint, self.insecure, self.profile, cluster
            ),
            quiet=self.quiet,
            verbose=self.verbose,
            log_file=self.log_file,
        )


@dataclass(frozen=True, slots=True)
class ResultOptions:
    """Where transcripts go, and how they are written."""

    output_format: Format = None
    json_output: Json = False
    output: Output = None
    force: Force = False

    @property
    def format(self) -> str | None:
        """The format asked for by ``-f`` or ``--json``.

        Raises:
            UsageError: both were given and differ.
        """
        if self.json_output and self.output_format not in (None, "json"):
            raise UsageError(f"--json cannot be used with -f {self.output_format}")
        return "json" if self.json_output else self.output_format


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


@dataclass(frozen=True, slots=True)
class RecognitionOptions:
    """What to recognize, and how."""

    language: Languages = None
    model: Model = None
    detailed: Detailed = False
    words: Words = False
    speakers: Speakers = False
    max_speakers: MaxSpeakers = None
    channels: Channels = False
    profanity: Profanity = None
    phrase: Phrases = None
    translate_to: TranslateTo = None
    param: Param = None

    @property
    def chosen(self) -> RecognizeOptions:
        """The options as providers take them.

        Raises:
            UsageError: a ``--param`` is not KEY=VALUE, ``--translate-to`` names no
                language, or ``-l auto`` is not alone.
        """
        from stt_cli.core.language_tags import with_languages

        options = RecognizeOptions(
            model=self.model,
            detailed=self.detailed,
            words=self.words,
            speakers=self.speakers or self.max_speakers is not None,
            max_speakers=self.max_speakers,
            channels=self.channels,
            profanity=self.profanity,
            phrases=tuple(self.phrase or ()),
            translate_to=languages_from(self.translate_to or ()),
            params=params_from(self.param or ()),
        )
        return with_languages(options, self.language)


def languages_from(given: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of ``--translate-to de,fr``, each once.

    Raises:
        UsageError: a name between the commas is no language tag.
    """
    tags = [tag.strip() for each in given for tag in each.split(",")]
    for tag in tags:
        if not _LANGUAGE_TAG.fullmatch(tag):
            raise UsageError(
                f"--translate-to {','.join(given)}: {tag!r} is not a language",
                hint="write language tags separated by commas, such as de,fr,zh-Hans",
            )
    first_of: dict[str, str] = {}
    for tag in tags:
        first_of.setdefault(tag.casefold(), tag)
    return tuple(first_of.values())


def params_from(pairs: Sequence[str]) -> Params:
    """Return ``KEY=VALUE`` pairs by key; the same key again adds a value.

    Raises:
        UsageError: a pair has no ``=`` or no key.
    """
    params: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise UsageError(
                f"--param {pair!r} is not KEY=VALUE",
                hint="write the service's name for the parameter, =, and the value",
            )
        params[key.strip()] = (*params.get(key.strip(), ()), value)
    return params
