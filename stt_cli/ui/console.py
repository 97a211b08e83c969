"""Rich consoles that obey the run's own variables and take no markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from stt_cli.core.environment import Environment

if TYPE_CHECKING:
    from rich.console import Console


def console_for(stream: TextIO, environment: Environment) -> Console:
    """Return a console on ``stream``: no markup, no guessed highlights, no emoji codes.

    Rich reads NO_COLOR, FORCE_COLOR, TERM and COLUMNS from the variables given;
    ``--color`` comes before them.
    """
    from rich.console import Console

    variables = dict(environment.variables)
    if environment.verbosity.color:
        variables.pop("NO_COLOR", None)
        variables["FORCE_COLOR"] = "1"
    return Console(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        color_system=None if environment.verbosity.color is False else "auto",
        _environ=variables,
    )
