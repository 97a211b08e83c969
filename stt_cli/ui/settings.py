"""Settings on screen: the table of ``config list``, and what is wrong with the file."""

from __future__ import annotations

from stt_cli.core.environment import Environment
from stt_cli.settings import Settings
from stt_cli.settings.file import ConfigFile, config_path
from stt_cli.ui.reporter import Reporter
from stt_cli.ui.tables import Cell, CellLike, Column, print_table
from stt_cli.workflows.configuration import (
    Listed,
    Name,
    list_settings,
    misspelled,
    overriding_variable,
    variables_of,
)


def show_settings(
    environment: Environment, profile: str | None, *, everything: bool, json: bool
) -> None:
    """Show the settings that have a value, or every setting there is."""
    settings = Settings.load(environment, profile=profile)
    found = list(list_settings(settings, unset=everything))
    warn_of_unknown_names(environment)
    if json:
        from stt_cli.ui.tables import print_json

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


def warn_of_unknown_names(environment: Environment) -> None:
    """Warn of every name in the config file that nothing reads."""
    file = ConfigFile.read(config_path(environment.directories.config))
    for _, error in misspelled(file):
        Reporter(environment).warning(error.message, error.hint)


def warn_after_change(environment: Environment, setting: Name) -> None:
    """Warn of unknown names, and when the file's value is not the one that holds."""
    warn_of_unknown_names(environment)
    variable = overriding_variable(environment, setting)
    if variable:
        Reporter(environment).warning(
            f"the environment variable {variable} overrides the config file",
            hint=f"unset {variable} to use the value in the file",
        )


def _row(entry: Listed, *, everything: bool) -> list[CellLike]:
    """Return a setting as the table has it; a default is dim, and said to be one."""
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
