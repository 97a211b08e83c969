"""Listening: phrases in order, partials, memory bounded, whoever decodes.

Words and times are pocketsphinx's here; Whisper's are in ``test_whisper.py``.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from stt_cli.audio.voice_activity import Utterance
from stt_cli.core.errors import ConfigurationError
from stt_cli.core.events import (
    Ended,
    Partial,
    Phrase,
    Progress,
    SpeechEnded,
    SpeechStarted,
)
from stt_cli.core.transcript import RecognitionStatus, Segment
from stt_cli.engines.decoding import DecodeOptions, Decoders, Window
from stt_cli.engines.pocketsphinx_engine import PocketsphinxDecoder
from stt_cli.engines.pocketsphinx_model import ModelFiles
from stt_cli.engines.pool import DecoderPool
from stt_cli.engines.recognition import Listening, listen
from stt_cli.engines.worker import ANSWER, REQUEST, serve
from tests.audio.tones import WEATHER

PCM = WEATHER.read_bytes()[44:]
FIRST, SECOND = "what's the weather like today", "it will rain in the morning"


def blocks(pcm: bytes = PCM, size: int = 3200) -> Iterator[bytes]:
    for start in range(0, len(pcm), size):
        yield pcm[start : start + size]


@pytest.fixture(scope="module")
def decoder() -> PocketsphinxDecoder:
    return PocketsphinxDecoder()


class Here:
    """Decodes at once."""

    limit = 0

    def __init__(self, decoder: PocketsphinxDecoder) -> None:
        self.decoder = decoder

    def submit(
        self, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        done: Future[tuple[Segment, ...]] = Future()
        utterance = Utterance(window.start, window.pcm)
        segment = self.decoder.decode(utterance, options.alternatives)
        done.set_result((segment,) if segment else ())
        return done


class Made:
    """Answers with the place of each utterance, later ones first."""

    limit = 4

    def __init__(self, results: bool = True) -> None:
        self.pool = ThreadPoolExecutor(4)
        self.under_way = self.most = 0
        self.results = results

    def submit(
        self, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        self.under_way += 1
        self.most = max(self.most, self.under_way)

        def work() -> tuple[Segment, ...]:
            self.under_way -= 1
            text = str(window.start)
            return (Segment(text, window.start),) if self.results else ()

        return self.pool.submit(work)


def speech_and_pauses(times: int) -> Iterator[bytes]:
    """Repeat the recording, with a pause after each time."""
    for _ in range(times):
        yield from blocks(PCM)
        yield bytes(16_000)


@pytest.mark.conformance("LO-02")
def test_phrases_words_and_partials(decoder: PocketsphinxDecoder) -> None:
    events = list(listen(blocks(), Listening(Here(decoder), decoder, total=4.19)))
    phrases = [event.segment for event in events if isinstance(event, Phrase)]
    assert [phrase.text for phrase in phrases] == [FIRST, SECOND]
    for phrase in phrases:
        assert [word.text for word in phrase.words] == phrase.text.split()
        times = [(word.start or 0.0, word.end or 0.0) for word in phrase.words]
        assert times == sorted(times)
        assert all(start < end for start, end in times)
        assert (phrase.start, phrase.end) == (times[0][0], times[-1][1])
        assert all(0 < (word.confidence or 0) <= 1 for word in phrase.words)
        assert 0 < (phrase.confidence or 0) <= 1
    assert phrases[0].end is not None
    assert phrases[1].start is not None
    assert phrases[0].end < 2.0 < 2.4 < phrases[1].start
    partials = [event for event in events if isinstance(event, Partial)]
    assert len(partials) > 4
    assert any("today" in partial.text for partial in partials)
    assert isinstance(events[0], SpeechStarted)
    assert sum(isinstance(event, SpeechStarted) for event in events) == 2
    assert sum(isinstance(event, SpeechEnded) for event in events) == 2
    assert events[-1] == Ended(RecognitionStatus.SUCCESS, duration=len(PCM) / 32_000)
    progress = [event for event in events if isinstance(event, Progress)]
    assert progress[-1] == Progress(4.19, 4.19)


def test_partials_come_before_their_phrase_ends(decoder: PocketsphinxDecoder) -> None:
    listening = listen(blocks(), Listening(Here(decoder), decoder))
    kinds = [type(event) for event in listening if not isinstance(event, Progress)]
    assert kinds.index(Partial) < kinds.index(SpeechEnded) < kinds.index(Phrase)


def test_readings_begin_with_the_best(decoder: PocketsphinxDecoder) -> None:
    segment = decoder.decode(Utterance(0.0, PCM[:64_000]), alternatives=3)
    assert segment is not None
    texts = [alternative.text for alternative in segment.alternatives]
    assert texts[0] == segment.text == FIRST
    assert len(texts) == len(set(texts)) <= 3
    assert segment.alternatives[0].confidence == segment.confidence


def test_nothing_is_understood_in_nothing(decoder: PocketsphinxDecoder) -> None:
    assert decoder.decode(Utterance(0.0, b"")) is None


@pytest.mark.parametrize(
    ("pcm", "results", "status"),
    [
        (bytes(64_000), True, RecognitionStatus.INITIAL_SILENCE),
        (b"", True, RecognitionStatus.INITIAL_SILENCE),
        (PCM, False, RecognitionStatus.NO_MATCH),
        (PCM, True, RecognitionStatus.SUCCESS),
    ],
)
def test_how_it_ended(pcm: bytes, results: bool, status: RecognitionStatus) -> None:
    *_, last = listen(blocks(pcm), Listening(Made(results)))
    assert isinstance(last, Ended)
    assert last.status == status


def test_phrases_come_in_order_and_do_not_pile_up() -> None:
    decoders = Made()
    events = list(listen(speech_and_pauses(12), Listening(decoders)))
    starts = [event.segment.start for event in events if isinstance(event, Phrase)]
    assert len(starts) == 24
    assert starts == sorted(starts, key=lambda start: start or 0.0)
    assert decoders.most <= decoders.limit + 1


class Recorded:
    """Keeps what it was asked to decode, and answers when told to."""

    limit = 2

    def __init__(self) -> None:
        self.asked: list[tuple[Window, Future[tuple[Segment, ...]]]] = []

    def submit(
        self, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        future: Future[tuple[Segment, ...]] = Future()
        self.asked.append((window, future))
        return future

    def answer(self) -> None:
        for number, (_, future) in enumerate(self.asked):
            if not future.done():
                future.set_result((Segment(str(number)),))


def live(decoders: Decoders) -> Listening:
    return Listening(decoders, longest_window=28.0, at_each_pause=True)


def test_live_speech_is_decoded_before_its_pause_is_over() -> None:
    decoders = Recorded()
    ended_after = None
    asked_when_it_ended = None

    def fed() -> Iterator[bytes]:
        nonlocal ended_after
        for number, block in enumerate(blocks(PCM[:72_000], size=960)):
            if decoders.asked and ended_after is None:
                ended_after = number * 960
            yield block
        decoders.answer()

    phrases = []
    for event in listen(fed(), live(decoders)):
        if isinstance(event, SpeechEnded):
            asked_when_it_ended = len(decoders.asked)
        if isinstance(event, Phrase):
            phrases.append(event.segment.text)
    assert asked_when_it_ended == len(decoders.asked) == 1
    assert phrases == ["0"]
    # Less than half of the pause that ends an utterance (0.3 s) had gone by.
    assert ended_after is not None
    assert ended_after - len(decoders.asked[0][0].pcm) < 0.15 * 32_000


def test_what_was_decoded_ahead_is_dropped_when_speech_goes_on() -> None:
    decoders = Recorded()
    spoken = PCM[:48_000]
    hesitation = spoken + bytes(3_840) + spoken + bytes(16_000)  # 0.12 s

    def fed() -> Iterator[bytes]:
        yield from blocks(hesitation, size=960)
        decoders.answer()

    events = list(listen(fed(), live(decoders)))
    phrases = [event.segment.text for event in events if isinstance(event, Phrase)]
    (early, dropped), (whole, _) = decoders.asked
    assert dropped.cancelled()
    assert len(early.pcm) < 2 * len(spoken) < len(whole.pcm)
    assert phrases == ["1"]


def test_a_recording_is_never_decoded_ahead() -> None:
    decoders = Recorded()

    def fed() -> Iterator[bytes]:
        yield from blocks(PCM, size=960)
        assert not decoders.asked
        threading.Timer(0.1, decoders.answer).start()

    events = list(listen(fed(), Listening(decoders, longest_window=28.0)))
    assert sum(isinstance(event, Phrase) for event in events) == 1


def test_a_long_pause_makes_progress() -> None:
    events = list(listen(blocks(bytes(32_000 * 12)), Listening(Made(), total=12.0)))
    told = [event.done for event in events if isinstance(event, Progress)]
    assert told == pytest.approx([5.0, 10.0], abs=0.3)


def test_a_pool_gives_the_same_as_one_decoder() -> None:
    pool: Decoders
    pool = DecoderPool(2, ModelFiles())
    try:
        pool.warm_up()
        events = list(
            listen(
                speech_and_pauses(2),
                Listening(pool, options=DecodeOptions(alternatives=2)),
            )
        )
    finally:
        pool.close()
    segments = [event.segment for event in events if isinstance(event, Phrase)]
    assert [segment.text for segment in segments] == [FIRST, SECOND] * 2
    assert all(segment.alternatives for segment in segments)
    assert all(worker._process.poll() is not None for worker in pool._workers)


def test_a_worker_tells_what_is_wrong_with_its_model() -> None:
    pool = DecoderPool(1, ModelFiles("/nowhere", "/nowhere.lm", "/nowhere.dict"))
    try:
        future = pool.submit(Window.of(Utterance(0.0, PCM)), DecodeOptions())
        with pytest.raises(ConfigurationError, match="cannot load /nowhere"):
            future.result()
    finally:
        pool.close()


def test_a_worker_that_dies_is_an_error_and_no_hang() -> None:
    pool = DecoderPool(1, ModelFiles())
    try:
        pool.warm_up()
        pool._workers[0]._process.kill()
        future = pool.submit(Window.of(Utterance(0.0, PCM)), DecodeOptions())
        with pytest.raises(ConfigurationError, match="ended unexpectedly") as caught:
            future.result(30)
        assert "-j 1" in str(caught.value.hint)
    finally:
        pool.close()


def test_a_worker_ends_with_its_input() -> None:
    answers = io.BytesIO()
    broken = ModelFiles("/nowhere", "/nowhere", "/nowhere")
    request = REQUEST.pack(2, 1.5, 0) + b"\0\0"
    serve(io.BytesIO(request + request[:5]), answers, broken)
    (size,) = ANSWER.unpack(answers.getvalue()[: ANSWER.size])
    assert len(answers.getvalue()) == ANSWER.size + size


def test_a_phrase_does_not_depend_on_what_was_decoded_before() -> None:
    decoder = PocketsphinxDecoder()
    second = Utterance(2.43, PCM[2 * 38_880 :])
    alone = decoder.decode(second)
    decoder.decode(Utterance(0.0, PCM[:64_000]))
    assert decoder.decode(second) == alone
