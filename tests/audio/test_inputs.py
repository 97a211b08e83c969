"""Folders, patterns and lists become single inputs, in the order people count."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.audio.inputs import expand_inputs, names_many, natural_key
from stt_cli.core.errors import AudioError, UsageError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_a_folder_gives_its_recordings_in_natural_order(tmp_path: Path) -> None:
    touch(tmp_path, "take10.wav", "take2.WAV", "Take1.flac", "notes.txt", ".hid.wav")
    touch(tmp_path, "below/deep.wav", "folder.wav/inside.wav")
    names = [Path(one).name for one in expand_inputs([str(tmp_path)])]
    assert names == ["Take1.flac", "take2.WAV", "take10.wav"]


def test_a_folder_without_recordings_is_an_error(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt")
    with pytest.raises(AudioError, match="no recordings in this folder") as caught:
        expand_inputs([str(tmp_path)])
    assert "**" in str(caught.value.hint)


def test_a_pattern_that_the_shell_left_alone(tmp_path: Path) -> None:
    touch(tmp_path, "b2.wav", "b10.wav", "c.mp3", "deep/b3.wav")
    found = expand_inputs([f"{tmp_path}/b*.wav"])
    assert [Path(one).name for one in found] == ["b2.wav", "b10.wav"]
    found = expand_inputs([f"{tmp_path}/**/b*.wav"])
    assert {Path(one).name for one in found} == {"b2.wav", "b10.wav", "b3.wav"}


def test_a_pattern_without_matches_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no file matches"):
        expand_inputs([f"{tmp_path}/*.wav"])


def test_a_name_with_brackets_is_a_name_when_the_file_is_there(tmp_path: Path) -> None:
    touch(tmp_path, "call[1].wav")
    path = str(tmp_path / "call[1].wav")
    assert expand_inputs([path]) == [path]
    assert not names_many([path])


def test_single_inputs_stay_as_typed_and_in_order() -> None:
    given_inputs = ["-", "nowhere.wav", "https://host/a.wav?x=[1]*", "nowhere.wav"]
    assert expand_inputs(given_inputs) == given_inputs


def test_standard_input_twice_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="only once"):
        expand_inputs(["-", "a.wav", "-"])


def test_what_names_many(tmp_path: Path) -> None:
    assert names_many([str(tmp_path)])
    assert names_many(["*.wav"])
    assert names_many(["a", "b"])
    assert not names_many(["a.wav"])
    assert not names_many(["-"])
    assert not names_many(["https://host/a*.wav"])


@given(st.lists(st.integers(0, 10**9), unique=True))
def test_numbers_in_names_count_by_value(numbers: list[int]) -> None:
    names = [f"take {number} b.wav" for number in sorted(numbers)]
    shuffled = random.Random(0).sample(names, len(names))
    assert sorted(shuffled, key=natural_key) == names


@given(st.lists(st.text()))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert len(sorted(names, key=natural_key)) == len(names)
