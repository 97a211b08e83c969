"""Windows become phrases with words, times and readings, by the real ``tiny.en``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.engines.decoding import DecodeOptions, Window
from stt_cli.engines.whisper.decoder import WhisperDecoder
from stt_cli.engines.whisper.store import _bundled_folder
from stt_cli.engines.whisper.words import (
    parted_at_pauses,
    split_words,
    token_times,
)
from tests.audio.tones import WEATHER

PCM = WEATHER.read_bytes()[44:]
FIRST, SECOND = "What's the weather like today?", "It will rain in the morning."
WINDOW = Window(10.0, PCM, ((10.0, 11.86), (12.43, 14.19)))


@pytest.fixture(scope="module")
def decoder() -> WhisperDecoder:
    folder = _bundled_folder()
    assert folder is not None
    return WhisperDecoder(folder)


@pytest.mark.conformance("LO-06")
def test_phrases_are_sentences_with_words_and_times(decoder: WhisperDecoder) -> None:
    phrases = decoder.decode(WINDOW, DecodeOptions())
    assert [phrase.text for phrase in phrases] == [FIRST, SECOND]
    for phrase in phrases:
        assert " ".join(word.text for word in phrase.words) == phrase.text
        times = [(word.start or 0.0, word.end or 0.0) for word in phrase.words]
        assert times == sorted(times)
        assert all(start < end for start, end in times)
        assert (phrase.start, phrase.end) == (times[0][0], times[-1][1])
        assert all(0 < (word.confidence or 0) <= 1 for word in phrase.words)
        assert 0.5 < (phrase.confidence or 0) <= 1
        assert phrase.alternatives == ()
    assert phrases[0].end is not None
    assert phrases[1].start is not None
    assert phrases[0].end == 11.86 < 12.43 == phrases[1].start


def test_readings_begin_with_the_best(decoder: WhisperDecoder) -> None:
    noisy = replace(WINDOW, pcm=PCM[: 2 * 28_000], speech=((10.0, 11.7),))
    (phrase,) = decoder.decode(noisy, DecodeOptions(alternatives=5))
    texts = [alternative.text for alternative in phrase.alternatives]
    assert texts[0] == phrase.text
    assert 1 < len(texts) == len(set(texts)) <= 5
    likely = [alternative.confidence or 0.0 for alternative in phrase.alternatives]
    assert likely[0] == phrase.confidence
    assert likely == sorted(likely, reverse=True)


def test_a_window_of_repeated_speech_is_no_loop(decoder: WhisperDecoder) -> None:
    part = PCM + bytes(16_000)
    seconds = len(part) / 32_000
    speech = tuple((i * seconds, i * seconds + 4.19) for i in range(5))
    window = Window(0.0, (part * 5)[:-16_000], speech)
    heard = " ".join(phrase.text for phrase in decoder.decode(window, DecodeOptions()))
    assert heard.lower().count("weather like today") == 5


def test_results_do_not_depend_on_what_was_decoded_before(
    decoder: WhisperDecoder,
) -> None:
    alone = decoder.decode(WINDOW, DecodeOptions(alternatives=3))
    decoder.decode(Window(0.0, PCM[:64_000], ((0.0, 2.0),)), DecodeOptions())
    assert decoder.decode(WINDOW, DecodeOptions(alternatives=3)) == alone


def test_results_do_not_depend_on_the_number_of_threads(
    decoder: WhisperDecoder,
) -> None:
    folder = _bundled_folder()
    assert folder is not None
    shared = WhisperDecoder(folder, threads_each=2)
    assert shared.decode(WINDOW, DecodeOptions()) == decoder.decode(
        WINDOW, DecodeOptions()
    )


def test_an_english_model_refuses_another_language(decoder: WhisperDecoder) -> None:
    with pytest.raises(UsageError, match="does not support the language de"):
        decoder.decode(WINDOW, DecodeOptions(language="de"))


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.txt").write_text("<|startoftranscript|>\n<|endoftext|>\n")
    (tmp_path / "model.bin").write_bytes(b"not a model" * 10)
    with pytest.raises(ConfigurationError, match="cannot load the model"):
        WhisperDecoder(tmp_path)


@pytest.mark.parametrize(
    ("tokens", "language", "words"),
    [
        (["ĠReal", "-", "time", ",", "Ġsaid", "Ġhe", "."], "en", "Real-time,|said|he."),
        (['Ġ"', "Hi", '!"', "Ġ(", "yes", ")"], "en", '"Hi!"|(yes)'),
        (["ä½ł", "å¥½", "ãĢĤ"], "zh", "你|好。"),
        (["Ġna", "Ã¯", "ve"], "en", "naïve"),
        ([], "en", ""),
    ],
)
def test_tokens_become_words(tokens: list[str], language: str, words: str) -> None:
    found = split_words(tokens, language)
    assert "|".join(word.text for word in found) == words
    ends = [word.end for word in found]
    assert [word.first for word in found] == [0, *ends][: len(found)]


def test_times_come_from_the_path() -> None:
    path = [(0, 0), (0, 5), (1, 6), (2, 20), (2, 30)]
    assert token_times(path, 2) == pytest.approx([0.0, 0.12, 0.4])
    assert token_times(path, 4) == pytest.approx([0.0, 0.12, 0.4, 0.6, 0.6])
    assert token_times([], 1) == [0.0, 0.0]


SPEECH = ((0.0, 2.0), (3.0, 5.0))


@pytest.mark.parametrize(
    ("border", "parted"),
    [
        (2.5, (2.0, 3.0)),  # in the pause
        (3.4, (2.0, 3.0)),  # the first word stretched over it
        (1.6, (2.0, 3.0)),  # the second one
        (1.0, (1.0, 1.0)),  # said long before it
    ],
)
def test_words_are_parted_at_pauses(border: float, parted: tuple[float, float]) -> None:
    found = parted_at_pauses([(0.5, border), (border, 4.5)], SPEECH)
    assert found == [(0.5, parted[0]), (parted[1], 4.5)]


def test_words_stay_within_speech() -> None:
    assert parted_at_pauses([(-0.5, 5.5)], SPEECH) == [(0.0, 5.0)]
    assert parted_at_pauses([], SPEECH) == []
