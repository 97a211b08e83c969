"""What a failed submission leaves behind: an end, or something to go on with."""

from __future__ import annotations

import pytest

from stt_cli.core.errors import (
    AudioError,
    ConfigurationError,
    CredentialsError,
    InterruptedRun,
    JobFailedError,
    NotFoundError,
    OutOfTimeError,
    OutputError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UncertainError,
    UnexpectedError,
    UnreachableError,
    UsageError,
)
from stt_cli.workflows.jobs.submit import stays_open


@pytest.mark.parametrize(
    ("error", "is_open"),
    [
        (ConfigurationError("no region"), True),
        (CredentialsError("wrong key", http_status=401), True),
        (QuotaError("no balance", http_status=402), True),
        (RateLimitedError("slow down", http_status=429), True),
        (InterruptedRun(), True),
        (OutOfTimeError("late"), True),
        (OutputError("full"), True),
        (UncertainError("lost"), True),
        (UnreachableError("gone"), True),
        (ProviderError("down", http_status=503, transient=True), True),
        # These say something against the recording, or what was asked of it.
        (ProviderError("no", http_status=400), False),
        (AudioError("no audio"), False),
        (UsageError("no such model"), False),
        (NotFoundError("no such model", http_status=404), False),
        (JobFailedError("no speech"), False),
        (UnexpectedError("ours"), False),
    ],
    ids=lambda value: repr(value),
)
def test_what_may_be_submitted_another_time(error: SttError, is_open: bool) -> None:
    assert stays_open(error) is is_open
