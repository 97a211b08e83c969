"""``stt tts``: speak text or SSML into a file, stdout or the loudspeaker."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import (
    OUTPUT_PANEL,
    CommonOptions,
    DryRun,
    Force,
    Language,
    Param,
    params_from,
)
from stt_cli.core.options import SpeechOptions

app = typer.Typer(add_completion=False)

_SPEECH = "How it sounds"

_EPILOG = examples(
    "stt tts 'hello there'",
    "stt tts 'hello there' -o hello.wav",
    "stt tts - -o book.wav < book.txt",
    "stt tts --ssml letter.xml --rate +20% --play",
    'stt tts "what\'s the weather like" -o - | stt recognize -',
)


@app.command(epilog=_EPILOG)
@with_option_groups
def tts(
    ctx: typer.Context,
    *,
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TEXT]", help="What to speak, or - for stdin.", show_default=False
        ),
    ] = None,
    ssml: Annotated[
        str | None,
        typer.Option("--ssml", metavar="FILE", help="An SSML document; - is stdin."),
    ] = None,
    voice: Annotated[
        str | None,
        typer.Option(
            "--voice",
            metavar="NAME",
            help="A voice; `stt voices` lists them. Locally also a neural one in "
            "piper's format: its folder or .onnx file.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    language: Language = None,
    gender: Annotated[
        str | None,
        typer.Option(
            "--gender",
            metavar="NAME",
            autocompletion=values.genders,
            help="female, male or neutral, where no voice is named.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate",
            metavar="RATE",
            autocompletion=values.of("x-slow", "slow", "medium", "fast", "x-fast"),
            help="Such as +30%, slow, or (local) 150 words a minute.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    pitch: Annotated[
        str | None,
        typer.Option(
            "--pitch",
            metavar="PITCH",
            autocompletion=values.of("x-low", "low", "medium", "high", "x-high"),
            help="Such as +10%, high or +2st.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    volume: Annotated[
        str | None,
        typer.Option(
            "--volume",
            metavar="VOLUME",
            autocompletion=values.of("silent", "soft", "medium", "loud", "x-loud"),
            help="Such as +20%, soft or 80.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    contour: Annotated[
        str | None,
        typer.Option(
            "--contour",
            metavar="POINTS",
            help="How the pitch moves: '(0%,+20Hz) (60%,-10%)'.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    pause: Annotated[
        list[str] | None,
        typer.Option(
            "--break",
            metavar="[WORD=]TIME",
            autocompletion=values.of("weak", "medium", "strong", "x-strong"),
            help="A pause after a word or, with none named, after each sentence: "
            "300ms, strong, hello=1s. May be repeated.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    phoneme: Annotated[
        list[str] | None,
        typer.Option(
            "--phoneme",
            metavar="WORD=SOUNDS",
            help="How a word is pronounced: tomato=təˈmɑːtəʊ (IPA), or "
            "tomato=espeak:t@m'A:toU. May be repeated.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    audio_format: Annotated[
        str | None,
        typer.Option(
            "--audio-format",
            metavar="NAME",
            autocompletion=values.audio_formats,
            help="Such as wav, raw or mp3, or a service's own name. "
            "Default: by the suffix of -o, else wav.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write a file; - is stdout. Default: stdout if it is no "
            "terminal, else the loudspeaker.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = None,
    play: Annotated[
        bool,
        typer.Option(
            "--play",
            help="Use the loudspeaker, also with -o FILE.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    force: Force = False,
    dry_run: DryRun = False,
    common: CommonOptions,
    param: Param = None,
    json_output: Annotated[
        bool,
        typer.Option(
            "--json",
            help="With -o FILE: print what was made, as JSON.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
) -> int:
    """Speak text or SSML into a file, stdout or the loudspeaker.

    Without -p the voice is eSpeak NG's, on this machine. Session IDs go to stderr.
    """
    from stt_cli.ui.speech import SpeechRequest, speak

    request = SpeechRequest(
        words=tuple(text or ()),
        options=SpeechOptions(
            voice=voice,
            language=language,
            gender=gender.strip().lower() if gender else None,
            rate=rate,
            pitch=pitch,
            volume=volume,
            contour=contour,
            breaks=tuple(pause or ()),
            phonemes=tuple(phoneme or ()),
            audio_format=audio_format,
            params=params_from(param or ()),
            timeout=common.timeout,
        ),
        ssml=ssml,
        output=output,
        play=play,
        force=force,
        dry_run=dry_run,
        as_json=json_output,
    )
    with common.start(ctx) as run:
        return speak(request, run)
