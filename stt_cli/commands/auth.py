"""``stt auth``: keys and tokens in the system's keyring."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import JsonArray, LocalOptions

ProviderName = Annotated[
    str,
    typer.Argument(
        metavar="PROVIDER",
        autocompletion=values.providers,
        help="Provider, such as azure; `stt providers` lists them.",
    ),
]
SettingName = Annotated[
    str | None,
    typer.Argument(
        metavar="[SETTING]",
        autocompletion=values.secrets,
        help="Setting, such as key or token.",
    ),
]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Keep keys and tokens in the system keyring.",
    epilog=examples(
        "stt auth set azure",
        "pass show watson | stt auth set watson",
        "stt auth status",
    ),
)


@app.command(
    "set",
    epilog=examples(
        "stt auth set azure",
        "pass show azure | stt auth set azure key",
    ),
)
@with_option_groups
def set_(
    ctx: typer.Context,
    *,
    provider: ProviderName,
    setting: SettingName = None,
    local: LocalOptions,
) -> None:
    """Store a key, typed without echo on a terminal or read from stdin.

    Without SETTING, stores the provider's main key or token.
    """
    from stt_cli.ui.credentials import keep_secret

    with local.start(ctx) as run:
        keep_secret(provider, setting, run)


@app.command(
    "status",
    epilog=examples(
        "stt auth status",
        "stt auth status azure && stt recognize a.wav -p azure",
    ),
)
@with_option_groups
def status(
    ctx: typer.Context,
    *,
    provider: Annotated[
        str | None,
        typer.Argument(
            metavar="[PROVIDER]",
            autocompletion=values.providers,
            help="Show only this provider.",
        ),
    ] = None,
    json: JsonArray = False,
    local: LocalOptions,
) -> int:
    """Show which keys are set and where they are stored, never the keys themselves.

    With PROVIDER, exits with code 4 if it lacks the credentials it needs.
    """
    from stt_cli.ui.credentials import show_secrets

    with local.start(ctx) as run:
        return show_secrets(provider, run, as_json=json)


@app.command(
    "remove",
    epilog=examples(
        "stt auth remove azure",
        "stt auth remove azure token",
    ),
)
@with_option_groups
def remove(
    ctx: typer.Context,
    *,
    provider: ProviderName,
    setting: SettingName = None,
    local: LocalOptions,
) -> None:
    """Remove a key from the keyring and the config file.

    Without SETTING, removes all of the provider's keys and tokens.
    """
    from stt_cli.ui.credentials import remove_secrets

    with local.start(ctx) as run:
        remove_secrets(provider, setting, run)
