"""Models as a table, and their way to this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stt_cli.core.catalog import Model
from stt_cli.core.language_tags import matches_language
from stt_cli.providers.base import Provider
from stt_cli.providers.local.models import (
    download_model,
    installed_model,
    known_model,
)
from stt_cli.providers.spec import Capability
from stt_cli.ui.catalog import list_from_provider
from stt_cli.ui.downloads import Download, download_all
from stt_cli.ui.quantities import size
from stt_cli.ui.run import Run
from stt_cli.ui.style import is_terminal
from stt_cli.ui.tables import CellLike, Column

_MANY_LANGUAGES = 12


def list_models(
    run: Run,
    name: str | None,
    language: str | None,
    *,
    timeout: float | None,
    as_json: bool,
) -> None:
    """List a provider's models; of this machine's, which ones are installed."""

    def ask(service: Provider) -> Iterator[Model]:
        found = [service.model(name)] if name else service.models()
        for model in found:
            if matches_language(language, model.languages):
                yield model

    drawn = is_terminal(run.environment.stdout)

    def row(model: Model) -> Sequence[CellLike]:
        languages = " ".join(model.languages)
        if drawn and len(model.languages) > _MANY_LANGUAGES:
            languages = f"{len(model.languages)} languages"
        if not run.spec.is_local:
            return model.id, languages, model.name
        details = model.details
        count = details.get("size")
        return (
            model.id,
            languages,
            count if count is None or not drawn else size(count),
            details["speed"],
            details["origin"] or "-",
        )

    columns = [Column("model", "bold", whole=True), Column("languages")]
    if run.spec.is_local:
        columns += [Column("size", right=True), Column("speed"), Column("installed")]
    else:
        columns += [Column("name")]
    list_from_provider(
        run,
        timeout=timeout,
        capability=Capability.MODELS,
        what="models",
        ask=ask,
        columns=columns,
        row=row,
        as_json=as_json,
    )


def download_models(run: Run, names: Sequence[str], *, timeout: float | None) -> None:
    """Download models one after the other, and print the folder of each."""
    wanted = [
        Download(
            model.name,
            model.size,
            download_model,
            lambda name, environment: installed_model(name, environment).folder,
        )
        for model in map(known_model, names)
    ]
    download_all(run, wanted, timeout)
