"""Channels become one without canceling each other, and two speakers are noticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from stt_cli.audio.channels import warn_of_mixed_channels
from tests.audio.speech import Signal, heard, likeness, opened, weather

SPEECH = weather()
HINT = "use --channels to recognize each separately"


def written(path: Path, *channels: Signal, subtype: str = "PCM_16") -> Path:
    length = max(len(channel) for channel in channels)
    padded = [np.pad(channel, (0, length - len(channel))) for channel in channels]
    soundfile.write(path, np.stack(padded, axis=1), 16_000, subtype=subtype)
    return path


@pytest.mark.parametrize("others", [1, 3])
@pytest.mark.conformance("LO-11")
def test_opposite_phases_are_not_silence(tmp_path: Path, others: int) -> None:
    turned = [-SPEECH] * others
    samples = heard(opened(written(tmp_path / "a.wav", SPEECH, *turned)))
    assert likeness(samples, SPEECH) > 0.99
    assert np.max(np.abs(samples)) == pytest.approx(np.max(np.abs(SPEECH)), rel=0.05)


@pytest.mark.conformance("LO-11")
def test_two_who_speak_at_once_are_noticed(tmp_path: Path) -> None:
    other = np.roll(SPEECH, 13_000)
    source = opened(written(tmp_path / "a.wav", SPEECH, other))
    heard(source)
    assert [notice.hint for notice in source.notices] == [HINT]


@pytest.mark.parametrize("kind", ["one voice", "one room", "turns", "one is silent"])
def test_what_needs_no_notice(tmp_path: Path, kind: str) -> None:
    silence = np.zeros_like(SPEECH)
    right = {
        "one voice": 0.5 * SPEECH,
        "one room": 0.8 * np.roll(SPEECH, 12),  # 25 cm further away
        "turns": np.concatenate([silence, SPEECH]),
        "one is silent": silence,
    }[kind]
    source = opened(written(tmp_path / "a.wav", SPEECH, right.astype(np.float32)))
    heard(source)
    assert source.notices == ()


def test_what_a_service_took_as_it_is_is_told_too(tmp_path: Path) -> None:
    other = np.roll(SPEECH, 13_000)
    source = opened(written(tmp_path / "a.wav", SPEECH, other))
    b"".join(source.original())
    assert not list(source.notices)
    warn_of_mixed_channels(source)
    assert [notice.hint for notice in source.notices] == [HINT]
    one = opened(written(tmp_path / "b.wav", SPEECH))
    warn_of_mixed_channels(one)
    assert one.notices == ()


def test_sixty_channels(tmp_path: Path) -> None:
    samples = heard(opened(written(tmp_path / "a.wav", *[SPEECH] * 60)))
    assert likeness(samples, SPEECH) > 0.99


def test_floats_on_the_scale_of_16_bits_are_scaled(tmp_path: Path) -> None:
    whole = np.rint(SPEECH * 32767).astype(np.float32)
    source = opened(written(tmp_path / "a.wav", whole, subtype="FLOAT"))
    assert likeness(heard(source), SPEECH) > 0.99
    assert "and were scaled" in source.notices[0].message


def test_a_little_over_full_scale_is_no_other_scale(tmp_path: Path) -> None:
    loud = SPEECH * np.float32(1.4 / np.max(np.abs(SPEECH)))
    source = opened(written(tmp_path / "a.wav", loud, subtype="FLOAT"))
    heard(source)
    assert source.notices == ()
