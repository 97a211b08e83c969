"""The models of this machine's engines: what lists show, and what becomes of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from stt_cli.core.catalog import Language, Model
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, NotFoundError
from stt_cli.core.events import Notice, Progress
from stt_cli.engines.pocketsphinx_model import BUNDLED_NAMES
from stt_cli.engines.whisper.catalog import KnownModel, known_models
from stt_cli.engines.whisper.languages import NAMES
from stt_cli.engines.whisper.store import InstalledModel, ModelStore, Origin


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
    is_installed = find_spec("pocketsphinx") is not None
    yield Model(
        BUNDLED_NAMES[0],
        languages=("en-US",),
        name="pocketsphinx US English",
        details={
            "engine": "pocketsphinx",
            "speed": "fast",
            "installed": is_installed,
            "origin": str(Origin.BUNDLED) if is_installed else None,
        },
    )


def languages() -> Iterator[Language]:
    """Yield the languages that one model or another knows."""
    for code, name in NAMES.items():
        yield Language("en-US" if code == "en" else code, name=name)


def known_model_names() -> list[str]:
    """Return the names of the Whisper models there are, from small to large."""
    return list(known_models())


def known_model(name: str) -> KnownModel:
    """Return a Whisper model of the catalog. Raises ``NotFoundError``."""
    catalog = known_models()
    model = catalog.get(name.casefold())
    if model is None:
        near = get_close_matches(name, catalog, n=1)
        raise NotFoundError(
            f"unknown model {name!r}",
            hint=f"did you mean {near[0]}?"
            if near
            else "`stt models -p local` lists models",
        )
    return model


def download_model(name: str, environment: Environment) -> Generator[Progress | Notice]:
    """Bring a model to this machine, unless it is there. See ``model_download``."""
    from stt_cli.providers.local.model_download import download

    model, store = known_model(name), ModelStore(environment)
    found = store.find(model.name)
    if found is not None:
        try:
            store.check(found.folder, model.sha256)
        except ConfigurationError as altered:
            yield Notice(altered.message, "replacing it")
        else:
            where = f"{found.folder} ({found.origin})"
            yield Notice(f"{model.name} is already installed: {where}")
            return
    yield from download(model, store, environment)


def remove_model(name: str, environment: Environment) -> Path:
    """Remove a downloaded model, and return the folder it was in.

    Raises:
        NotFoundError: it is none that this program downloaded.
    """
    return ModelStore(environment).remove(known_model(name).name)


def verify_model(name: str, environment: Environment) -> InstalledModel:
    """Read a model's bytes again and hold them against their SHA-256.

    Raises:
        NotFoundError: it is not installed.
        ConfigurationError: its bytes are others.
    """
    found = installed_model(name, environment)
    ModelStore(environment).verify(found)
    return found


def installed_model(name: str, environment: Environment) -> InstalledModel:
    """Return where a model is. Raises ``NotFoundError``."""
    model = known_model(name)
    found = ModelStore(environment).find(model.name)
    if found is None:
        raise NotFoundError(
            f"the model {model.name} is not installed",
            hint=f"to install it, run: stt models download {model.name}",
        )
    return found


def models_folder(environment: Environment) -> Path:
    """Return where downloaded models are kept."""
    return ModelStore(environment).folder
