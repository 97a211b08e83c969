"""``stt devices``: microphones and loudspeakers."""

from __future__ import annotations

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import JsonArray, LocalOptions

app = typer.Typer()


@app.command(
    epilog=examples("stt devices", "stt recognize --mic --device 'usb audio'"),
)
@with_option_groups
def devices(
    ctx: typer.Context, *, json: JsonArray = False, local: LocalOptions
) -> None:
    """List audio devices for `--device`.

    Piped output is tab-separated: index, name, input channels, output channels,
    default for.
    """
    from stt_cli.ui.catalog import list_devices

    with local.start(ctx) as run:
        list_devices(run, as_json=json)
