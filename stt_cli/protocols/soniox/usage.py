"""Soniox's usage summary: costs and counts of days (soniox.com/docs, "Usage summary").

Costs are decimal numbers, written as text.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from stt_cli.core.errors import UsageError
from stt_cli.core.usage import ModelUsage, Usage
from stt_cli.protocols.json_fields import (
    Fields,
    integer,
    mapping,
    number,
    objects,
    text,
    unknown,
)

LONGEST = timedelta(days=366)
CURRENCY = "USD"
_READ = (
    "model",
    "total_num_requests",
    "total_input_audio_duration_ms",
    "total_output_audio_duration_ms",
    "total_cost_usd",
)


def check_window(start: datetime, end: datetime) -> None:
    """Raise ``UsageError`` for days that the service does not give together."""
    if not start < end:
        raise UsageError(
            "the usage period must start before it ends", hint="check --since"
        )
    if end - start > LONGEST:
        raise UsageError(
            f"Soniox reports usage for at most {LONGEST.days} days",
            hint=f"use --since {LONGEST.days}d",
        )


def read_usage(fields: Fields, provider: str, start: datetime, end: datetime) -> Usage:
    """Read the summary of a time window."""
    return Usage(
        provider=provider,
        start=start,
        end=end,
        currency=CURRENCY,
        total=_entry(mapping(fields, "total")),
        models=tuple(map(_entry, objects(fields, "models"))),
    )


def _entry(fields: Fields) -> ModelUsage:
    return ModelUsage(
        model=text(fields, "model"),
        requests=integer(fields, "total_num_requests"),
        heard=_seconds(fields, "total_input_audio_duration_ms"),
        spoken=_seconds(fields, "total_output_audio_duration_ms"),
        cost=_cost(fields.get("total_cost_usd")),
        details=unknown(fields, _READ),
    )


def _seconds(fields: Fields, name: str) -> float | None:
    milliseconds = number(fields, name)
    return None if milliseconds is None else milliseconds / 1000


def _cost(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        cost = Decimal(str(value))
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and abs(cost.adjusted()) < 30 else None
