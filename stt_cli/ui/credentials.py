"""Keys and tokens in the keyring: kept, listed and removed, and what is said of it."""

from __future__ import annotations

from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.secret import Secret
from stt_cli.providers.registry import provider_spec
from stt_cli.ui.run import Run
from stt_cli.ui.tables import Cell, Column, print_json, print_table
from stt_cli.workflows import credentials


def keep_secret(provider: str, setting: str | None, run: Run) -> None:
    """Ask for a secret, or read it from stdin, and keep it."""
    environment, profile = run.environment, run.choice.profile
    spec = provider_spec(provider)
    chosen = credentials.choose_secret(spec, setting)
    secret = _read(environment, f"{spec.name} {chosen.name}: ")
    backend = credentials.store(environment, spec, chosen, secret, profile)
    run.reporter.notice(Notice(f"stored {spec.name} {chosen.name} in {backend}"))
    _warn_of_variables(run, chosen.variables, "overrides it")


def show_secrets(provider: str | None, run: Run, *, as_json: bool) -> int:
    """Print where each secret is kept; the code is 4 if the provider lacks one."""
    specs = list(credentials.specs_with_secrets(provider))
    found = [each for spec in specs for each in credentials.status(run.settings, spec)]
    if as_json:
        print_json([each.to_dict() for each in found], run.environment)
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
        columns = [Column("provider", "bold"), Column("setting"), Column("in")]
        print_table(columns, rows, run.environment)
    if provider is not None and run.settings.missing(specs[0]):
        return ExitStatus.CREDENTIALS
    return ExitStatus.OK


def remove_secrets(provider: str, setting: str | None, run: Run) -> None:
    """Remove a secret, or all of a provider, from wherever they are kept."""
    spec = provider_spec(provider)
    chosen = [credentials.choose_secret(spec, setting)]
    if setting is None:
        chosen = credentials.secrets_of(spec)
    gone = [
        f"removed {spec.name} {each.name} from the {place}"
        for each in chosen
        for place in credentials.remove(run.environment, spec, each, run.choice.profile)
    ]
    for text in gone or [f"no {spec.name} key is stored"]:
        run.reporter.notice(Notice(text))
    for each in chosen:
        _warn_of_variables(run, each.variables, "still provides one")


def _read(environment: Environment, prompt: str) -> Secret:
    """Ask on the terminal without echo, or read what was piped in."""
    if environment.stdin is None or environment.stdin.closed:
        raise UsageError(
            "cannot read the key: stdin is closed",
            hint="pipe it in, for example: pass show azure | stt auth set azure",
        )
    if environment.stdin.isatty():
        from getpass import getpass

        try:
            return credentials.checked_secret(getpass(prompt))
        except EOFError:
            return credentials.checked_secret("")
    return credentials.read_secret(environment.stdin.read(4 * credentials.LONGEST + 1))


def _warn_of_variables(run: Run, variables: tuple[str, ...], words: str) -> None:
    for variable in variables:
        if run.environment.variables.get(variable, "").strip():
            run.reporter.warning(
                f"the environment variable {variable} {words}", hint=f"unset {variable}"
            )
