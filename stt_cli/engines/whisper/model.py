"""A Whisper model as it is named: to be opened here, or by a worker elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError
from stt_cli.engines.whisper.store import ModelStore

if TYPE_CHECKING:
    from stt_cli.engines.whisper.decoders import WhisperDecoders

ENGINE = "whisper"


@dataclass(frozen=True, slots=True)
class WhisperModel:
    """A name of the catalog or a folder, and the SHA-256 of the weights it means."""

    name: str
    sha256: str
    is_folder: bool = False

    longest_window: ClassVar[float | None] = 28.0
    """Two seconds less than the model hears at once: its timestamps end at 30 s."""

    def describe(self) -> Mapping[str, str]:
        """Return engine, model and the hash of its weights."""
        return {"engine": ENGINE, "model": self.name, "model_sha256": self.sha256}

    def at_a_place_for_all(self) -> WhisperModel:
        """Return the same with an absolute path, for workers to find."""
        if not self.is_folder:
            return self
        return WhisperModel(str(Path(self.name).absolute()), self.sha256, True)

    def open(
        self, environment: Environment, workers: int, threads: int = 1
    ) -> WhisperDecoders:
        """Return decoders of so many threads each; the weights load at once."""
        from stt_cli.engines.whisper.decoders import WhisperDecoders

        return WhisperDecoders(self, ModelStore(environment), workers, threads)

    def find(self, store: ModelStore) -> Path:
        """Return the folder on this machine, once its weights are known to be right.

        Raises:
            ConfigurationError: the model is not here, or has other bytes.
        """
        if self.is_folder:
            folder = Path(self.name)
        else:
            installed = store.find(self.name)
            if installed is None:
                raise ConfigurationError(
                    f"the model {self.name} is not installed",
                    hint=f"to install it, run: stt models download {self.name}",
                )
            folder = installed.folder
        store.check(folder, self.sha256)
        return folder
