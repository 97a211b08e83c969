"""Transcripts to write, and a strategy that makes every kind of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from stt_cli.core.transcript import (
    Alternative,
    RecognitionStatus,
    Segment,
    Transcript,
    Word,
)


def transcript(*segments: Segment, name: str = "a.wav", **more: Any) -> Transcript:
    """Return a successful transcript of these phrases."""
    return Transcript(
        "local", name, RecognitionStatus.SUCCESS, segments=segments, **more
    )


def spoken(text: str, start: float, each: float = 0.4) -> Segment:
    """Return a phrase whose words follow one another, ``each`` seconds long."""
    words = tuple(
        Word(word.lower().strip(".,?!"), start + n * each, start + (n + 1) * each)
        for n, word in enumerate(text.split())
    )
    return Segment(text, start, words[-1].end, words=words)


_times = st.none() | st.floats(0, 5_000) | st.sampled_from([float("nan"), -1.0])
_PLAIN = ["so", "we", "met", "Dr.", "Who,", "really.", "Yes!", "2-3", "okay?"]
_texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_PLAIN), max_size=40).map(" ".join),
    st.text(alphabet="今日は天気がいい。、「」ーっ", max_size=120),
    st.text(alphabet="abc-->\n\r\u2028<>& \x1b", max_size=60),
)
_words = st.builds(Word, st.text(max_size=12), _times, _times)
_segments = st.builds(
    Segment,
    text=_texts,
    start=_times,
    end=_times,
    speaker=st.none() | st.sampled_from(["1", "2", "Guest-1", "x" * 90, "a\nb"]),
    channel=st.none() | st.integers(0, 1),
    words=st.lists(_words, max_size=20).map(tuple),
    alternatives=st.lists(
        st.builds(Alternative, _texts, lexical=st.none() | _texts), max_size=2
    ).map(tuple),
)
transcripts = st.builds(
    Transcript,
    provider=st.just("local"),
    input=st.text(max_size=20),
    status=st.just(RecognitionStatus.SUCCESS),
    duration=st.none() | st.floats(0, 5_000),
    segments=st.lists(_segments, max_size=6).map(tuple),
)
