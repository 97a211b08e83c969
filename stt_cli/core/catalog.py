"""What a provider offers: voices, models and languages, as lists show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stt_cli.core.errors import SttError


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice; ``id`` is what ``--voice`` takes."""

    id: str
    language: str
    name: str | None = None
    gender: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the voice as JSON shows it."""
        return {
            "id": self.id,
            "language": self.language,
            "name": self.name,
            "gender": self.gender,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Model:
    """One recognition model; ``id`` is what ``--model`` takes."""

    id: str
    languages: tuple[str, ...] = ()
    name: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON shows it."""
        return {
            "id": self.id,
            "languages": list(self.languages),
            "name": self.name,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Language:
    """One language tag and the recognition modes that know it."""

    tag: str
    modes: tuple[str, ...] = ()
    name: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the language as JSON shows it."""
        return {"tag": self.tag, "modes": list(self.modes), "name": self.name}


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of ``stt doctor``: what was examined and how it stands.

    ``state`` is ``ok``, ``warning``, ``missing`` or ``failed``; ``error`` is what
    a failed one failed with, whose exit code ``stt doctor`` returns.
    """

    name: str
    state: str
    message: str
    hint: str | None = None
    error: SttError | None = None

    @classmethod
    def failed(cls, name: str, error: SttError) -> Check:
        """Return the finding that an error makes."""
        return cls(name, "failed", error.message, error.hint, error)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON shows it."""
        return {
            "name": self.name,
            "state": self.state,
            "message": self.message,
            "hint": self.hint,
            "code": self.error.code if self.error else None,
        }
