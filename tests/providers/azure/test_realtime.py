"""Recognition over the WebSocket, against the emulator on a real socket."""

from __future__ import annotations

import threading

import pytest

from stt_cli.core.events import (
    Connected,
    Ended,
    Identified,
    Partial,
    Phrase,
    SpeechEnded,
    SpeechStarted,
    Started,
)
from stt_cli.core.options import Mode
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.providers.azure import connection
from tests.providers.azure.realtime_kit import (
    SECOND,
    MemorySource,
    over_websocket,
    provider,
    recognized,
    serving,
    silence,
    texts,
    tone,
)

TWO_PHRASES = tone(1) + silence(0.7) + tone(1)


def test_phrases_come_in_order_with_their_times_and_ids() -> None:
    with serving("Hello there. | How are you?") as service:
        events = recognized(service, TWO_PHRASES)
    assert isinstance(events[0], Started)
    session_id = events[0].ids.session_id
    assert session_id is not None
    assert service.journal.all("connect")[0]["session"] == session_id
    assert texts(events) == ["Hello there.", "How are you?"]
    phrases = [event.segment for event in events if isinstance(event, Phrase)]
    assert [(round(p.start or 0, 1), round(p.end or 0, 1)) for p in phrases] == [
        (0.0, 1.0),
        (1.7, 2.7),
    ]
    ids = [e.ids for e in events if isinstance(e, Identified)]
    assert any(i.get("service_tag") for i in ids)
    assert ids[0].request_id == service.journal.all("turn")[0]["request_id"]
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert (ended.status, ended.duration) == (RecognitionStatus.SUCCESS, 2.7)
    kinds = {type(event) for event in events}
    assert {Connected, SpeechStarted, SpeechEnded, Partial} <= kinds


@pytest.mark.conformance("BS-30")
@pytest.mark.parametrize("mode", [Mode.CONVERSATION, Mode.DICTATION])
@pytest.mark.parametrize("detailed", [False, True])
def test_speech_of_many_phrases_gives_them_all(mode: Mode, detailed: bool) -> None:
    with serving("One. | Two.") as service:
        events = recognized(service, TWO_PHRASES, mode=mode, detailed=detailed)
    assert texts(events) == ["One.", "Two."]
    phrases = [event.segment for event in events if isinstance(event, Phrase)]
    assert [len(p.alternatives) for p in phrases] == ([2, 2] if detailed else [0, 0])


@pytest.mark.conformance("BS-30")
def test_an_interactive_turn_is_one_phrase_and_stops_the_audio_at_its_end() -> None:
    audio = tone(1) + silence(8)
    with serving("One. | Two.") as service:

        def wait_for_the_turn(at: int) -> None:
            if at >= 3 * SECOND:
                service.journal.wait_for("telemetry")

        source = MemorySource(audio, live=True, before_block=wait_for_the_turn)
        events = recognized(service, source, mode=Mode.INTERACTIVE)
    assert texts(events) == ["One. Two."]
    sent = service.pcm_of(service.journal.all("turn")[0]["request_id"])
    assert len(sent) <= 3 * SECOND


@pytest.mark.conformance("BS-31")
def test_no_audio_follows_the_end_of_speech_though_the_turn_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "TURN_END_SECONDS", 0.5)
    told = threading.Event()

    def wait_for_the_end_of_speech(at: int) -> None:
        if at >= 3 * SECOND:
            assert told.wait(30)

    audio = tone(1) + silence(8)
    with serving("One.", faults=("no-turn-end",)) as service:
        source = MemorySource(audio, live=True, before_block=wait_for_the_end_of_speech)
        client = provider(service.base_url)
        options = over_websocket(mode=Mode.INTERACTIVE)
        for event in client.recognize(source, options):
            if isinstance(event, SpeechEnded):
                told.set()  # what is spoken from here on belongs to no turn
        client.close()
    assert told.is_set()
    sent = [entry["audio"] for entry in service.journal.all("audio")]
    assert audio[: 3 * SECOND].startswith(b"".join(sent))
    late = [entry["audio"] for entry in service.journal.all("late-audio")]
    assert len(b"".join(late)) <= 3 * SECOND  # on its way already
    assert all(sent + late)  # nor was the end of the audio told
