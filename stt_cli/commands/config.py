"""``stt config``: what is set, where it comes from, and changes to the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands import values
from stt_cli.commands.options import JsonArray, Profile
from stt_cli.core.environment import Environment

if TYPE_CHECKING:
    from stt_cli.ui.tables import CellLike
    from stt_cli.workflows import configuration

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
    from stt_cli.core.errors import NothingFoundError, UsageError
    from stt_cli.settings import Settings
    from stt_cli.ui.plain import printable
    from stt_cli.workflows import configuration

    environment: Environment = ctx.obj
    setting = configuration.parse_name(name)
    if setting.secret and setting.provider:
        raise UsageError(
            f"{setting} is a secret and cannot be shown",
            hint=f"`stt auth status {setting.provider.name}` shows where it is stored",
        )
    settings = Settings.load(environment, profile=profile)
    _warn_of_what_is_in_vain(environment)
    found = configuration.get(settings, setting)
    if found is None:
        raise NothingFoundError(
            f"{setting} is not set", hint=f"set it with `stt config set {setting} …`"
        )
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
    from stt_cli.workflows import configuration

    environment: Environment = ctx.obj
    setting = configuration.parse_name(name)
    configuration.change(environment, setting, value, profile)
    _warn_of_what_is_in_vain(environment)
    _show_precedence(environment, setting)


@app.command("unset", epilog=examples("stt config unset language"))
def unset(ctx: typer.Context, name: Name, profile: Profile = None) -> None:
    """Remove a value from the config file."""
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows import configuration

    environment: Environment = ctx.obj
    setting = configuration.parse_name(name)
    if not configuration.forget(environment, setting, profile):
        Reporter(environment).warning(f"{setting} is not in the config file")
    _warn_of_what_is_in_vain(environment)
    _show_precedence(environment, setting)


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
    from stt_cli.settings import Settings
    from stt_cli.ui.listed_json import print_json
    from stt_cli.ui.tables import Column, print_table
    from stt_cli.workflows import configuration

    environment: Environment = ctx.obj
    settings = Settings.load(environment, profile=profile)
    found = list(configuration.list_settings(settings, unset=everything))
    _warn_of_what_is_in_vain(environment)
    if json:
        print_json([entry.to_dict() for entry in found], environment)
        return
    columns = [Column("setting", "bold"), Column("value"), Column("from", "dim")]
    if everything:
        columns += [
            Column("variable", "dim", roomy=True),
            Column("meaning", wraps=True),
        ]
    rows = [_row(entry, everything=everything) for entry in found]
    print_table(
        columns,
        rows,
        environment,
        empty="nothing is set; --all lists every setting",
        paged=True,
    )


def _row(entry: configuration.Listed, *, everything: bool) -> list[CellLike]:
    """Return a setting as the table has it; a default is dim, and said to be one."""
    from stt_cli.ui.tables import Cell
    from stt_cli.workflows.configuration import variables_of

    row: list[CellLike]
    if entry.found:
        row = [str(entry.name), entry.found.shown, entry.found.origin]
    elif entry.name.default is not None:
        row = [str(entry.name), Cell(entry.name.default, "dim"), "default"]
    else:
        row = [str(entry.name), None, None]
    if everything:
        row += [" ".join(variables_of(entry.name)), entry.name.help]
    return row


@app.command("path", epilog=examples("$EDITOR $(stt config path)"))
def path(ctx: typer.Context) -> None:
    """Print the path of the config file, whether or not it exists."""
    from stt_cli.settings.file import config_path

    environment: Environment = ctx.obj
    environment.stdout.write(f"{config_path(environment.directories.config)}\n")


def _warn_of_what_is_in_vain(environment: Environment) -> None:
    """Warn of every name in the file that nothing reads."""
    from stt_cli.settings.file import ConfigFile, config_path
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.configuration import misspelled

    file = ConfigFile.read(config_path(environment.directories.config))
    for _, error in misspelled(file):
        Reporter(environment).warning(error.message, error.hint)


def _show_precedence(environment: Environment, setting: configuration.Name) -> None:
    """Warn when the file's value is not the one that holds."""
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.configuration import overriding_variable

    variable = overriding_variable(environment, setting)
    if variable:
        Reporter(environment).warning(
            f"the environment variable {variable} overrides the config file",
            hint=f"unset {variable} to use the value in the file",
        )
