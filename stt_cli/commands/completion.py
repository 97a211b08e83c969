"""``stt completion``: print the completion script of a shell."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from stt_cli.cli.declaration import examples

app = typer.Typer(add_completion=False)


class Shell(StrEnum):
    """The shells there are scripts for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


@app.command(
    epilog=examples(
        'eval "$(stt completion bash)"',
        "stt completion zsh > ~/.zfunc/_stt",
        "stt completion fish > ~/.config/fish/completions/stt.fish",
        "stt completion powershell >> $PROFILE",
    )
)
def completion(
    ctx: typer.Context,
    shell: Annotated[
        Shell, typer.Argument(metavar="SHELL", help="Shell to complete in.")
    ],
) -> None:
    """Print a shell completion script.

    The script is self-contained: it completes commands and options without
    starting Python.
    """
    from stt_cli.cli.completion import SCRIPTS
    from stt_cli.cli.description import describe

    ctx.obj.stdout.write(SCRIPTS[shell](describe(ctx.find_root().command)))
