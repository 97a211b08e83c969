"""What stt does not know of a transcript stays in it, and ``--raw`` keeps it all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Runner
from tests.emulating import emulated
from tests.loopback import Answer, serving

URL = "https://recordings.example/monday.wav"
OWN_KEYS = {
    "azure": "recognizedPhrases",
    "watson": "results",
    "soniox": "tokens",
    "scriptix": "document",
}
JOB = {"id": "5c9e4bd0-3d2a-4d77-9f7c-7ad2b3b6f0a1", "status": "completed"}
TRANSCRIPT: dict[str, Any] = {
    "id": JOB["id"],
    "text": "Hello.",
    "mood": "calm",
    "tokens": [
        {"text": "Hel", "start_ms": 0, "end_ms": 200, "pitch": 1, "accent": "us"},
        {"text": "lo", "start_ms": 200, "end_ms": 400, "pitch": 2, "accent": "us"},
        {"text": ".", "start_ms": 400, "end_ms": 500, "pitch": 2, "accent": "us"},
    ],
}


@pytest.mark.conformance("AZ-07", "SN-06", "SX-09", "WA-16")
@pytest.mark.parametrize("name", OWN_KEYS)
def test_raw_is_the_service_s_own_answer(stt: Runner, wav: Path, name: str) -> None:
    source = URL if name == "azure" else wav
    with emulated(name, key=None) as service:
        where = ("-p", name, "--endpoint", service.url)
        job = stt("batch", "submit", source, *where).text.strip()
        plain = json.loads(stt("poll", job, "--json").text)
        polled = json.loads(stt("poll", job, "--json", "--raw").text)
        fetched = json.loads(stt("batch", "results", job, "--json", "--raw").text)
    assert "raw" not in plain["transcript"]
    for found in (polled["transcript"], fetched):
        assert f'"{OWN_KEYS[name]}": [' in json.dumps(found["raw"])


def test_raw_of_a_job_that_was_kept_here(stt: Runner, wav: Path) -> None:
    with emulated("azure", key=None) as service:
        where = ("-p", "azure", "--endpoint", service.url)
        done = stt("batch", "submit", wav, *where, "--wait", "--json", "--raw")
        (job,) = [json.loads(done.text)]
        again = json.loads(stt("batch", "results", job["id"], "--json", "--raw").text)
        plain = json.loads(stt("batch", "results", job["id"], "--json").text)
    for found in (job["transcript"], again):
        assert "combinedPhrases" in found["raw"][0]
    assert "raw" not in plain


@pytest.mark.conformance("SN-10")
def test_unknown_fields_of_documents_and_tokens_are_kept(stt: Runner) -> None:
    found = fetched(stt, TRANSCRIPT)
    assert found["details"]["mood"] == "calm"
    (word,) = found["segments"][0]["words"]
    assert (word["text"], word["details"]) == (
        "Hello.",
        {"pitch": [1, 2, 2], "accent": "us"},
    )


@pytest.mark.conformance("CO-19")
def test_what_a_service_repeats_is_masked_in_both(stt: Runner) -> None:
    signed = "https://store.example/a.wav?sig=abcdefabcdefabcdef&se=2027"
    found = fetched(stt, {**TRANSCRIPT, "origin": signed}, "--raw")
    assert "abcdefabcdef" not in json.dumps(found)
    assert found["details"]["origin"].startswith("https://store.example/a.wav")
    assert found["raw"][0]["tokens"] == TRANSCRIPT["tokens"]


def fetched(stt: Runner, transcript: Mapping[str, Any], *options: str) -> Any:
    """Fetch a transcript of a scripted Soniox."""
    with serving() as service:
        service.answers(
            Answer(200, body=json.dumps(JOB).encode()),
            Answer(200, body=json.dumps(transcript).encode()),
        )
        done = stt(
            "batch", "results", JOB["id"], "--json", *options,
            "-p", "soniox", "--endpoint", service.url,
        )  # fmt: skip
    assert done.status == 0, done.stderr
    return json.loads(done.text)


WHISPER: dict[str, Any] = {
    "text": "Hello.",
    "language": "en",
    "segments": [
        {
            "id": 0,
            "start": 0.0,
            "end": 1.0,
            "text": "Hello.",
            "avg_logprob": -0.2,
            "words": [{"word": "Hello.", "start": 0.0, "end": 1.0, "lang": "en"}],
        }
    ],
    "task": "transcribe",
}
AZURE: dict[str, Any] = {
    "source": "a.wav",
    "recognizedPhrases": [
        {
            "recognitionStatus": "Success",
            "offsetInTicks": 0,
            "durationInTicks": 10_000_000,
            "sentiment": "positive",
            "nBest": [
                {
                    "display": "Hello.",
                    "tone": "flat",
                    "words": [{"word": "hello", "offsetInTicks": 0, "stress": 1}],
                }
            ],
        }
    ],
    "edition": 7,
}
WATSON: dict[str, Any] = {
    "results": [
        {
            "final": True,
            "alternatives": [{"transcript": "hello ", "timestamps": [], "tone": 1}],
            "topic": "greeting",
        }
    ]
}
SCRIPTIX: dict[str, Any] = {
    "id": 1,
    "document": [{"start": 0, "stop": 1000, "text": "Hello.", "emotion": "joy"}],
}


@pytest.mark.conformance("CO-28")
@pytest.mark.parametrize(
    ("saved", "of_segment", "of_words"),
    [
        (WHISPER, {"id": 0, "avg_logprob": -0.2}, [{"lang": "en"}]),
        (AZURE, {"sentiment": "positive", "tone": "flat"}, [{"stress": 1}]),
        (WATSON, {"topic": "greeting", "tone": 1}, []),
        (SCRIPTIX, {"emotion": "joy"}, []),
    ],
)
def test_saved_results_keep_them_too(
    stt: Runner, saved: Any, of_segment: Any, of_words: Any
) -> None:
    done = stt("convert", "-", "-f", "json", stdin=json.dumps(saved).encode())
    (segment,) = json.loads(done.text)["segments"]
    assert segment["details"] == of_segment
    assert [word.get("details") for word in segment["words"]] == of_words
    again = stt("convert", "-", "-f", "json", stdin=done.stdout)
    assert json.loads(again.text) == json.loads(done.text)


@pytest.mark.parametrize(
    "saved",
    [
        {"text": "Good day.", "usage": {"type": "duration", "seconds": 2}},
        {"text": "Good day."},
        {"durationMilliseconds": 2000, "combinedPhrases": [{"text": "Good day."}]},
    ],
)
def test_the_text_alone_is_a_transcript_without_times(stt: Runner, saved: Any) -> None:
    answer = json.dumps(saved).encode()
    done = json.loads(stt("convert", "-", "-f", "json", stdin=answer).text)
    (segment,) = done["segments"]
    assert (segment["text"], segment["start"], segment["end"]) == (
        "Good day.",
        None,
        None,
    )
