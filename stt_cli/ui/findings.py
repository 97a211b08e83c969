"""Findings of ``stt doctor``, each shown as soon as it is made."""

from __future__ import annotations

import shutil
import textwrap

from stt_cli.core.catalog import Check
from stt_cli.core.environment import Environment
from stt_cli.ui.plain import one_line
from stt_cli.ui.style import wants_color

_COLORS = {"ok": "32", "warning": "33", "missing": "33", "failed": "1;31"}
_STATE_WIDTH, _NAME_WIDTH = 8, 15
_INDENT = _STATE_WIDTH + _NAME_WIDTH + 2


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
    if wants_color(world.stdout, world):
        state = f"\x1b[{_COLORS.get(check.state, '0')}m{state}\x1b[0m"
    lines = _folded(message)
    world.stdout.write(f"{state} {name.ljust(_NAME_WIDTH)} {lines[0]}\n")
    if hint and check.state != "ok":
        lines += _folded(f"→ {hint}")
    for line in lines[1:]:
        world.stdout.write(" " * _INDENT + line + "\n")
    world.stdout.flush()


def _folded(text: str) -> list[str]:
    width = max(shutil.get_terminal_size().columns - _INDENT, 30)
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
