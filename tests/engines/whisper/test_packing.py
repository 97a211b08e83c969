"""Windows hold neighboring utterances, whole, and depend on the audio alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stt_cli.audio.voice_activity import FRAME_BYTES, UtteranceCutter
from stt_cli.engines.decoding import Window
from stt_cli.engines.packing import Packer

LONGEST = 1.2


def frames(*stretches: tuple[str, int]) -> bytes:
    """Return PCM of frames that say for themselves whether they are speech."""
    pcm = bytearray()
    for kind, count in stretches:
        for _ in range(count):
            mark = 1 if kind == "speech" else 0
            number = len(pcm) // FRAME_BYTES
            frame = bytearray(FRAME_BYTES)
            frame[0], frame[2:6] = mark, number.to_bytes(4, "little")
            frame[7] = 64  # louder than silence
            pcm += frame
    return bytes(pcm)


def packed(pcm: bytes, block: int) -> list[Window]:
    def run() -> Iterator[Window]:
        cutter = UtteranceCutter(lambda frame: frame[0] == 1)
        packer = Packer(LONGEST)
        for at in range(0, len(pcm), block):
            piece = pcm[at : at + block]
            packer.receive(piece)
            for utterance in cutter.receive(piece):
                yield from packer.add(utterance)
            since = cutter.start if cutter.in_speech else None
            yield from packer.settle(since, cutter.heard)
        for utterance in cutter.finish():
            yield from packer.add(utterance)
        yield from packer.finish()

    return list(run())


STRETCHES = st.lists(
    st.tuples(st.sampled_from(["speech", "pause"]), st.integers(1, 45)), max_size=8
)


@settings(max_examples=40)
@given(STRETCHES, st.integers(400, 20_000))
def test_windows_are_spans_of_the_audio_however_it_is_cut(
    stretches: list[tuple[str, int]], half_block: int
) -> None:
    pcm = frames(*stretches)
    windows = packed(pcm, 2 * half_block)
    assert windows == packed(pcm, 3200) == packed(pcm, len(pcm) + 2)
    for window in windows:
        first = round(window.start * 16_000) * 2
        assert window.pcm == pcm[first : first + len(window.pcm)]
        assert window.end - window.start <= LONGEST + 1e-6
        assert window.start == window.speech[0][0]
        assert window.end == pytest.approx(window.speech[-1][1], abs=1e-3)
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(windows))
    # Whatever follows would not have fitted.
    for a, b in pairwise(windows):
        assert b.speech[0][1] - a.start > LONGEST - 1e-6


def test_neighbors_share_a_window_and_pauses_stay_in_it() -> None:
    pcm = frames(("speech", 9), ("pause", 12), ("speech", 9), ("pause", 20))
    (window,) = packed(pcm, 3200)
    assert len(window.speech) == 2
    assert window.speech[0][1] < window.speech[1][0]


def test_what_is_far_away_is_in_another_window() -> None:
    pcm = frames(("speech", 30), ("pause", 40), ("speech", 30), ("pause", 20))
    assert [len(window.speech) for window in packed(pcm, 3200)] == [1, 1]


def test_noise_that_nobody_took_for_speech_is_cut_into_windows() -> None:
    pcm = frames(("pause", 120))
    windows = packed(pcm, 3200)
    assert b"".join(window.pcm for window in windows) == pcm
    assert [round(window.end - window.start, 2) for window in windows] == [
        1.2,
        1.2,
        1.2,
    ]
