"""The neural voices that are known by name: where each is published, and its bytes.

``piper_voices.json`` pins a commit of the collection, and of each voice the length and
the MD5, as the collection lists them itself. That is a name's meaning, not proof
against a forger: the SHA-256 is the hub's own, asked for over TLS with the download.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stt_cli.engines.piper import SUFFIX

CARD = "MODEL_CARD"
"""Where a voice's license is told, beside its files."""


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """A voice by its usual name, ``LANGUAGE_REGION-NAME-QUALITY``.

    ``size`` is that of its model in bytes; ``md5`` is the model's and ``config_md5``
    that of the JSON file which describes it.
    """

    name: str
    repository: str
    revision: str
    speakers: int
    size: int
    md5: str
    config_md5: str

    @property
    def language(self) -> str:
        """Its tag, such as ``en-US``."""
        return self._parts[0].replace("_", "-")

    @property
    def title(self) -> str:
        """What the voice itself is called, such as ``ryan``."""
        return self._parts[1]

    @property
    def quality(self) -> str:
        """``x_low``, ``low``, ``medium`` or ``high``."""
        return self._parts[2]

    @property
    def folder(self) -> str:
        """Where its files are in the repository."""
        tag, name, quality = self._parts
        return f"{tag.partition('_')[0]}/{tag}/{name}/{quality}"

    @property
    def model_name(self) -> str:
        """What its model's file is called."""
        return f"{self.name}{SUFFIX}"

    @property
    def config_name(self) -> str:
        """What the file beside it is called, which describes it."""
        return f"{self.model_name}.json"

    @property
    def _parts(self) -> tuple[str, str, str]:
        tag, name, quality = self.name.split("-")
        return tag, name, quality


@cache
def known_voices() -> Mapping[str, KnownVoice]:
    """Return the voices by name, in order of their names."""
    path = Path(__file__).with_name("piper_voices.json")
    document = json.loads(path.read_bytes())
    return {
        name: KnownVoice(
            name,
            repository=document["repository"],
            revision=document["revision"],
            speakers=voice["speakers"],
            size=voice["size"],
            md5=voice["md5"],
            config_md5=voice["config_md5"],
        )
        for name, voice in document["voices"].items()
    }
