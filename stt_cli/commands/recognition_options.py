"""Options that say what to recognize, and how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from stt_cli.commands import values
from stt_cli.commands.options import SERVICE_PANEL
from stt_cli.core.errors import UsageError
from stt_cli.core.options import Params, RecognizeOptions
from stt_cli.core.options import Profanity as ProfanityForm

RESULT_PANEL = "What to recognize"

# BCP 47 in outline: a language, then subtags.
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

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
        help="Also translate into these languages, such as de,fr.",
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
                hint="use language tags separated by commas, such as de,fr,zh-Hans",
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
