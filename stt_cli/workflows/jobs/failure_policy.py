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


def was_not_taken(error: SttError) -> bool:
    """Whether the service cannot have taken what was sent last.

    It said so itself, or nothing reached it. Any other failure leaves that open:
    the answer was lost, or came from a gateway that knows nothing.
    """
    if isinstance(error, UnreachableError):
        return error.before_request
    return 400 <= (error.http_status or 0) < 500 and error.http_status != 408
