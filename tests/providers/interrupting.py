"""Submissions whose process dies at a chosen moment, and others that go on with them.

The ledger is played here: what it would have written down before the death is
all that the next attempt gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from stt_cli.audio.open import open_source
from stt_cli.audio.source import AudioSource
from stt_cli.core.environment import Environment
from stt_cli.core.events import (
    Identified,
    Sending,
    SubmissionEvent,
    Submitted,
    Transcribed,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions, RecognizeOptions
from stt_cli.core.secret import Secret
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.registry import provider_spec
from tests.emulating import KEY, Emulated
from tests.fake_time import fake_environment

REFERENCE = "stt-01KAGD0000000000000000TEST"
_SECRETS = {"soniox": "key", "scriptix": "token", "watson": "apikey", "azure": "key"}


def environment() -> Environment:
    """Return an environment with the true date, whose pauses take no time."""
    return replace(fake_environment(), now=lambda: datetime.now(UTC))


@contextmanager
def client(
    name: str, service: Emulated, log: list[str] | None = None
) -> Iterator[Provider]:
    """Open a provider whose service is the emulator."""
    lines = log if log is not None else []
    secret = _SECRETS[name]
    context = ProviderContext(
        environment(),
        secrets={secret: Secret(KEY)} if name != "watson" else {},
        endpoint=service.url,
        log=lines.append,
    )
    made = provider_spec(name).open(context)
    try:
        yield made
    finally:
        made.close()


def source_of(what: Path | str) -> AudioSource:
    """Return a recording, by its file or its address."""
    return open_source(str(what), environment())


def options(**params: str) -> JobOptions:
    """Return options as a submission from the ledger has them."""
    given = {name: (value,) for name, value in params.items()}
    return JobOptions(
        RecognizeOptions(language="en-US", params=given),
        client_reference_id=None if "client_reference_id" in params else REFERENCE,
    )


@dataclass
class Ledger:
    """What is known of one submission; ``jobs`` are those of all."""

    step: str | None = None
    ids: Identifiers = field(default_factory=Identifiers)
    jobs: set[str] = field(default_factory=set)
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    def write(self, event: SubmissionEvent) -> None:
        """Take down what an event tells."""
        if isinstance(event, Sending):
            self.step = event.step
        if isinstance(event, Sending | Identified):
            self.ids = self.ids.merged(event.ids)
        if isinstance(event, Submitted):
            self.jobs.add(event.job.id)

    @property
    def interrupted(self) -> InterruptedSubmission | None:
        """What the next attempt is told."""
        if self.step is None:
            return None
        known = self.jobs.__contains__
        return InterruptedSubmission(self.step, self.since, self.ids, known)


def telling(events: Iterator[SubmissionEvent]) -> Iterator[SubmissionEvent]:
    """Yield the events that the ledger takes down."""
    kinds = (Sending, Identified, Submitted, Transcribed)
    return (event for event in events if isinstance(event, kinds))


def killed(
    made: Provider,
    what: Path | str,
    wanted: JobOptions,
    *,
    at: int,
    written: bool,
    ledger: Ledger | None = None,
) -> Ledger:
    """Submit until the event of that number, from 1, and die.

    With ``written`` false the process dies before it could write that event down:
    the answer that it told of is lost.
    """
    ledger = ledger or Ledger()
    events = made.submit(source_of(what), wanted)
    for number, event in enumerate(telling(events), 1):
        if number < at or written:
            ledger.write(event)
        if number == at:
            break
    else:
        raise AssertionError(f"there is no event {at}")
    close = getattr(events, "close", None)
    if close is not None:
        close()
    return ledger


def gone_on(
    made: Provider, what: Path | str, wanted: JobOptions, ledger: Ledger
) -> Job:
    """Go on with an interrupted submission; return its job."""
    again = replace(wanted, interrupted=ledger.interrupted)
    for event in made.submit(source_of(what), again):
        ledger.write(event)
        last = event
    assert isinstance(last, Submitted)
    return last.job
