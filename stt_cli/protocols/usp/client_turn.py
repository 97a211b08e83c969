"""One turn from the client's side: messages in, events out.

A turn begins with its first audio and ends with turn.end; turn.start comes
before anything else. startDetected, hypotheses and endDetected may all be
absent, and nothing here waits for them. Offsets restart at 0 in every turn; the
events' times count from the start of the whole input.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from stt_cli.core.events import (
    Identified,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    SpeechEnded,
    SpeechStarted,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.protocols.usp.framing import FramingError, Message
from stt_cli.protocols.usp.limits import ticks_to_seconds
from stt_cli.protocols.usp.results import (
    PhraseResult,
    parse_hypothesis,
    parse_offset,
    parse_phrase,
)
from stt_cli.protocols.usp.telemetry import Receipts
from stt_cli.protocols.usp.translation import PATHS as TRANSLATION_PATHS
from stt_cli.protocols.usp.translation import read_message

_TRAIL_LENGTH = 8


class TurnStateError(Exception):
    """The service broke the order of messages: the connection is worth nothing."""


class PhraseFault(Exception):  # noqa: N818 - the service's word, not ours
    """The service said that it failed; ``status`` is its RecognitionStatus."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class ClientTurn:
    """The state of one turn.

    Args:
        request_id: the turn's X-RequestId.
        base_ticks: how much audio of the input lies before this turn's.
        known_ticks: the end of the last phrase of earlier turns; phrases that
            end before it were heard twice and are dropped.
        translate_to: the target languages, if any.
    """

    def __init__(
        self,
        request_id: str,
        base_ticks: int = 0,
        known_ticks: int = 0,
        *,
        keep_raw: bool = False,
        translate_to: Sequence[str] = (),
    ) -> None:
        self.request_id = request_id
        self.receipts = Receipts()
        self.service_tag: str | None = None
        self.is_started = False
        self.is_ended = False
        self.wants_audio = True
        self.end_detected_at: datetime | None = None
        self.acknowledged = max(base_ticks, known_ticks)
        self.phrase_count = 0
        self.outcomes: list[RecognitionStatus] = []
        self.raw: list[Any] = []
        self._base = base_ticks
        self._known = known_ticks
        self._keep_raw = keep_raw
        self._translate_to = tuple(translate_to)
        self._untranslated: Any = None
        self._has_translation = False
        self._trail: deque[str] = deque(maxlen=_TRAIL_LENGTH)

    @property
    def trail(self) -> str:
        """The paths of the last messages, for an error's text."""
        return ", ".join(self._trail)

    def receive(self, message: Message, now: datetime) -> list[RecognitionEvent]:
        """Take one message of the service.

        Raises:
            TurnStateError: something else came before turn.start.
            FramingError: a body cannot be read.
            PhraseFault: the service failed in this turn.
        """
        path = message.path
        self._trail.append(path or "(no path)")
        if message.request_id and message.request_id != self.request_id:
            return []  # of a turn that is over
        self.receipts.note(message.header("Path"), now)
        if path == "turn.start":
            return self._begin(message)
        if not self.is_started:
            raise TurnStateError(f"received {path or 'a message'} before turn.start")
        if path == "turn.end":
            self.is_ended = True
            self.wants_audio = False
            return self._released()
        try:
            return self._speech(path, message, now)
        except ValueError as fault:
            if isinstance(fault, FramingError):
                raise
            raise FramingError(1007, f"{path}: {fault}") from fault

    def _begin(self, message: Message) -> list[RecognitionEvent]:
        self.is_started = True
        body = message.json()
        context = body.get("context") if isinstance(body, dict) else None
        tag = context.get("serviceTag") if isinstance(context, dict) else None
        if not isinstance(tag, str) or not tag:
            return []
        self.service_tag = tag
        return [Identified(Identifiers.of(service_tag=tag))]

    def _speech(
        self, path: str, message: Message, now: datetime
    ) -> list[RecognitionEvent]:
        if path in ("speech.hypothesis", "speech.fragment"):
            if self._has_translation:
                return []  # a translated hypothesis with the same text follows
            return self._hypothesis(message.json())
        if path == "speech.phrase":
            return self._phrase_to_translate(message.json())
        if path in TRANSLATION_PATHS:
            return self._translated(path, message.json())
        if path == "speech.startdetected":
            return [SpeechStarted(self._seconds(parse_offset(message.json())))]
        if path == "speech.enddetected":
            self.wants_audio = False
            self.end_detected_at = now
            offset = parse_offset(message.json())
            return [SpeechEnded(self._seconds(offset) if offset else None)]
        return []  # a path of a newer service

    def _translated(self, path: str, body: Any) -> list[RecognitionEvent]:
        found = read_message(path, body)
        if found is None:
            return []
        self._has_translation = True
        texts = found.translations.under(self._translate_to)
        if not found.is_phrase:
            return self._hypothesis(found.speech, texts)
        events = [] if self._is_held(found.speech) else self._released()
        self._untranslated = None
        phrases = self._phrase(found.speech, texts, raw=body)
        if any(isinstance(event, Phrase) for event in phrases):
            events += self._missing(found.translations.failure, texts)
        return events + phrases

    def _phrase_to_translate(self, body: Any) -> list[RecognitionEvent]:
        """Hold back a phrase until its translation comes; release the one before.

        Raises:
            PhraseFault: the service failed.
        """
        result = parse_phrase(body, self._base)
        if not self._translate_to or result.outcome is not RecognitionStatus.SUCCESS:
            return [*self._released(), *self._phrase(body)]
        events = self._released()
        self._untranslated = body
        return events

    def _is_held(self, speech: Any) -> bool:
        """Whether this is the phrase that is held back."""
        held = self._untranslated
        return held is not None and parse_offset(held) == parse_offset(speech)

    def _released(self) -> list[RecognitionEvent]:
        """Return the phrase that is held back: its translation never came."""
        body, self._untranslated = self._untranslated, None
        if body is None:
            return []
        return [*self._missing(None, {}), *self._phrase(body)]

    def _missing(
        self, failure: str | None, texts: Mapping[str, str]
    ) -> list[RecognitionEvent]:
        """Return a notice if a phrase lacks a translation."""
        missing = [tag for tag in self._translate_to if tag not in texts]
        if not missing and failure is None:
            return []
        into = ", ".join(missing or self._translate_to)
        why = f": {failure}" if failure else ""
        hint = "check the languages of -l and --translate-to"
        return [Notice(f"no translation into {into}{why}", hint=hint)]

    def _hypothesis(
        self, body: Any, translations: Mapping[str, str] | None = None
    ) -> list[RecognitionEvent]:
        text, offset, duration = parse_hypothesis(body)
        texts = translations or {}
        if offset is None:
            return [Partial(text, translations=texts)]
        start = self._seconds(offset)
        end = start + ticks_to_seconds(duration)
        return [Partial(text, start, end, translations=texts)]

    def _phrase(
        self,
        body: Any,
        translations: Mapping[str, str] | None = None,
        *,
        raw: Any = None,
    ) -> list[RecognitionEvent]:
        result = parse_phrase(body, self._base)
        if result.is_marker:
            return []
        if result.outcome is None:
            raise PhraseFault(result.status)
        if self._is_known(result):
            return []
        if self._keep_raw:
            self.raw.append(body if raw is None else raw)
        self.phrase_count += 1
        self.acknowledged = max(self.acknowledged, self._base + result.end)
        if result.outcome is RecognitionStatus.SUCCESS and not result.segment.text:
            # All of it was removed as profanity.
            self.outcomes.append(RecognitionStatus.NO_MATCH)
            return []
        self.outcomes.append(result.outcome)
        if result.outcome is not RecognitionStatus.SUCCESS:
            return []
        return [Phrase(replace(result.segment, translations=translations or {}))]

    def _is_known(self, result: PhraseResult) -> bool:
        """Whether an earlier turn has told this phrase: its middle lies before."""
        middle = self._base + result.offset + result.duration // 2
        return result.duration > 0 and middle < self._known

    def _seconds(self, ticks: int) -> float:
        return ticks_to_seconds(self._base + ticks)


def overall_status(outcomes: list[RecognitionStatus]) -> RecognitionStatus:
    """Return one status for all phrases of an input.

    A turn without any phrase had nothing to tell: its speech was removed.
    """
    if RecognitionStatus.SUCCESS in outcomes:
        return RecognitionStatus.SUCCESS
    return outcomes[0] if outcomes else RecognitionStatus.NO_MATCH
