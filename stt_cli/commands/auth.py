"""``stt auth``: keys and tokens in the system's keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands.options import JsonArray, Profile
from stt_cli.core.environment import Environment

if TYPE_CHECKING:
    from stt_cli.core.secret import Secret
    from stt_cli.ui.reporter import Reporter

ProviderName = Annotated[
    str, typer.Argument(metavar="PROVIDER", help="Such as azure; see `stt providers`.")
]
SettingName = Annotated[
    str | None,
    typer.Argument(metavar="[SETTING]", help="Such as key or token."),
]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Keep keys and tokens in the system's keyring.",
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
def set_(
    ctx: typer.Context,
    provider: ProviderName,
    setting: SettingName = None,
    profile: Profile = None,
) -> None:
    """Store a key: typed without echo on a terminal, else read from stdin.

    Without SETTING it is the one that the provider asks for first.
    """
    from stt_cli.core.events import Notice
    from stt_cli.providers.registry import provider_spec
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows import credentials

    world: Environment = ctx.obj
    spec = provider_spec(provider)
    chosen = credentials.choose_secret(spec, setting)
    secret = _read(world, f"{spec.name} {chosen.name}: ")
    backend = credentials.store(world, spec, chosen, secret, profile)
    reporter = Reporter(world)
    reporter.notice(Notice(f"{spec.name} {chosen.name} is kept in {backend}"))
    _warn_of_variables(world, reporter, chosen.variables, "goes before it")


@app.command(
    "status",
    epilog=examples(
        "stt auth status",
        "stt auth status azure && stt recognize a.wav -p azure",
    ),
)
def status(
    ctx: typer.Context,
    provider: Annotated[
        str | None, typer.Argument(metavar="[PROVIDER]", help="Only this one.")
    ] = None,
    profile: Profile = None,
    json: JsonArray = False,
) -> int:
    """Show which keys are set and where each is kept, never a key itself.

    With PROVIDER the exit code is 4 unless it has the credentials it needs.
    """
    from stt_cli.core.exit_status import ExitStatus
    from stt_cli.settings import Settings
    from stt_cli.ui.listed_json import print_json
    from stt_cli.ui.tables import Cell, Column, print_table
    from stt_cli.workflows import credentials

    world: Environment = ctx.obj
    settings = Settings.load(world, profile=profile)
    specs = list(credentials.specs_with_secrets(provider))
    found = [each for spec in specs for each in credentials.status(settings, spec)]
    if json:
        print_json([each.to_dict() for each in found], world)
    else:
        rows = [
            (
                each.provider,
                each.setting,
                Cell(", also in ".join(each.origins), "green")
                if each.origins
                else Cell(f"not set ({' or '.join(each.variables)})", "dim"),
            )
            for each in found
        ]
        columns = [Column("provider", "bold"), Column("setting"), Column("kept in")]
        print_table(columns, rows, world)
    if provider is not None and settings.missing(specs[0]):
        return ExitStatus.CREDENTIALS
    return ExitStatus.OK


@app.command(
    "remove",
    epilog=examples(
        "stt auth remove azure",
        "stt auth remove azure token",
    ),
)
def remove(
    ctx: typer.Context,
    provider: ProviderName,
    setting: SettingName = None,
    profile: Profile = None,
) -> None:
    """Remove a key from the keyring and the config file.

    Without SETTING all keys and tokens of the provider go.
    """
    from stt_cli.core.events import Notice
    from stt_cli.providers.registry import provider_spec
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows import credentials

    world: Environment = ctx.obj
    spec = provider_spec(provider)
    chosen = [credentials.choose_secret(spec, setting)]
    if setting is None:
        chosen = credentials.secrets_of(spec)
    reporter = Reporter(world)
    anything = False
    for each in chosen:
        for place in credentials.remove(world, spec, each, profile):
            anything = True
            reporter.notice(Notice(f"{spec.name} {each.name} is gone from the {place}"))
    if not anything:
        reporter.notice(Notice(f"no {spec.name} key was stored"))
    for each in chosen:
        _warn_of_variables(world, reporter, each.variables, "still gives one")


def _read(world: Environment, prompt: str) -> Secret:
    """Ask on the terminal without echo, or read what was piped in."""
    from stt_cli.core.errors import UsageError
    from stt_cli.workflows.credentials import LONGEST, checked_secret, read_secret

    if world.stdin is None or world.stdin.closed:
        raise UsageError(
            "there is no stdin to read the key from",
            hint="pipe it in: `pass show azure | stt auth set azure`",
        )
    if world.stdin.isatty():
        from getpass import getpass

        try:
            return checked_secret(getpass(prompt))
        except EOFError:
            return checked_secret("")
    return read_secret(world.stdin.read(4 * LONGEST + 1))


def _warn_of_variables(
    world: Environment, reporter: Reporter, variables: tuple[str, ...], words: str
) -> None:
    for variable in variables:
        if world.variables.get(variable, "").strip():
            reporter.warning(
                f"{variable} in the environment {words}", hint=f"unset {variable}"
            )
