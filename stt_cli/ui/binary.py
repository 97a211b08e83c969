"""Audio is not spilled on a terminal."""

from __future__ import annotations

from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.ui.style import is_terminal


def refuse_terminal(world: Environment, *, hint: str | None = None) -> None:
    """Raise ``UsageError`` where binary output would go to a terminal.

    Nobody is asked: a question in a script would wait for ever.
    """
    if is_terminal(world.stdout):
        raise UsageError(
            "audio is not written to a terminal",
            hint=hint or "-o FILE writes a file, --play plays it, a pipe takes it too",
        )
