"""What a service counted and charged over some days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from stt_cli.core.timestamps import iso_utc


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """The use of one model, or of all of them where ``model`` is ``None``.

    ``heard`` and ``spoken`` are seconds of audio that went in and came out.
    """

    model: str | None
    requests: int | None = None
    heard: float | None = None
    spoken: float | None = None
    cost: Decimal | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it; a cost is text, so that no cent is rounded."""
        return {
            "model": self.model,
            "requests": self.requests,
            "heard": self.heard,
            "spoken": self.spoken,
            "cost": None if self.cost is None else f"{self.cost.normalize():f}",
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Usage:
    """The use of a service from ``start`` until ``end``; ``currency`` is ISO 4217."""

    provider: str
    start: datetime
    end: datetime
    currency: str
    total: ModelUsage
    models: tuple[ModelUsage, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the usage object of the JSON contract."""
        return {
            "provider": self.provider,
            "start": iso_utc(self.start),
            "end": iso_utc(self.end),
            "currency": self.currency,
            "total": self.total.to_dict(),
            "models": [model.to_dict() for model in self.models],
        }
