"""A recording's place, found again from any folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.workflows.jobs.queue import PIPE, location_of, name_at


@pytest.mark.parametrize(
    "name",
    [b"a.wav", b"caf\xc3\xa9.wav", b"\xff\xfe raw.wav", b"100%.wav", b"a#b?c.wav"],
)
def test_a_file_is_found_from_another_folder_whatever_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = os.fsdecode(name)
    Path(typed).write_bytes(b"RIFF")
    location = location_of(typed)
    assert location.isascii()
    assert location.startswith("file:///")
    monkeypatch.chdir("/")
    again = name_at(location)
    assert again is not None
    assert Path(again).read_bytes() == b"RIFF"


@given(
    st.binary(min_size=1).filter(lambda name: b"\0" not in name and name != b"-"),
)
def test_any_path_comes_back(name: bytes) -> None:
    path = b"/" + name
    again = name_at(location_of(os.fsdecode(path)))
    assert again is not None
    assert os.fsencode(again) == path


def test_an_address_stands_as_it_is() -> None:
    assert location_of("https://example.org/a.wav") == "https://example.org/a.wav"
    assert name_at("https://example.org/a.wav") == "https://example.org/a.wav"


def test_a_pipe_cannot_be_had_again() -> None:
    assert location_of("-") == PIPE
    assert name_at(PIPE) is None
