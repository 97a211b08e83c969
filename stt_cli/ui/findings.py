"""Findings of ``stt doctor``, each shown as soon as it is made."""

from __future__ import annotations

from stt_cli.core.catalogue import Check
from stt_cli.core.environment import Environment
from stt_cli.ui.plain import one_line
from stt_cli.ui.style import wants_colour

_COLOURS = {"ok": "32", "warning": "33", "missing": "33", "failed": "1;31"}
_STATE_WIDTH, _NAME_WIDTH = 8, 15


def print_finding(check: Check, world: Environment) -> None:
    """Print one finding on stdout: aligned on a terminal, by tabs in a pipe."""
    clean = world.redactor.clean
    name, message = one_line(check.name), one_line(clean(check.message))
    hint = one_line(clean(check.hint or ""))
    if not world.stdout.isatty():
        world.stdout.write(f"{check.state}\t{name}\t{message}\t{hint}\n")
        world.stdout.flush()
        return
    state = check.state.ljust(_STATE_WIDTH)
    if wants_colour(world.stdout, world):
        state = f"\x1b[{_COLOURS.get(check.state, '0')}m{state}\x1b[0m"
    world.stdout.write(f"{state} {name.ljust(_NAME_WIDTH)} {message}\n")
    if hint and check.state != "ok":
        indent = " " * (_STATE_WIDTH + _NAME_WIDTH + 2)
        world.stdout.write(f"{indent}→ {hint}\n")
    world.stdout.flush()
