"""Models and languages of this machine's engines, as lists show them."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.core.catalogue import Language, Model
from stt_cli.core.environment import Environment
from stt_cli.engines.pocketsphinx_model import BUNDLED_NAMES
from stt_cli.engines.whisper.catalog import known_models
from stt_cli.engines.whisper.languages import NAMES
from stt_cli.engines.whisper.store import ModelStore


def models(environment: Environment) -> Iterator[Model]:
    """Yield every model that has a name: Whisper's by size, then pocketsphinx."""
    store = ModelStore(environment)
    for known in known_models().values():
        found = store.find(known.name)
        yield Model(
            known.name,
            languages=("en",) if known.is_english_only else tuple(NAMES),
            name=f"Whisper {known.name}",
            details={
                "engine": "whisper",
                "size": known.size,
                "speed": known.speed,
                "installed": found is not None,
                "origin": str(found.origin) if found else None,
                "folder": str(found.folder) if found else None,
                "sha256": known.sha256,
                "source": f"{known.repository}@{known.revision}",
            },
        )
    yield Model(
        BUNDLED_NAMES[0],
        languages=("en-US",),
        name="pocketsphinx US English",
        details={"engine": "pocketsphinx", "speed": "fastest", "installed": True},
    )


def languages() -> Iterator[Language]:
    """Yield the languages that one model or another knows."""
    for code, name in NAMES.items():
        yield Language("en-US" if code == "en" else code, name=name)
