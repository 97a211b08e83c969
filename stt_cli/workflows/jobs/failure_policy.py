"""What a failed submission leaves behind: an end, or something to go on with."""

from __future__ import annotations

from stt_cli.core.errors import (
    ConfigurationError,
    CredentialsError,
    InterruptedRun,
    OutOfTimeError,
    OutputError,
    QuotaError,
    RateLimitedError,
    SttError,
    UncertainError,
    UnreachableError,
)

_FOR_NOW = (
    ConfigurationError,
    CredentialsError,
    InterruptedRun,
    OutOfTimeError,
    OutputError,
    QuotaError,
    RateLimitedError,
    UncertainError,
    UnreachableError,
)
"""What says nothing against the recording: another time, it may be taken."""


def stays_open(error: SttError) -> bool:
    """Whether the recording may be submitted later, as it is."""
    return error.transient or isinstance(error, _FOR_NOW)
