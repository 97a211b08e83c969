"""Lines for a terminal, folded between words and never inside what one copies."""

from __future__ import annotations

import re

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_PIECE = re.compile(
    r"`[^`]*`\S*"  # a command between backticks
    r"|(?<=: )stt .*"  # or up to the end: "to continue, run: stt poll ..."
    r"|\S+"
)


def folded(text: str, columns: int | None, *, joint: str = "") -> str:
    """Return text with line feeds between words where it is wider than the terminal.

    A command stays in one piece, even one that is wider than the terminal: that
    folds it by itself, so that it can be copied as a whole.

    Args:
        joint: stands between parts that are kept together where there is room.
    """
    if columns is None or "\n" in text or width_of(text) <= columns:
        return text
    lines = [""]
    for part in text.split(joint) if joint else [text]:
        before = joint if lines[-1] else ""
        if width_of(lines[-1] + before + part) <= columns:
            lines[-1] += before + part
            continue
        lines[-1] += before.rstrip()
        if lines[-1]:
            lines.append("")
        for found in _PIECE.finditer(part):
            space = " " if lines[-1] else ""
            if lines[-1] and width_of(lines[-1] + space + found[0]) > columns:
                lines.append(found[0])
            else:
                lines[-1] += space + found[0]
    return "\n".join(lines)


def width_of(text: str) -> int:
    """Return how many cells of a terminal a text takes, its colors aside."""
    plain = _STYLE.sub("", text)
    if plain.isascii():
        return len(plain)
    from rich.cells import cell_len

    return cell_len(plain)
