"""Findings of ``stt doctor``, each shown as soon as it is made."""

from __future__ import annotations

import textwrap

from stt_cli.core.catalog import Check
from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import one_line
from stt_cli.ui.style import columns_of, wants_color

_COLORS = {"ok": "32", "warning": "33", "missing": "33", "failed": "1;31"}
_STATE_WIDTH, _NAME_WIDTH = 8, 15
_INDENT = _STATE_WIDTH + _NAME_WIDTH + 2
_ROOMY = 60
"""In fewer columns a finding stands below its name."""


def print_finding(check: Check, environment: Environment) -> None:
    """Print one finding on stdout: aligned on a terminal, by tabs in a pipe."""
    clean = environment.redactor.clean
    name, message = one_line(check.name), one_line(clean(check.message))
    hint = one_line(clean(check.hint or ""))
    if not environment.stdout.isatty():
        environment.stdout.write(f"{check.state}\t{name}\t{message}\t{hint}\n")
        environment.stdout.flush()
        return
    columns = columns_of(environment.stdout, environment) or 80
    indent = _INDENT if columns >= _ROOMY else _STATE_WIDTH + 1
    state = check.state.ljust(_STATE_WIDTH)
    if wants_color(environment.stdout, environment):
        state = f"\x1b[{_COLORS.get(check.state, '0')}m{state}\x1b[0m"
    lines = _folded(message, columns - indent)
    if hint and check.state != "ok":
        lines += _folded(f"→ {hint}", columns - indent)
    beside = lines.pop(0) if columns >= _ROOMY else ""
    environment.stdout.write(
        f"{state} {name.ljust(_NAME_WIDTH)} {beside}".rstrip() + "\n"
    )
    for line in lines:
        environment.stdout.write(" " * indent + line + "\n")
    environment.stdout.flush()


def _folded(text: str, width: int) -> list[str]:
    width = max(width, 20)
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]
