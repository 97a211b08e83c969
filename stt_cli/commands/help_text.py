"""The foot of a help screen: examples that can be copied, one a line."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """Return an epilog; each of ``lines`` is a command as typed at a prompt."""
    # Typer ends a line where there is an empty one, and takes [ for markup.
    typed = ("[dim]$[/dim] " + line.replace("[", r"\[") for line in lines)
    return "\n\n".join(["[bold]Examples[/bold]", *typed])
