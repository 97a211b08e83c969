"""``stt devices``: microphones and loudspeakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands.options import JsonArray, Quiet
from stt_cli.core.environment import Environment

if TYPE_CHECKING:
    from stt_cli.audio.devices import Device

app = typer.Typer()


@app.command(
    epilog=examples("stt devices", "stt recognize --mic --device 'usb audio'"),
)
def devices(
    ctx: typer.Context,
    json: JsonArray = False,
    quiet: Quiet = False,
) -> None:
    """List microphones and loudspeakers, for `--device`.

    A pipe gets index, name, channels in and out, and what it is the default for,
    parted by tabs.
    """
    from stt_cli.audio.devices import list_devices
    from stt_cli.core.errors import AudioError
    from stt_cli.formats.json_output import json_document
    from stt_cli.ui.tables import Column, print_table

    world: Environment = ctx.obj
    found = list_devices()
    if json:
        listed = [device.to_dict() for device in found]
        world.stdout.write(json_document(listed))
    elif found:
        columns = [
            Column("index"),
            Column("name", "bold", whole=True),
            Column("in"),
            Column("out"),
            Column("default"),
        ]
        print_table(columns, map(_row, found), world)
    if not found:
        raise AudioError(
            "there are no sound devices",
            hint="connect one; in a container give it access to the sound server",
        )


def _row(device: Device) -> tuple[str, ...]:
    defaults = [
        name
        for name, is_default in (
            ("microphone", device.is_default_input),
            ("loudspeaker", device.is_default_output),
        )
        if is_default
    ]
    return (
        str(device.index),
        device.name,
        str(device.inputs),
        str(device.outputs),
        ", ".join(defaults),
    )
