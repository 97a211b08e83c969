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
)
from stt_cli.commands.recognition_options import Param, params_from
from stt_cli.core.options import SpeechOptions

app = typer.Typer(add_completion=False)

_SPEECH = "Voice"

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
            metavar="[TEXT]", help="Text to speak; - for stdin.", show_default=False
        ),
    ] = None,
    ssml: Annotated[
        str | None,
        typer.Option(
            "--ssml", metavar="FILE", help="SSML document to speak; - for stdin."
        ),
    ] = None,
    voice: Annotated[
        str | None,
        typer.Option(
            "--voice",
            metavar="NAME",
            help="Voice to use; `stt voices` lists them. The local provider also "
            "takes the folder or .onnx file of a Piper voice.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            "--speaker",
            metavar="NAME",
            help="Speaker of a Piper voice that has several: a name or a number "
            "from 0. Default: 0.",
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
            help="Voice gender, if no --voice is given: female, male or neutral.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate",
            metavar="RATE",
            autocompletion=values.of("x-slow", "slow", "medium", "fast", "x-fast"),
            help="Speaking rate, such as +30%, slow, or (local) 150 words per minute.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    pitch: Annotated[
        str | None,
        typer.Option(
            "--pitch",
            metavar="PITCH",
            autocompletion=values.of("x-low", "low", "medium", "high", "x-high"),
            help="Pitch, such as +10%, high or +2st.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    volume: Annotated[
        str | None,
        typer.Option(
            "--volume",
            metavar="VOLUME",
            autocompletion=values.of("silent", "soft", "medium", "loud", "x-loud"),
            help="Volume, such as +20%, soft or 80.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    contour: Annotated[
        str | None,
        typer.Option(
            "--contour",
            metavar="POINTS",
            help="Pitch contour, such as '(0%,+20Hz) (60%,-10%)'.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    pause: Annotated[
        list[str] | None,
        typer.Option(
            "--break",
            metavar="[WORD=]TIME",
            autocompletion=values.of("weak", "medium", "strong", "x-strong"),
            help="Pause after each sentence, such as 300ms or strong, or after a "
            "word, such as hello=1s. May be repeated.",
            rich_help_panel=_SPEECH,
        ),
    ] = None,
    phoneme: Annotated[
        list[str] | None,
        typer.Option(
            "--phoneme",
            metavar="WORD=SOUNDS",
            help="Pronunciation of a word: tomato=təˈmɑːtəʊ (IPA) or "
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
            help="Audio format: wav, raw, mp3, …, or the service's own name for "
            "one. Default: from the suffix of -o, else wav.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write audio to a file; - for stdout. Default: stdout if piped, "
            "else the speakers.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = None,
    play: Annotated[
        bool,
        typer.Option(
            "--play",
            help="Play the audio, also with -o.",
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
            help="Print details of the audio as JSON; needs -o FILE.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
) -> int:
    """Speak text or SSML to a file, stdout or the speakers.

    Without -p, eSpeak NG speaks on this machine. Session IDs go to stderr.
    """
    from stt_cli.ui.speech import SpeechRequest, speak

    request = SpeechRequest(
        words=tuple(text or ()),
        options=SpeechOptions(
            voice=voice,
            speaker=speaker,
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
