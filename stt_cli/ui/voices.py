"""Voices as a table, and their way to this machine."""

from __future__ import annotations

from collections.abc import Sequence

from stt_cli.core.catalog import Voice
from stt_cli.core.options import VoiceQuery
from stt_cli.providers.local.voices import (
    download_voice,
    installed_voice,
    known_voice,
)
from stt_cli.providers.spec import Capability
from stt_cli.ui.catalog import list_from_provider
from stt_cli.ui.downloads import Download, download_all
from stt_cli.ui.quantities import size
from stt_cli.ui.run import Run
from stt_cli.ui.style import is_terminal
from stt_cli.ui.tables import CellLike, Column


def list_voices(
    run: Run, wanted: VoiceQuery, *, timeout: float | None, as_json: bool
) -> None:
    """List a provider's voices; of this machine's, which ones are installed."""
    drawn = is_terminal(run.environment.stdout)
    is_local = run.spec.is_local

    def row(voice: Voice) -> Sequence[CellLike]:
        common = (voice.id, voice.language, voice.gender, voice.name)
        if not is_local:
            return common
        count = voice.details.get("size")
        shown = size(count) if drawn and count is not None else count
        return *common, shown, voice.details["origin"] or "-"

    columns = [Column("voice", whole=True), Column("language"),
               Column("gender"), Column("name")]  # fmt: skip
    if is_local:
        columns += [Column("size", right=True), Column("installed")]
    list_from_provider(
        run,
        timeout=timeout,
        capability=Capability.VOICES,
        what="voices",
        ask=lambda service: iter(service.voices(wanted)),
        columns=columns,
        row=row,
        as_json=as_json,
    )


def download_voices(run: Run, names: Sequence[str], *, timeout: float | None) -> None:
    """Download voices one after the other, and print the folder of each."""
    wanted = [
        Download(
            voice.name,
            voice.size,
            download_voice,
            lambda name, environment: installed_voice(name, environment).model.parent,
        )
        for voice in map(known_voice, names)
    ]
    download_all(run, wanted, timeout)
