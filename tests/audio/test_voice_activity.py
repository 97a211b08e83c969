"""Utterances are found between pauses, wherever the blocks are cut."""

from __future__ import annotations

import struct
import wave

from hypothesis import given
from hypothesis import strategies as st

from stt_cli.audio.voice_activity import (
    FRAME_BYTES,
    Utterance,
    UtteranceCutter,
    is_silent,
)
from tests.audio.tones import WEATHER, pcm16, tone

LOUD = b"\0\x20" * (FRAME_BYTES // 2)
QUIET = b"\0\0" * (FRAME_BYTES // 2)


def is_loud(frame: bytes) -> bool:
    """Stand in for the detector: a frame is a voice when it is loud."""
    return frame[1] >= 0x10


def cut(pcm: bytes, step: int = 3200) -> list[Utterance]:
    cutter = UtteranceCutter(is_loud)
    found: list[Utterance] = []
    for start in range(0, len(pcm), step):
        found += cutter.receive(pcm[start : start + step])
    return [*found, *cutter.finish()]


def weather() -> bytes:
    with wave.open(str(WEATHER)) as file:
        frames: bytes = file.readframes(file.getnframes())
    return frames


def test_real_speech_is_cut_at_its_pause() -> None:
    cutter = UtteranceCutter()
    pcm = weather()
    first, second = [*cutter.receive(pcm), *cutter.finish()]
    assert 0 <= first.start < 0.2
    assert 1.7 < first.end < 2.2
    assert 2.2 < second.start < 2.7
    assert second.end <= len(pcm) / 32_000
    start = round(second.start * 16_000) * 2
    assert pcm[start : start + len(second.pcm)] == second.pcm


def test_silence_and_noise_hold_no_utterance() -> None:
    cutter = UtteranceCutter()
    assert list(cutter.receive(bytes(320_000))) == []
    assert list(cutter.finish()) == []
    assert cutter.heard == 10.0


def test_a_pause_ends_an_utterance_and_keeps_its_edges() -> None:
    pcm = QUIET * 20 + LOUD * 30 + QUIET * 40 + LOUD * 20 + QUIET * 20
    first, second = cut(pcm)
    assert first.start <= 20 * 0.03 <= first.end
    assert first.pcm.count(LOUD) == 30
    assert second.pcm.count(LOUD) == 20
    assert first.end < second.start <= 90 * 0.03


def test_a_short_pause_ends_nothing() -> None:
    (only,) = cut(LOUD * 20 + QUIET * 8 + LOUD * 20)
    assert only.pcm == LOUD * 20 + QUIET * 8 + LOUD * 20


def test_speech_at_the_very_end_is_not_lost() -> None:
    (only,) = cut(QUIET * 20 + LOUD * 20 + b"\1\0")
    assert only.pcm.endswith(LOUD + b"\1\0")


def test_audio_that_the_detector_missed_is_decoded_all_the_same() -> None:
    faint = pcm16([s / 20 for s in tone(0.4)])
    (only,) = cut(faint)
    assert (only.start, only.pcm) == (0.0, faint)
    assert cut(b"\5\0" * 10_000) == []


def test_only_the_first_minute_of_missed_audio_is_kept() -> None:
    faint = pcm16([s / 20 for s in tone(1.0)])
    (only,) = cut(faint * 90)
    assert only.end == 60.0


def test_who_never_pauses_is_cut_at_the_quietest_spot() -> None:
    soft = b"\0\x11" * (FRAME_BYTES // 2)
    found = cut(LOUD * 900 + soft + LOUD * 400)
    assert [len(one.pcm) // FRAME_BYTES for one in found] == [900, 401]
    assert found[1].start == found[0].end == 27.0
    assert b"".join(one.pcm for one in found) == LOUD * 900 + soft + LOUD * 400


def test_the_utterance_under_way_can_be_followed() -> None:
    cutter = UtteranceCutter(is_loud)
    assert list(cutter.receive(QUIET * 10 + LOUD * 12)) == []
    assert cutter.in_speech
    pcm, count = cutter.speech()
    assert len(pcm) == count * FRAME_BYTES
    list(cutter.receive(LOUD))
    assert cutter.speech(count) == (LOUD, count + 1)
    list(cutter.receive(QUIET * 4))
    assert cutter.silence == 0.12
    assert cutter.heard == 0.81


@given(
    pattern=st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=12),
    step=st.integers(1, 5000),
    tail=st.integers(0, 400),
)
def test_any_cut_of_the_blocks_gives_the_same_utterances(
    pattern: list[tuple[bool, int]], step: int, tail: int
) -> None:
    pcm = b"".join((LOUD if loud else QUIET) * count for loud, count in pattern)
    pcm += b"\0\0" * tail
    found = cut(pcm, step)
    assert found == cut(pcm, max(1, len(pcm)))
    position = 0
    for utterance in found:
        start = round(utterance.start * 16_000) * 2
        assert start >= position
        assert pcm[start : start + len(utterance.pcm)] == utterance.pcm
        position = start + len(utterance.pcm)


def test_what_counts_as_silent() -> None:
    assert is_silent(b"")
    assert is_silent(struct.pack("<3h", 63, -64 + 1, 0))
    assert not is_silent(struct.pack("<3h", 0, -64, 0))
