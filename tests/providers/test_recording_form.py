"""A recording on its way to a service: a name without a path, bytes in blocks."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from stt_cli.audio.open import open_source
from stt_cli.core.environment import Environment
from stt_cli.providers.recording_form import content_type, upload_body, upload_name
from tests.commands.conftest import silent_wav


@pytest.fixture
def environment() -> Environment:
    return Environment.of_this_process()


def test_only_the_last_part_of_a_path_is_told(
    wav: Path, environment: Environment
) -> None:
    assert upload_name(open_source(str(wav), environment)) == "meeting.wav"
    windows = open_source(str(wav), environment, name=r"C:\Users\me\talk.wav")
    assert upload_name(windows) == "talk.wav"
    assert upload_name(windows, "chosen.wav") == "chosen.wav"
    assert upload_name(open_source(str(wav), environment, name="-")) == "audio.wav"


def test_a_large_recording_is_read_in_small_blocks(
    tmp_path: Path, environment: Environment
) -> None:
    path = tmp_path / "large.wav"
    path.write_bytes(silent_wav(60.0))
    source = open_source(str(path), environment)
    body = upload_body(source)
    sizes = [len(block) for block in body.blocks()]
    assert body.length == sum(sizes) == path.stat().st_size
    assert max(sizes) <= 262_144
    assert body.repeatable
    assert content_type(source) == "audio/wav"


def test_raw_pcm_gets_a_header_that_tells_its_rate(
    tmp_path: Path, environment: Environment
) -> None:
    path = tmp_path / "voice.raw"
    path.write_bytes(bytes(16_000))
    source = open_source(str(path), environment, raw_rate=8_000)
    body = upload_body(source)
    data = b"".join(body.blocks())
    assert (upload_name(source), content_type(source)) == ("voice.wav", "audio/wav")
    assert body.length == len(data)
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getnframes()) == (8_000, 8_000)


def test_what_we_cannot_read_is_left_to_the_service(
    tmp_path: Path, environment: Environment
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    source = open_source(str(path), environment)
    assert upload_name(source) == "film.mp4"
    assert b"".join(upload_body(source).blocks()) == path.read_bytes()
    assert "/" in content_type(source)
