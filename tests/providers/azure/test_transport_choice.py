"""REST, WebSocket or fast transcription: what ``auto`` takes, and what excludes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stt_cli.core.errors import UsageError
from stt_cli.core.options import (
    Mode,
    Pace,
    Profanity,
    RecognizeOptions,
    TextForm,
    Transport,
)
from stt_cli.providers.azure.flavor import AZURE, BING
from stt_cli.providers.azure.transport import Choice, Facts, Ways, choose

HERE = Ways(AZURE.short_audio, "westeurope", has_fast=True)
ELSEWHERE = Ways(AZURE.short_audio, None, has_fast=True)
MEETING = Facts(seconds=1_800.0, size=57_600_000)
SHORT = Facts(seconds=5.0, size=160_000)

REST, SOCKET, FAST = Transport.REST, Transport.WEBSOCKET, Transport.FAST


def wishes(**chosen: Any) -> RecognizeOptions:
    return RecognizeOptions(**{"language": "en-US", **chosen})


@pytest.mark.conformance("AZ-12")
@pytest.mark.parametrize(
    ("chosen", "facts", "ways", "transport", "reason"),
    [
        # A file that every page of the documents allows goes the fast way.
        ({}, MEETING, HERE, FAST, "longer than 15 s"),
        ({"words": True, "phrases": ("Contoso",)}, MEETING, HERE, FAST, "longer"),
        ({"speakers": True}, MEETING, HERE, FAST, "longer"),
        ({"speakers": True}, SHORT, HERE, SOCKET, "--speakers"),
        ({"profanity": Profanity.RAW}, MEETING, HERE, FAST, "longer"),
        ({"mode": Mode.CONVERSATION}, MEETING, HERE, FAST, "longer"),
        ({"language": "auto"}, MEETING, HERE, FAST, "longer"),
        ({"candidates": ("en-US", "de-DE")}, MEETING, HERE, FAST, "longer"),
        ({"channels": True}, replace(MEETING, channels=2), HERE, FAST, "longer"),
        ({}, replace(MEETING, container="ogg", codec="opus"), HERE, FAST, "longer"),
        ({}, replace(MEETING, codec="mulaw"), HERE, FAST, "longer"),
        # What the pages disagree about, or the service does not have, does not.
        ({}, SHORT, HERE, REST, "shorter than 15 s"),
        ({}, replace(MEETING, seconds=7_199.9), HERE, FAST, "longer"),
        ({}, replace(MEETING, seconds=7_200.0), HERE, SOCKET, "longer"),
        ({}, replace(MEETING, size=199_999_999), HERE, FAST, "longer"),
        ({}, replace(MEETING, size=200_000_000), HERE, SOCKET, "longer"),
        ({}, replace(MEETING, size=None), HERE, SOCKET, "longer"),
        ({}, replace(MEETING, seconds=None), HERE, SOCKET, "length is unknown"),
        ({}, replace(MEETING, codec="siren"), HERE, SOCKET, "siren"),
        ({}, replace(MEETING, container="mp4", codec="aac"), HERE, SOCKET, "longer"),
        ({}, MEETING, ELSEWHERE, SOCKET, "longer than 15 s"),
        ({}, MEETING, replace(HERE, region="ukwest"), SOCKET, "longer"),
        ({}, MEETING, replace(HERE, region="West Europe"), FAST, "longer"),
        ({"language": "sw-KE"}, MEETING, HERE, SOCKET, "longer"),
        ({"candidates": ("en-US", "sw-KE")}, MEETING, HERE, SOCKET, "detection"),
        ({"mode": Mode.DICTATION}, MEETING, HERE, SOCKET, "longer"),
        ({"detailed": True}, MEETING, HERE, SOCKET, "longer"),
        ({"text_form": TextForm.LEXICAL}, MEETING, HERE, SOCKET, "longer"),
        ({"session_id": "a" * 32}, MEETING, HERE, SOCKET, "longer"),
        ({"model": "a-guid"}, MEETING, HERE, SOCKET, "longer"),
        ({"params": {"stableIntermediateThreshold": ("3",)}}, MEETING, HERE, SOCKET,
         "longer"),
        ({"pace": Pace.REALTIME}, MEETING, HERE, SOCKET, "longer"),
        ({"channels": True}, replace(MEETING, channels=3), HERE, SOCKET, "longer"),
        ({"words": True}, SHORT, HERE, SOCKET, "--words requires the WebSocket"),
        ({"phrases": ("Contoso",)}, SHORT, HERE, SOCKET, "--phrase requires"),
        ({}, replace(SHORT, seconds=15.0), HERE, REST, "shorter than 15 s"),
        ({"channels": True, "speakers": True}, replace(MEETING, channels=2), HERE,
         SOCKET, "--speakers"),
        ({"interim": True}, MEETING, HERE, SOCKET, "--interim"),
        ({"turns": 2}, MEETING, HERE, SOCKET, "--turns"),
        ({"wake": "computer"}, MEETING, HERE, SOCKET, "--wake"),
        ({}, Facts(live=True), HERE, SOCKET, "live"),
        ({"model": "mai-transcribe-2-streaming"}, SHORT, HERE, SOCKET, "streaming"),
        ({"language": "auto"}, SHORT, HERE, SOCKET, "language detection"),
        # What only fast transcription has goes there from anywhere.
        ({"model": "MAI-Transcribe-2"}, SHORT, ELSEWHERE, FAST, "MAI-Transcribe-2"),
        ({"model": "llm-speech"}, Facts(live=True), ELSEWHERE, FAST, "llm-speech"),
        ({"speakers": True, "max_speakers": 5}, SHORT, ELSEWHERE, FAST,
         "--max-speakers"),
        ({"params": {"phraseList.biasingWeight": ("1.5",)}}, SHORT, ELSEWHERE, FAST,
         "--param phraseList.biasingWeight"),
        ({"params": {"channels": ("0",)}}, MEETING, Ways(BING.short_audio), SOCKET,
         "longer than 10 s"),
    ],
)  # fmt: skip
def test_auto_takes_the_better_way_and_says_why(
    chosen: dict[str, Any],
    facts: Facts,
    ways: Ways,
    transport: Transport,
    reason: str,
) -> None:
    choice = choose(wishes(**chosen), facts, ways)
    assert choice.transport is transport
    assert reason in (choice.reason or "")


def test_only_what_was_not_needed_has_another_way() -> None:
    assert choose(wishes(), MEETING, HERE).otherwise is SOCKET
    by_model = choose(wishes(model="mai-transcribe-2"), MEETING, HERE)
    assert by_model.otherwise is None
    named = choose(wishes(transport=FAST), MEETING, HERE)
    assert named == Choice(FAST)


@pytest.mark.parametrize("transport", [REST, SOCKET, FAST])
def test_what_is_named_is_taken_without_a_reason(transport: Transport) -> None:
    minute = replace(MEETING, seconds=60.0)
    assert choose(wishes(transport=transport), minute, ELSEWHERE) == Choice(transport)


def test_rest_takes_a_minute_and_what_has_no_length() -> None:
    assert choose(wishes(transport=REST), Facts(live=True), HERE) == Choice(REST)
    one_sample_more = replace(MEETING, seconds=60 + 1 / 16_000)
    with pytest.raises(UsageError, match=r"60 s of audio.* 60\.00006\d s long"):
        choose(wishes(transport=REST), one_sample_more, HERE)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"transport": REST, "language": "auto"}, "language detection requires more"),
        ({"transport": REST, "model": "mai-transcribe-2"}, "mai-transcribe-2 requires"),
        ({"transport": SOCKET, "model": "mai-transcribe-2"}, "requires fast"),
        ({"transport": SOCKET, "max_speakers": 3}, "--max-speakers requires fast"),
        ({"transport": FAST, "interim": True}, "does not support --interim"),
        ({"transport": FAST, "detailed": True}, "does not support --detailed"),
        (
            {"transport": FAST, "text_form": TextForm.ITN},
            "does not support --text-form itn",
        ),
        (
            {"transport": FAST, "mode": Mode.DICTATION},
            "does not support dictation mode",
        ),
        ({"transport": FAST, "session_id": "a" * 32}, "does not support --session-id"),
        (
            {"transport": FAST, "model": "mai-transcribe-2-streaming"},
            "does not support --model",
        ),
        ({"model": "mai-transcribe-2", "turns": 1}, "mai-transcribe-2 requires fast"),
        ({"max_speakers": 4, "interim": True}, "--max-speakers requires fast"),
    ],
)
def test_what_excludes_each_other_is_said_before_anything_is_sent(
    chosen: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        choose(wishes(**chosen), MEETING, HERE)
