"""``stt config``: what is set, where it comes from, and changes to the file."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands import values
from stt_cli.commands.options import JsonArray, Profile
from stt_cli.core.environment import Environment

_NAME_HELP = (
    "Setting, such as language or azure.region; `stt config list --all` lists them."
)
Name = Annotated[
    str, typer.Argument(metavar="NAME", autocompletion=values.settings, help=_NAME_HELP)
]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Read and change settings.",
    epilog=examples(
        "stt config set provider azure",
        "stt config set azure.region westeurope",
        "stt config list",
    ),
)


@app.command("get", epilog=examples("stt config get language"))
def get(ctx: typer.Context, name: Name, profile: Profile = None) -> None:
    """Print the value of a setting, or exit with code 3 if it is not set."""
    from stt_cli.core.plain_text import printable
    from stt_cli.settings import Settings
    from stt_cli.ui.settings import warn_of_unknown_names
    from stt_cli.workflows import configuration

    environment: Environment = ctx.obj
    setting = configuration.readable(name)
    settings = Settings.load(environment, profile=profile)
    warn_of_unknown_names(environment)
    found = configuration.require(settings, setting)
    environment.stdout.write(printable(found.shown) + "\n")


@app.command(
    "set",
    epilog=examples(
        "stt config set language de-DE",
        "stt config set --profile work azure.region westeurope",
    ),
)
def set_(
    ctx: typer.Context,
    name: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="New value.")],
    profile: Profile = None,
) -> None:
    """Set a value in the config file. Comments in the file are kept.

    For keys and tokens, use `stt auth set`.
    """
    from stt_cli.ui.settings import warn_after_change
    from stt_cli.workflows import configuration

    environment: Environment = ctx.obj
    setting = configuration.parse_name(name)
    configuration.change(environment, setting, value, profile)
    warn_after_change(environment, setting)


@app.command("unset", epilog=examples("stt config unset language"))
def unset(ctx: typer.Context, name: Name, profile: Profile = None) -> None:
    """Remove a value from the config file."""
    from stt_cli.ui.reporter import Reporter
    from stt_cli.ui.settings import warn_after_change
    from stt_cli.workflows import configuration

    environment: Environment = ctx.obj
    setting = configuration.parse_name(name)
    if not configuration.forget(environment, setting, profile):
        Reporter(environment).warning(f"{setting} is not in the config file")
    warn_after_change(environment, setting)


@app.command(
    "list",
    epilog=examples(
        "stt config list --all",
        "stt config list --profile work --json",
    ),
)
def list_(
    ctx: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Include settings without a value.")
    ] = False,
    profile: Profile = None,
    json: JsonArray = False,
) -> None:
    """List the settings that have a value, and where each value comes from.

    Secrets are masked. Piped output is tab-separated: name, value, origin.
    """
    from stt_cli.ui.settings import show_settings

    show_settings(ctx.obj, profile, everything=everything, json=json)


@app.command("path", epilog=examples("$EDITOR $(stt config path)"))
def path(ctx: typer.Context) -> None:
    """Print the path of the config file, whether or not it exists."""
    from stt_cli.settings.file import config_path

    environment: Environment = ctx.obj
    environment.stdout.write(f"{config_path(environment.directories.config)}\n")
