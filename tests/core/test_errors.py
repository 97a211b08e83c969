"""Errors the user is meant to understand, as plain data."""

from __future__ import annotations

import pytest

from stt_cli.core.errors import (
    AudioError,
    InterruptedRun,
    RateLimitedError,
    SttError,
)
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.identifiers import Identifiers


@pytest.mark.parametrize(
    "error",
    [
        AudioError("too long", hint="cut it", http_status=413, transient=False),
        InterruptedRun(exit_status=ExitStatus.TERMINATED),
    ],
)
def test_a_copy_is_an_error_of_its_own(error: SttError) -> None:
    import distributed  # noqa: F401 - teaches copying exceptions another way

    copy = error.copied()
    before = error.message
    copy.with_ids(Identifiers.of(session_id="s")).masked(lambda text: f"b.wav: {text}")
    assert copy.message == f"b.wav: {before}"
    assert error.message == before
    assert not dict(error.ids.items())
    assert (type(copy), copy.hint is None) == (type(error), error.hint is None)
    assert (copy.exit_status, copy.http_status) == (
        error.exit_status,
        error.http_status,
    )


@pytest.mark.parametrize(
    ("seconds", "hint", "advice"),
    [
        (None, "slow down", "slow down"),
        (0.0, "slow down", "slow down"),
        (0.4, None, None),
        (1.0, None, "the service asked to wait 1 s"),
        (59.6, None, "the service asked to wait 1 min"),
        (90.0, "slow down", "slow down; the service asked to wait 1 min 30 s"),
        (3600.0, None, "the service asked to wait 1 h"),
        (90_061.0, None, "the service asked to wait 25 h 1 min 1 s"),
    ],
)
def test_how_long_the_service_asks_to_wait_is_told(
    seconds: float | None, hint: str | None, advice: str | None
) -> None:
    error = RateLimitedError("slow", hint=hint, retry_after=seconds)
    assert error.advice == advice
    assert error.to_dict()["hint"] == advice
