"""The foot of a help screen: examples that can be copied, one a line."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """Return an epilog; each of ``lines`` is a command as typed at a prompt."""
    return "\n".join(f"$ {line}" for line in lines)
