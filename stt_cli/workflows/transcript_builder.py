"""A transcript built from a stream of events, whatever ended the stream."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stt_cli.core.errors import InterruptedRun, SttError
from stt_cli.core.events import (
    Connected,
    Ended,
    Identified,
    Partial,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.transcript import RecognitionStatus, Timing, Transcript


class TranscriptBuilder:
    """Takes events one by one; ``transcript`` is what is known at any moment.

    Args:
        clock: seconds that only grow, for the ``timing`` object.
    """

    def __init__(
        self,
        *,
        provider: str,
        input_name: str,
        language: str | None,
        mode: str | None,
        clock: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._start = clock()
        self._transcript = Transcript(
            provider=provider,
            input=input_name,
            status=RecognitionStatus.CANCELLED,
            language=language,
            mode=mode,
        )
        self._timing = Timing()

    @property
    def transcript(self) -> Transcript:
        """Everything known so far."""
        timing = replace(self._timing, total=self._elapsed())
        return replace(self._transcript, timing=timing)

    def add(self, event: RecognitionEvent) -> None:
        """Take one event."""
        known = self._transcript
        match event:
            case Started():
                self._transcript = replace(
                    known,
                    ids=known.ids.merged(event.ids),
                    transport=event.transport or known.transport,
                    language=event.language or known.language,
                    mode=event.mode or known.mode,
                    details={**known.details, **event.details},
                )
            case Identified():
                self._transcript = replace(known, ids=known.ids.merged(event.ids))
            case Connected():
                self._take_time("connect")
            case Partial():
                self._take_time("first_partial")
            case Phrase():
                segments = (*known.segments, event.segment)
                self._transcript = replace(known, segments=segments)
            case Ended():
                self._transcript = replace(
                    known,
                    status=_honest(event.status, known),
                    duration=event.duration,
                    language=event.language or known.language,
                    details={**known.details, **event.details},
                    raw=event.raw,
                )
            case _:
                pass  # progress and notices leave no trace in the result

    def fail(self, error: SttError) -> None:
        """Take the failure that ended the stream; its IDs and ours are joined."""
        known = self._transcript
        error.with_ids(known.ids)
        cancelled = isinstance(error, InterruptedRun)
        self._transcript = replace(
            known,
            ids=known.ids.merged(error.ids),
            status=RecognitionStatus.CANCELLED
            if cancelled
            else RecognitionStatus.FAILED,
            error=error,
        )

    def _take_time(self, name: str) -> None:
        if getattr(self._timing, name) is None:
            self._timing = replace(self._timing, **{name: self._elapsed()})

    def _elapsed(self) -> float:
        return self._clock() - self._start


def _honest(status: RecognitionStatus, known: Transcript) -> RecognitionStatus:
    """A success without a word is no match, whatever the service calls it."""
    if status is RecognitionStatus.SUCCESS and not known.text:
        return RecognitionStatus.NO_MATCH
    return status
