"""What the emulated Soniox has done by model, as its usage summary tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from stt_cli.protocols.soniox.rest_server import Refusal, invalid
from stt_cli.protocols.soniox.usage import LONGEST

_AN_HOUR = Decimal("0.10")  # dollars; made up, near the vendor's price
_COSTS = ("cost_usd", "input_cost_usd", "output_cost_usd", "duration_cost_usd")
_COUNTS = (
    "num_requests",
    "input_text_tokens",
    "input_audio_tokens",
    "input_audio_duration_ms",
    "output_text_tokens",
    "output_audio_tokens",
    "output_audio_duration_ms",
    "duration_ms",
)


@dataclass(frozen=True, slots=True)
class _Use:
    day: date
    model: str
    milliseconds: int


@dataclass
class UsageCounter:
    """Everything that was recognized; tasks of one loop write it."""

    uses: list[_Use] = field(default_factory=list)

    def add(self, model: str, seconds: float) -> None:
        """Count one recognition."""
        day = datetime.now(UTC).date()
        self.uses.append(_Use(day, model, round(seconds * 1000)))

    def summary(self, start: str | None, end: str | None) -> dict[str, Any] | Refusal:
        """Return the summary of a window, each day that it covers a part of."""
        try:
            first = datetime.fromisoformat(start or "").astimezone(UTC)
            last = datetime.fromisoformat(end or "").astimezone(UTC)
        except (ValueError, OverflowError):
            where = "query.start_time" if not start else "query.end_time"
            return invalid(("missing", where, "An ISO 8601 time is required"))
        if not first < last or last - first > LONGEST:
            return invalid(("value_error", "query.end_time", "At most 366 days"))
        count = ((last - timedelta(microseconds=1)).date() - first.date()).days + 1
        days = [first.date() + timedelta(days=at) for at in range(count)]
        uses = [use for use in self.uses if use.day in days]
        models = sorted({use.model for use in uses})
        return {
            "total": _entry(None, uses, days),
            "models": [
                _entry(model, (use for use in uses if use.model == model), days)
                for model in models
            ],
        }


def _entry(model: str | None, uses: Iterable[_Use], days: list[date]) -> dict[str, Any]:
    by_day: dict[date, list[int]] = {day: [] for day in days}
    for use in uses:
        by_day[use.day].append(use.milliseconds)
    found: dict[str, Any] = {"model": model, "days": [day.isoformat() for day in days]}
    zeros = [0] * len(days)
    lengths = [sum(each) for each in by_day.values()]
    costs = [_AN_HOUR * length / 3_600_000 for length in lengths]
    lists: dict[str, list[Any]] = {
        **dict.fromkeys(_COSTS, [Decimal(0)] * len(days)),
        **dict.fromkeys(_COUNTS, zeros),
        "cost_usd": costs,
        "input_cost_usd": costs,
        "num_requests": [len(each) for each in by_day.values()],
        "input_audio_duration_ms": lengths,
        "duration_ms": lengths,
    }
    for name, values in lists.items():
        is_cost = name in _COSTS
        total = sum(values)
        found[f"total_{name}"] = f"{total:.10f}" if is_cost else total
        found[name] = [f"{value:.10f}" for value in values] if is_cost else values
    return found
