"""Pieces of Markdown that foreign words cannot break out of.

Words of a service or a log stand in code, fenced longer than any run of backticks
in them: they become no markup there, and steer no terminal here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stt_cli.core.plain_text import one_line, printable

_BACKTICKS = re.compile("`+")


def section(title: str) -> Iterator[str]:
    """Yield the lines of a heading."""
    yield from ("", f"## {title}", "")


def block(text: str | None, otherwise: str) -> Iterator[str]:
    """Yield a fenced block that the text cannot end."""
    if not text:
        yield f"- {otherwise}"
        return
    fence = "`" * max(3, _longest_run(text) + 1)
    yield from ("", f"{fence}text", printable(text), fence)


def code(text: str) -> str:
    """Return the text as code on one line."""
    line = one_line(text)
    fence = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
