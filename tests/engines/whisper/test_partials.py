"""Partials show what two decodes agree on, and never wait for a decode."""

from __future__ import annotations

from concurrent.futures import Future

from stt_cli.engines.whisper.partials import WhisperPartials

SECOND = bytes(32_000)


class Reader:
    """Decodes when told to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.futures: list[Future[str]] = []

    def __call__(self, pcm: bytes) -> Future[str]:
        self.asked.append(len(pcm) // 32_000)
        self.futures.append(Future())
        return self.futures[-1]

    def answer(self, text: str) -> None:
        self.futures[-1].set_result(text)


def test_only_what_two_decodes_agree_on_is_shown() -> None:
    reader = Reader()
    partials = WhisperPartials(reader)
    shown = []
    for text in ("What", "What's the", "What's the weather", "What's the whether or"):
        shown.append(partials.hear(SECOND))
        reader.answer(text)
    shown.append(partials.hear(b""))
    assert shown == ["", "", "", "What's the", "What's the"]
    assert reader.asked == [1, 2, 3, 4]


def test_one_decode_at_a_time_whatever_arrives_meanwhile() -> None:
    reader = Reader()
    partials = WhisperPartials(reader)
    for _ in range(5):
        partials.hear(SECOND)
    assert reader.asked == [1]
    reader.answer("one")
    partials.hear(SECOND)
    assert reader.asked == [1, 6]


def test_a_little_more_audio_is_not_worth_a_decode() -> None:
    reader = Reader()
    partials = WhisperPartials(reader)
    partials.hear(SECOND)
    reader.answer("one")
    partials.hear(bytes(6_400))
    assert reader.asked == [1]
    partials.hear(bytes(9_600))
    assert len(reader.asked) == 2


def test_the_next_utterance_knows_nothing_of_the_last() -> None:
    reader = Reader()
    partials = WhisperPartials(reader)
    for _ in range(2):
        partials.hear(SECOND)
        reader.answer("good morning")
    assert partials.hear(SECOND) == "good morning"
    late = reader.futures[-1]
    partials.begin()
    assert late.cancelled()
    assert partials.hear(SECOND) == ""
    assert reader.asked[-1] == 1
