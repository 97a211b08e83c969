"""Channels recognized apart: by one stream of events, whatever the provider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import InterruptedRun, ProviderError
from stt_cli.core.events import (
    Ended,
    Identified,
    Notice,
    Partial,
    Phrase,
    Progress,
    RecognitionEvent,
    Started,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus, Segment
from stt_cli.providers.base import Provider
from stt_cli.providers.spec import ProviderSpec
from stt_cli.workflows.channels import recognition_events
from tests.audio.speech import made, needs_ffmpeg, opened, weather
from tests.audio.tones import WEATHER
from tests.conftest import Runner

SPEECH = weather()
APART = RecognizeOptions(channels=True, session_id="0" * 32)


class LevelMeter(Provider):
    """Says how loud what it hears is; fails where that is what ``fails`` says."""

    def __init__(self, fails: Exception | None = None) -> None:
        spec = ProviderSpec("meter", "Meter", "", "", frozenset())
        super().__init__(spec, None)  # type: ignore[arg-type]
        self.fails = fails
        self.calls: list[RecognizeOptions] = []

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        self.calls.append(options)
        number = len(self.calls)
        pcm = np.frombuffer(b"".join(source.pcm()), "<i2")
        peak = int(np.abs(pcm.astype(int)).max(initial=0)) // 1000
        yield Started(Identifiers.of(session_id=f"session-{number}"))
        yield Identified(Identifiers.of(request_id=f"request-{number}"))
        yield Partial(str(peak))
        yield Progress(1.0, 2.0)
        if self.fails and number == 1:
            raise self.fails
        if peak:
            yield Phrase(Segment(f"{peak} first", start=float(number), end=9.0))
            yield Phrase(Segment(f"{peak} last", start=10.0 - number, end=9.0))
        yield Ended(
            RecognitionStatus.SUCCESS if peak else RecognitionStatus.INITIAL_SILENCE,
            duration=float(number),
            details={"model": "meter"},
        )


def drain(events: Iterator[RecognitionEvent], seen: list[RecognitionEvent]) -> None:
    """Keep every event, also those before an error."""
    for event in events:
        seen.append(event)


def stereo(path: Path, *levels: float) -> Path:
    tones = [np.full(1_600, level, np.float32) for level in levels]
    soundfile.write(path, np.stack(tones, axis=1), 16_000)
    return path


def test_phrases_are_merged_by_time_and_say_their_channel(tmp_path: Path) -> None:
    source = opened(stereo(tmp_path / "a.wav", 0.25, 0.0, 0.5))
    provider = LevelMeter()
    events = list(recognition_events(provider, source, APART))
    phrases = [event.segment for event in events if isinstance(event, Phrase)]
    assert [(one.start, one.channel, one.text) for one in phrases] == [
        (1.0, 0, "8 first"),
        (3.0, 2, "16 first"),
        (7.0, 2, "16 last"),
        (9.0, 0, "8 last"),
    ]
    assert [one.channel for one in events if isinstance(one, Partial)] == [0, 1, 2]
    assert [one.done for one in events if isinstance(one, Progress)] == [1.0, 3.0, 5.0]
    end = events[-1]
    assert isinstance(end, Ended)
    assert (end.status, end.duration) == (RecognitionStatus.SUCCESS, 3.0)
    assert end.details["model"] == "meter"
    assert [one["status"] for one in end.details["channels"]] == [
        "success",
        "initial_silence",
        "success",
    ]


def test_every_id_is_told_and_one_session_id_is_used_once(tmp_path: Path) -> None:
    source = opened(stereo(tmp_path / "a.wav", 0.25, 0.5))
    provider = LevelMeter()
    ids = Identifiers()
    for event in recognition_events(provider, source, APART):
        if isinstance(event, Started | Identified):
            ids = ids.merged(event.ids)
    assert ids.to_dict() == {
        "session_id": "session-1",
        "request_id": "request-1",
        "transcription_id": None,
        "channel_1_session_id": "session-2",
        "channel_1_request_id": "request-2",
    }
    assert [one.session_id for one in provider.calls] == [APART.session_id, None]
    assert not any(one.channels for one in provider.calls)


def test_a_channel_that_fails_does_not_lose_the_others(tmp_path: Path) -> None:
    source = opened(stereo(tmp_path / "a.wav", 0.25, 0.5))
    events = recognition_events(LevelMeter(ProviderError("gone")), source, APART)
    seen: list[RecognitionEvent] = []
    with pytest.raises(ProviderError, match="gone"):
        drain(events, seen)
    texts = [one.segment.text for one in seen if isinstance(one, Phrase)]
    assert texts == ["16 first", "16 last"]


def test_an_interruption_stops_the_others(tmp_path: Path) -> None:
    source = opened(stereo(tmp_path / "a.wav", 0.25, 0.5))
    provider = LevelMeter(InterruptedRun())
    with pytest.raises(InterruptedRun):
        list(recognition_events(provider, source, APART))
    assert len(provider.calls) == 1


def test_one_channel_is_recognized_as_ever_and_told(tmp_path: Path) -> None:
    source = opened(stereo(tmp_path / "a.wav", 0.25))
    *events, notice = recognition_events(LevelMeter(), source, APART)
    assert [one.segment.channel for one in events if isinstance(one, Phrase)] == [
        None,
        None,
    ]
    assert isinstance(notice, Notice)
    assert "only one channel" in notice.message


@needs_ffmpeg
def test_channels_of_what_only_ffmpeg_decodes(tmp_path: Path) -> None:
    loud = stereo(tmp_path / "a.wav", 0.25, 0.5)
    path = made(tmp_path / "a.mka", "-c:a", "alac", source=loud)
    events = recognition_events(LevelMeter(), opened(path), APART)
    texts = {one.segment.text for one in events if isinstance(one, Phrase)}
    assert texts == {"8 first", "8 last", "16 first", "16 last"}


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """Return a call in which the second party answers after the first."""
    path = tmp_path / "call.wav"
    silence = np.zeros_like(SPEECH)
    left, right = np.concatenate([SPEECH, silence]), np.concatenate([silence, SPEECH])
    soundfile.write(path, np.stack([left, right], axis=1), 16_000)
    return path


@pytest.mark.conformance("LO-11")
def test_a_call_names_who_speaks(stt: Runner, call: Path) -> None:
    done = stt("recognize", str(call), "--channels")
    assert done.status == 0
    lines = done.lines
    assert lines[0].startswith("Channel 0: ")
    assert lines[-1].startswith("Channel 1: ")
    assert "channel 1 session id: " in done.stderr
    document = json.loads(stt("recognize", str(call), "--channels", "--json").text)
    assert {one["channel"] for one in document["segments"]} == {0, 1}
    for form in ("srt", "vtt", "tsv"):
        assert "Channel 1" in stt("recognize", str(call), "--channels", "-f", form).text


def test_a_dry_run_counts_the_channels(stt: Runner, call: Path) -> None:
    done = stt("recognize", str(call), "--channels", "--dry-run")
    assert "channels: 2, recognized separately" in done.text


@pytest.mark.parametrize("other", ["--mic", "--together"])
def test_what_channels_do_not_go_with(stt: Runner, other: str) -> None:
    inputs = [] if other == "--mic" else [str(WEATHER), str(WEATHER)]
    done = stt("recognize", *inputs, "--channels", other, "-p", "watson")
    assert done.status == 2


def test_jobs_hear_channels_where_the_service_does(stt: Runner) -> None:
    keys = {"AZURE_SPEECH_KEY": "k" * 32, "AZURE_SPEECH_REGION": "westeurope"}
    done = stt(
        *("batch", "submit", "https://host/a.wav", "-p", "azure", "--channels"),
        "--dry-run",
        env=keys,
    )
    assert '"channels": [ 0, 1 ]' in " ".join(done.text.split())
    done = stt(
        *("batch", "submit", "https://host/a.wav", "-p", "scriptix", "--channels"),
        "--dry-run",
        env={"SCRIPTIX_TOKEN": "t" * 32},
    )
    assert '"multichannel": true' in done.text
    refused = stt("batch", "submit", str(WEATHER), "-p", "soniox", "--channels")
    assert refused.status == 2
    assert "channels in jobs" in refused.stderr
