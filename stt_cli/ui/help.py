"""How help screens look: no wider than one reads, and legible on a light ground."""

from __future__ import annotations

import shutil

_WIDEST = 100


def prepare_help() -> None:
    """Set the look of Typer's help screens; only a run that shows one pays for it."""
    from typer import rich_utils

    rich_utils.MAX_WIDTH = min(shutil.get_terminal_size().columns, _WIDEST)
    rich_utils.STYLE_HELPTEXT = ""
    rich_utils.STYLE_TYPES = "yellow"
    rich_utils.STYLE_USAGE = "bold"
