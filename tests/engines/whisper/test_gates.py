"""Nothing is made up where nobody speaks, and nothing said is taken for made up."""

from __future__ import annotations

from typing import Any

import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.events import Ended, Phrase
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.engines.decoding import DecodeOptions, Window
from stt_cli.engines.default import default_model
from stt_cli.engines.recognition import Listening, listen
from stt_cli.engines.whisper import gates
from stt_cli.engines.whisper.decoder import WhisperDecoder
from stt_cli.engines.whisper.store import _bundled_folder
from tests.audio.tones import WEATHER, wav
from tests.conftest import Runner
from tests.engines.whisper.non_speech import NON_SPEECH, SECONDS, pcm_of

PCM = WEATHER.read_bytes()[44:]


@pytest.fixture(scope="module")
def decoder() -> WhisperDecoder:
    folder = _bundled_folder()
    assert folder is not None
    return WhisperDecoder(folder)


@pytest.mark.conformance("LO-09")
@pytest.mark.parametrize("name", NON_SPEECH)
def test_nothing_is_heard_in_what_is_no_speech(
    decoder: WhisperDecoder, name: str
) -> None:
    """Whatever the voice-activity detector lets through: here it sees all of it."""
    pcm = pcm_of(NON_SPEECH[name]())
    window = Window(0.0, pcm, ((0.0, SECONDS),))
    assert decoder.decode(window, DecodeOptions()) == ()


@pytest.mark.parametrize("name", ["ring", "clicks", "beeps"])
def test_music_that_makes_the_model_loop_is_decoded_once(
    decoder: WhisperDecoder, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Halves of it would loop, too: an hour of it took half an hour of two cores."""
    searches = []
    search = decoder._search

    def counted(*given: Any, **named: Any) -> Any:
        searches.append(1)
        return search(*given, **named)

    monkeypatch.setattr(decoder, "_search", counted)
    pcm = (pcm_of(NON_SPEECH[name]()) * 4)[: 28 * 32_000]
    speech = ((0.0, 9.0), (10.0, 19.0), (20.0, 28.0))
    assert decoder.decode(Window(0.0, pcm, speech), DecodeOptions()) == ()
    assert len(searches) == 1


@pytest.mark.conformance("LO-09")
@pytest.mark.parametrize("name", ["silence", "pink", "tune"])
def test_a_recording_of_it_is_exit_3(stt: Runner, name: str) -> None:
    done = stt("recognize", "-", stdin=wav(pcm_of(NON_SPEECH[name]())))
    assert (done.status, done.text) == (3, "")
    assert "session id: " in done.stderr


def test_speech_between_noises_is_heard_and_the_noises_are_not() -> None:
    hiss = pcm_of(NON_SPEECH["hiss"]())[: 2 * 64_000]
    clicks = pcm_of(NON_SPEECH["clicks"]())
    pcm = hiss + bytes(32_000) + PCM + bytes(32_000) + clicks
    decoders = default_model().open(Environment.of_this_process(), 1)
    try:
        how = Listening(decoders, longest_window=28.0)
        events = list(listen([pcm], how))
    finally:
        decoders.close()
    texts = [event.segment.text for event in events if isinstance(event, Phrase)]
    assert texts == ["What's the weather like today?", "It will rain in the morning."]
    assert isinstance(events[-1], Ended)
    assert events[-1].status is RecognitionStatus.SUCCESS


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("", False),
        ("No, no, no.", False),
        ("It will rain in the morning. What's the weather like today?", False),
        ("Good morning, Katie. " * 8, True),
    ],
)
def test_a_loop_is_told_by_how_well_it_compresses(text: str, loops: bool) -> None:
    assert gates.repeats_itself(text) is loops


@pytest.mark.parametrize(
    ("text", "has_words"), [("", False), (" . . .", False), ("♪", False), ("3.", True)]
)
def test_punctuation_alone_is_no_text(text: str, has_words: bool) -> None:
    assert gates.has_words(text) is has_words


def test_phantoms_and_speech_lie_on_either_side_of_the_gate() -> None:
    assert not gates.is_likely(-1.38)
    assert gates.is_likely(-0.77)
