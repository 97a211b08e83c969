"""``stt voices``: the voices of a provider."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import GroupWithDefault, examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import (
    CommonOptions,
    JsonArray,
    LanguageFilter,
    LocalOptions,
    Timeout,
)
from stt_cli.core.events import Notice

app = typer.Typer(cls=GroupWithDefault, rich_markup_mode="rich")

_Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        autocompletion=values.local_voices,
        help="Voice, such as en_US-ryan-medium; `stt voices` lists them.",
        show_default=False,
    ),
]


@app.callback(
    epilog=examples(
        "stt voices -l de",
        "stt voices download en_US-ryan-medium",
        "stt voices -p azure -l en-GB",
    )
)
def voices() -> None:
    """List, download, verify and remove voices for `stt tts --voice`.

    `stt voices` is short for `stt voices list`.
    """


@app.command(
    "list",
    epilog=examples(
        "stt voices -l de",
        "stt voices --gender female --json",
        "stt voices -p azure -l en-GB",
    ),
)
@with_option_groups
def list_(
    ctx: typer.Context,
    *,
    language: LanguageFilter = None,
    gender: Annotated[
        str | None,
        typer.Option(
            "--gender",
            metavar="NAME",
            autocompletion=values.genders,
            help="Show only these voices: female, male or neutral.",
        ),
    ] = None,
    common: CommonOptions,
    json_output: JsonArray = False,
) -> None:
    """List the voices for `stt tts --voice`.

    A language without a region (en) lists all its regions (en-US, en-GB). Local
    voices also take a variant, such as en-US+m3 or de+whisper. Piped output is
    tab-separated: voice, language, gender, name; for local voices also the size in
    bytes and the origin, which is - for a voice that can be downloaded.
    """
    from stt_cli.core.options import VoiceQuery
    from stt_cli.ui.voices import list_voices

    wanted = VoiceQuery(language, gender.strip().lower() if gender else None)
    with common.start(ctx) as run:
        list_voices(run, wanted, timeout=common.timeout, as_json=json_output)


@app.command(
    epilog=examples(
        "stt voices download en_US-ryan-medium",
        'stt tts "Hello!" --voice en_US-ryan-medium',
    )
)
@with_option_groups
def download(
    ctx: typer.Context,
    *,
    names: _Names,
    timeout: Timeout = None,
    common: LocalOptions,
) -> None:
    """Download neural voices in Piper's format.

    They come from a fixed commit of rhasspy/piper-voices. stt knows each file's
    length and MD5, but not its SHA-256: that is asked of the hub, checked, and
    recorded for `stt voices verify`. Interrupted downloads are resumed. Each voice
    has terms of its own, in its MODEL_CARD. HF_ENDPOINT selects a mirror of the
    hub; HF_HUB_OFFLINE=1 disables downloads.
    """
    from stt_cli.ui.voices import download_voices

    with common.start(ctx) as run:
        download_voices(run, names, timeout=timeout)


@app.command(epilog=examples("stt voices remove en_US-ryan-medium"))
@with_option_groups
def remove(
    ctx: typer.Context,
    *,
    names: _Names,
    common: LocalOptions,
) -> None:
    """Remove downloaded voices."""
    from stt_cli.providers.local.voices import remove_voice

    with common.start(ctx) as run:
        for name in names:
            folder = remove_voice(name, run.environment)
            run.reporter.notice(Notice(f"removed {folder}"))


@app.command(epilog=examples("stt voices verify en_US-ryan-medium"))
@with_option_groups
def verify(
    ctx: typer.Context,
    *,
    names: _Names,
    common: LocalOptions,
) -> None:
    """Check downloaded voices against the SHA-256 recorded at download."""
    from stt_cli.providers.local.voices import verify_voice

    with common.start(ctx) as run:
        for name in names:
            sha256 = verify_voice(name, run.environment)
            run.reporter.result(f"{name}\tok\t{sha256}\n")


@app.command(epilog=examples("stt voices path", "stt voices path en_US-ryan-medium"))
@with_option_groups
def path(
    ctx: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=values.local_voices,
            help="Print the folder of this voice.",
            show_default=False,
        ),
    ] = None,
    common: LocalOptions,
) -> None:
    """Print the folder of the downloaded voices, or of one voice."""
    from stt_cli.providers.local.voices import installed_voice, voices_folder

    with common.start(ctx) as run:
        environment = run.environment
        found = installed_voice(name, environment).model.parent if name else None
        run.reporter.result(f"{found or voices_folder(environment)}\n")
