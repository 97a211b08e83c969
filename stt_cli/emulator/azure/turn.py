"""One turn of the emulated service: audio in, messages out.

Speech is cut at its pauses. A given transcript's phrases are told at the pauses
one by one, the last at the end of the audio; without one, the local engine hears
each utterance. Interactive mode tells one phrase and ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from stt_cli.emulator.azure.results import (
    MARKERS,
    has_profanity,
    hypothesis,
    masked,
    phrase_result,
    status_result,
    translations_of,
)
from stt_cli.emulator.azure.state import Script
from stt_cli.emulator.azure.turn_settings import TurnSettings
from stt_cli.emulator.hearing import (
    Heard,
    Listener,
    Utterance,
    joined,
    language_found,
)
from stt_cli.protocols.usp.limits import seconds_to_ticks
from stt_cli.protocols.usp.server_session import service_message
from stt_cli.protocols.usp.translation import Translations, message

_ANY_LANGUAGE = "en-US"
_HYPOTHESIS_SECONDS = 0.3  # about every 300 ms (2018, speech.hypothesis)


class ServiceTurn:
    """The state of one turn; every method yields messages to send.

    Args:
        script: the phrases to tell, or none for ``hear``.
        hear: the local engine; slow, so call the methods off the event loop.
    """

    def __init__(
        self,
        request_id: str,
        settings: TurnSettings,
        script: Script,
        hear: Callable[[bytes], list[Heard]],
        sample_rate: int = 16_000,
    ) -> None:
        self.request_id = request_id
        self.is_over = False
        self.script = script
        self.given = script.left
        self.end_detected = True
        self._settings = settings
        self._hear = hear
        self._listener = Listener(sample_rate)
        self._start: float | None = None
        self._last_end = 0.0
        self._next_hypothesis = 0.0
        self._phrases_sent = 0
        self._language: str | None = None

    def begin(self) -> Iterator[str]:
        """Yield turn.start with a new service tag."""
        yield self._message(
            "turn.start", {"context": {"serviceTag": uuid4().hex.upper()}}
        )

    def audio(self, pcm: bytes) -> Iterator[str]:
        """Yield what this audio makes the service say."""
        for utterance in self._listener.feed(pcm):
            yield from self._speech_begins(utterance.start)
            self._last_end = utterance.end
            yield from self._at_pause(utterance)
            if self.is_over:
                return
        if self._listener.speech_start is not None:
            yield from self._speech_begins(self._listener.speech_start)
            yield from self._hypotheses()

    def finish(self) -> Iterator[str]:
        """Yield the rest, after the last audio."""
        utterance = self._listener.finish()
        if utterance is not None:
            yield from self._speech_begins(utterance.start)
            self._last_end = utterance.end
        yield from self._last_phrases(utterance)
        yield from self._end(self._last_end or self._listener.seconds)

    def _speech_begins(self, at: float) -> Iterator[str]:
        if self._start is None:
            self._start = at
            self._next_hypothesis = at + _HYPOTHESIS_SECONDS
            yield self._message(
                "speech.startDetected", {"Offset": seconds_to_ticks(at)}
            )

    def _hypotheses(self) -> Iterator[str]:
        now = self._listener.seconds
        if not self._settings.wants_hypotheses or not self.given or self._start is None:
            return
        words = self.given[0].lexical.split()
        while self._next_hypothesis <= now:
            seconds = self._next_hypothesis - self._start
            count = min(len(words), int(seconds / _HYPOTHESIS_SECONDS))
            self._next_hypothesis += _HYPOTHESIS_SECONDS
            yield from self._hypothesis(self.given[0], count, self._start, now)

    def _hypothesis(
        self, heard: Heard, count: int, start: float, end: float
    ) -> Iterator[str]:
        """Yield the first words; masked and removed profanity keep them back."""
        text = " ".join(heard.lexical.split()[:count])
        if not text or heard.text.startswith("["):
            return
        if self._settings.profanity != "raw" and has_profanity(text):
            return
        dictation = self._settings.mode == "dictation"
        path = "speech.fragment" if dictation else "speech.hypothesis"
        body = hypothesis(text, start, end)
        request = self._settings.translation
        if request is not None:
            found = translations_of(heard, request.targets, count)
            yield self._translated(body, found, is_phrase=False)
            return
        yield self._message(path, {"Text": text} if self._settings.streaming else body)

    def _at_pause(self, utterance: Utterance) -> Iterator[str]:
        if self._settings.mode == "interactive":
            yield from self._end_detected(utterance.end)
            yield from self._last_phrases(utterance)
            yield from self._end(utterance.end)
        elif self.given is None:
            yield from self._engine_phrase(utterance)
        elif len(self.given) > 1:
            yield from self._phrase(self.given.pop(0), utterance.end)

    def _last_phrases(self, utterance: Utterance | None) -> Iterator[str]:
        if self.given is None:
            if utterance is not None:
                yield from self._engine_phrase(utterance)
            elif not self._phrases_sent:
                end = self._listener.seconds
                yield self._status("InitialSilenceTimeout", end)
            return
        if self.given:
            rest = joined(self.given)
            self.given.clear()
            yield from self._phrase(rest, self._last_end or self._listener.seconds)
        elif not self._phrases_sent:
            yield self._status("InitialSilenceTimeout", self._listener.seconds)

    def _engine_phrase(self, utterance: Utterance) -> Iterator[str]:
        heard = self._hear(utterance.pcm)
        if not heard:
            yield self._status("NoMatch", utterance.end)
            return
        shifted = Heard(" ".join(part.text for part in heard))
        if self._settings.wants_hypotheses:
            words = shifted.text.split()
            half = max(1, len(words) // 2)
            yield from self._hypothesis(shifted, half, utterance.start, utterance.end)
        self._start = utterance.start
        yield from self._phrase(shifted, utterance.end)

    def _phrase(self, heard: Heard, end: float) -> Iterator[str]:
        start, self._start = self._start or 0.0, None
        self.script.reported.append((self.script.base + end, heard))
        status = MARKERS.get(heard.text)
        if status is not None:
            yield self._status(status, end)
            return
        settings = self._settings
        if settings.profanity == "removed" and not masked(heard.lexical, "removed"):
            # Only profanity: interactive says so, the others say nothing (2018).
            self._phrases_sent += 1
            if settings.mode == "interactive":
                yield self._status("NoMatch", end)
            return
        self._phrases_sent += 1
        body = phrase_result(
            heard,
            start,
            end,
            detailed=settings.detailed,
            words=settings.words,
            profanity="raw" if settings.streaming else settings.profanity,
        )
        body |= self._language_of(heard)
        request = settings.translation
        if request is None:
            yield self._message("speech.phrase", body)
            return
        found = translations_of(heard, request.targets, profanity=settings.profanity)
        yield self._translated(body, found, is_phrase=True)

    def _translated(
        self, speech: dict[str, Any], found: Translations, *, is_phrase: bool
    ) -> str:
        """Return the message; where the language is found out, it is a response."""
        is_response = self._settings.languages is not None
        path, body = message(
            speech, found, is_phrase=is_phrase, as_response=is_response
        )
        return self._message(path, body)

    def _language_of(self, heard: Heard) -> dict[str, Any]:
        """Return what a phrase says of its language, where it was to be found."""
        choice = self._settings.languages
        if choice is None:
            return {}
        if self._language is None or choice.continuous:
            known = language_found(heard, choice.candidates)
            self._language = known or _ANY_LANGUAGE
        return {"PrimaryLanguage": {"Language": self._language, "Confidence": "High"}}

    def _status(self, status: str, end: float) -> str:
        self._phrases_sent += 1
        body = status_result(status, 0.0, end)
        if self._settings.translation is not None:
            return self._translated(body, Translations(), is_phrase=True)
        return self._message("speech.phrase", body)

    def _end_detected(self, at: float) -> Iterator[str]:
        if self.end_detected:
            self.end_detected = False
            yield self._message("speech.endDetected", {"Offset": seconds_to_ticks(at)})

    def _end(self, at: float) -> Iterator[str]:
        yield from self._end_detected(at)
        self.is_over = True
        yield service_message("turn.end", self.request_id)

    def _message(self, path: str, body: dict[str, Any]) -> str:
        return service_message(path, self.request_id, json.dumps(body))
