"""The one event stream of every recognizer: batch, streaming and offline alike.

A provider yields these in order; which of them come, and when, differs by
provider, their meaning does not. A provider that fails raises an ``SttError``;
the workflow that drives it adds the IDs known by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript

if TYPE_CHECKING:
    from stt_cli.core.job import Job


@dataclass(frozen=True, slots=True)
class Started:
    """An operation begins; its IDs are known before any audio leaves.

    ``transport`` and ``language`` are what was chosen, ``reason`` says why a
    transport was chosen by itself. ``details`` say what does the work, such as
    engine and model; they go into the transcript's details and the ledger.
    """

    ids: Identifiers
    transport: str | None = None
    language: str | None = None
    mode: str | None = None
    reason: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identified:
    """Further IDs arrived; they go to stderr and the ledger at once."""

    ids: Identifiers


@dataclass(frozen=True, slots=True)
class Connected:
    """The connection stands; the workflow takes the time."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The recognizer hears speech, ``offset`` seconds into the input."""

    offset: float | None = None


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The recognizer heard the end of speech."""

    offset: float | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """A hypothesis that the next one replaces; never a result.

    ``translations`` is its text by language tag, as in ``Segment``.
    """

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    channel: int | None = None
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A final result for one phrase."""

    segment: Segment


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the audio went: seconds or bytes done, and in all where known."""

    done: float
    total: float | None = None
    unit: str = "seconds"


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to the user that is no failure: a warning, a choice explained."""

    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The recognition is over; ``duration`` is the audio heard, in seconds.

    ``language`` is what was found out, where the recognizer was to detect it.
    """

    status: RecognitionStatus
    duration: float | None = None
    details: dict[str, Any] = field(default_factory=dict)
    raw: tuple[Any, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """A step of a job is about to be sent; the ledger writes it down first.

    ``step`` names it (``upload``, ``create``); ``ids`` are the references
    chosen by this side, by which a lost answer can be found again.
    """

    step: str
    ids: Identifiers = field(default_factory=Identifiers)


@dataclass(frozen=True, slots=True)
class Submitted:
    """The service has taken the job."""

    job: Job


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The service transcribed at once, and keeps no job: here is the result."""

    transcript: Transcript


RecognitionEvent = (
    Started
    | Identified
    | Connected
    | SpeechStarted
    | SpeechEnded
    | Partial
    | Phrase
    | Progress
    | Notice
    | Ended
)
SubmissionEvent = Sending | Identified | Progress | Notice | Submitted | Transcribed
