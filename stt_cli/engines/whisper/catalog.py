"""The models that are known by name: where each is published, and its bytes.

``models.json`` pins a commit and the SHA-256 of each model's weights, so that a name
means the same bytes on every machine. They are ordered from small to large.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS = "model.bin"
BUNDLED = "tiny.en"
"""What is installed with this program, and the default for English."""

REQUIRED = (WEIGHTS, "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
"""A model has one of them."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model by its usual name.

    ``size`` is that of the weights in bytes; ``speed`` goes from ``fastest`` to
    ``slowest``; ``files`` has the SHA-256 of the other files, where known.
    """

    name: str
    repository: str
    revision: str
    size: int
    sha256: str
    speed: str
    is_english_only: bool
    files: Mapping[str, str]


@cache
def known_models() -> Mapping[str, KnownModel]:
    """Return the models by name, from small to large."""
    document = json.loads(Path(__file__).with_name("models.json").read_bytes())
    return {
        name: KnownModel(
            name,
            repository=model["repository"],
            revision=model["revision"],
            size=model["model"]["size"],
            sha256=model["model"]["sha256"],
            speed=model["speed"],
            is_english_only=model["english_only"],
            files=model["files"],
        )
        for name, model in document["models"].items()
    }


def is_whisper_folder(folder: Path) -> bool:
    """Whether a folder looks like a Whisper model for CTranslate2."""
    return (folder / WEIGHTS).is_file()
