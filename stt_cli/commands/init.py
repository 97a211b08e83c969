"""``stt init``: the first set-up, by questions."""

from __future__ import annotations

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import LocalOptions

app = typer.Typer()


@app.command(epilog=examples("stt init", "stt init --profile work"))
@with_option_groups
def init(ctx: typer.Context, *, local: LocalOptions) -> int:
    """Set up stt interactively.

    Asks for a provider, its key, your language, a model to download and shell
    completion. Press Enter to keep the current value. Every answer can be changed
    later with `stt config` and `stt auth`. Needs a terminal.
    """
    from stt_cli.ui.first_setup import set_up

    with local.start(ctx) as run:
        return set_up(run)
