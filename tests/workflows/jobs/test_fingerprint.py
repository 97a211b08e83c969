"""The same recording with the same wishes is known again, and nothing else is."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from stt_cli.audio.open import open_source
from stt_cli.core.errors import AudioError
from stt_cli.workflows.jobs.fingerprint import fingerprint
from tests.fake_time import fake_environment

WISHES = ("soniox", None, "{}")


def of(argument: Path | str, *wishes: str | None) -> str | None:
    source = open_source(str(argument), fake_environment())
    return fingerprint(source, wishes or WISHES)


def test_the_same_bytes_under_another_name_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF1234")
    (tmp_path / "b.wav").write_bytes(b"RIFF1234")
    assert of(tmp_path / "a.wav") == of(tmp_path / "b.wav")


@pytest.mark.parametrize(
    "wishes",
    [
        ("azure", None, "{}"),
        ("soniox", "http://127.0.0.1:1", "{}"),
        ("soniox", None, '{"name":"x"}'),
    ],
)
def test_another_provider_address_or_wish_is_another(
    tmp_path: Path, wishes: tuple[str | None, ...]
) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF1234")
    assert of(tmp_path / "a.wav") != of(tmp_path / "a.wav", *wishes)


def test_one_other_bit_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(bytes(3_000_000))
    before = of(path)
    with path.open("r+b") as file:
        file.seek(2_999_999)
        file.write(b"\x01")
    assert of(path) != before


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("sv=1&sig=abc&se=2026", "sv=1&sig=xyz&se=2027"),
        ("X-Amz-Date=1&X-Amz-Signature=abc", "X-Amz-Date=2&X-Amz-Signature=xyz"),
        ("AWSAccessKeyId=a&Expires=1&Signature=b", "Signature=c&Expires=2"),
        ("id=7&X-Goog-Signature=abc", "X-Goog-Signature=xyz&id=7"),
    ],
)
def test_an_address_is_known_by_its_text_whatever_its_signature(
    one: str, two: str
) -> None:
    base = "https://example.org/a.wav"
    assert of(f"{base}?{one}") == of(f"{base}?{two}")
    assert of(f"{base}?{one}") != of(f"https://example.org/b.wav?{one}")


def test_an_address_is_known_whatever_its_user() -> None:
    assert of("https://me:one@h/a.wav") == of("https://me:two@h/a.wav#x")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("id=1", "id=2"),
        ("token=abc", "token=xyz"),  # a share may have nothing else to tell it by
        ("id=1&sig=a", "id=2&sig=a"),
        ("Expires=1", "Expires=2"),  # no signature, so whatever it means there
    ],
)
def test_two_addresses_may_be_two_recordings(one: str, two: str) -> None:
    assert of(f"https://h/get?{one}") != of(f"https://h/get?{two}")


def test_a_pipe_has_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert of(tmp_path / "pipe") is None


def test_a_file_that_went_away_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    source = open_source(str(path), fake_environment())
    path.unlink()
    with pytest.raises(AudioError, match="no such file"):
        fingerprint(source, WISHES)


def test_a_long_recording_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.truncate(64 << 20)  # a hole: no disk is filled
    of(tmp_path / "long.wav")
    tracemalloc.start()
    try:
        of(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
