"""Results become events: hypotheses, phrases, and speakers once they are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from stt_cli.core.events import (
    Ended,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    SpeechStarted,
)
from stt_cli.core.transcript import RecognitionStatus, Segment
from stt_cli.protocols.json_fields import Fields
from stt_cli.protocols.watson.results import (
    Results,
    SpeakerLabel,
    read_results,
    with_enriched_text,
    with_speakers,
)


@dataclass
class TranscriptBuilder:
    """One recognition's results.

    With speaker labels phrases wait for the end, since labels come beside the
    results and may still be corrected. ``waits`` lets them wait for a text with
    punctuation, which comes for all results at once.
    """

    speakers: bool = False
    keep_raw: bool = False
    waits: bool = False
    _segments: list[Segment] = field(default_factory=list)
    _labels: list[SpeakerLabel] = field(default_factory=list)
    _details: dict[str, Any] = field(default_factory=dict)
    _raw: list[Any] = field(default_factory=list)
    _enriched: str | None = None
    _warned: set[str] = field(default_factory=set)
    _phrases: int = 0

    def keep(self, fields: Fields) -> None:
        """Keep what the service sent as it is, for ``--raw``."""
        self._raw.append(fields)

    def note(self, name: str, value: Any) -> None:
        """Add to the details of the JSON."""
        self._details[name] = value

    def take(self, fields: Fields) -> Iterator[RecognitionEvent]:
        """Yield what one object of results brings."""
        if self.keep_raw:
            self.keep(fields)
        yield from self.take_results(read_results(fields))

    def take_results(self, results: Results) -> Iterator[RecognitionEvent]:
        """Yield what results bring that were read already."""
        for warning in results.warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                yield Notice(f"Watson warns: {warning}")
        if results.speech_begin is not None:
            yield SpeechStarted(results.speech_begin)
        self._labels += results.labels
        self._details |= results.details
        self._enriched = results.enriched or self._enriched
        for utterance in results.utterances:
            segment = utterance.segment
            if not utterance.is_final:
                yield Partial(segment.text, segment.start, segment.end)
                continue
            for name, value in utterance.details.items():
                self._details.setdefault(name, []).append(value)
            if not segment.text:
                continue
            self._segments.append(segment)
            if self.speakers or self.waits:
                yield Partial(segment.text, segment.start, segment.end)
            else:
                self._phrases += 1
                yield Phrase(segment)

    def end(self, duration: float | None) -> Iterator[RecognitionEvent]:
        """Yield what waited for the end, and the end."""
        if self.speakers or self.waits:
            segments = with_speakers(self._segments, self._labels)
            if self._enriched and segments:
                segments = with_enriched_text(segments, self._enriched)
            for segment in segments:
                self._phrases += 1
                yield Phrase(segment)
        status = (
            RecognitionStatus.SUCCESS if self._phrases else RecognitionStatus.NO_MATCH
        )
        yield Ended(status, duration, self._details, tuple(self._raw))
