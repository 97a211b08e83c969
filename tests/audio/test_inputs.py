"""Folders, patterns and lists become single inputs, in the order people count."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.audio.inputs import expand_inputs, left_out, names_many, natural_key
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


def test_a_folder_takes_whatever_is_taken_by_name(tmp_path: Path) -> None:
    names = "a.3gp a.avi a.gsm a.m4b a.mkv a.mov a.mp2 a.sph a.webm a.wma"
    touch(tmp_path, *names.split())
    assert [Path(one).name for one in expand_inputs([str(tmp_path)])] == names.split()


def test_a_transport_stream_is_told_from_a_program(tmp_path: Path) -> None:
    packet = b"\x47" + bytes(187)
    (tmp_path / "call.ts").write_bytes(packet * 8)
    (tmp_path / "app.ts").write_bytes(b"export const answer = 42;\n" * 40)
    assert expand_inputs([str(tmp_path)]) == [str(tmp_path / "call.ts")]


def test_what_a_folder_leaves_out_is_counted(tmp_path: Path) -> None:
    touch(tmp_path, "a.wav", "a.srt", "b.SRT", "notes.txt", "Makefile", ".hidden")
    touch(tmp_path, "below/deep.txt")
    notice, subfolder = left_out([str(tmp_path)])
    assert subfolder.message == f"{tmp_path}: skipped 1 subfolder"
    assert notice.message == (
        f"{tmp_path}: skipped 4 files that are not recordings "
        "(2 .srt, 1 .txt, 1 no suffix)"
    ) or notice.message.endswith("(2 .srt, 1 no suffix, 1 .txt)")
    assert left_out([str(tmp_path / "a.wav"), "-", "https://host/folder"]) == []
    (tmp_path / "a.wav").rename(tmp_path / "below" / "b.wav")
    touch(tmp_path, "c.wav")
    for name in ("a.srt", "b.SRT", "notes.txt", "Makefile"):
        (tmp_path / name).unlink()
    (tmp_path / "below" / "b.wav").unlink()
    (tmp_path / "below" / "deep.txt").unlink()
    (tmp_path / "below").rmdir()
    assert left_out([str(tmp_path)]) == []


def test_a_file_address_is_a_path(tmp_path: Path) -> None:
    touch(tmp_path, "my call.wav")
    address = (tmp_path / "my call.wav").as_uri()
    assert expand_inputs([address]) == [str(tmp_path / "my call.wav")]
    on_this_host = address.replace("file:///", "file://localhost/")
    assert expand_inputs([on_this_host]) == [str(tmp_path / "my call.wav")]
    assert names_many([tmp_path.as_uri()])


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("s3://bucket/call.wav", "`aws s3 presign s3://bucket/call.wav`"),
        ("gs://bucket/call.wav", "`gcloud storage sign-url gs://bucket/call.wav`"),
        ("ftp://host/call.wav", "download it first"),
        ("file://server/share/call.wav", "download it first"),
        ("file://[half/call.wav", "download it first"),
    ],
)
def test_other_addresses_are_refused_with_a_way(address: str, hint: str) -> None:
    with pytest.raises(UsageError, match="only http:// and https://") as caught:
        expand_inputs([address])
    assert hint in str(caught.value.hint)


def test_a_tilde_that_the_shell_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    touch(tmp_path, "a.wav", "calls/b.wav")
    assert expand_inputs(["~/a.wav"]) == [str(tmp_path / "a.wav")]
    assert expand_inputs(["~/calls"]) == [str(tmp_path / "calls" / "b.wav")]
    assert expand_inputs(["~nobody-of-that-name/a.wav"]) == [
        "~nobody-of-that-name/a.wav"
    ]


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


def test_subfolders_are_counted_with_the_pattern_that_takes_them(
    tmp_path: Path,
) -> None:
    for name in ("a.wav", "sub/b.wav", "other/deep/c.wav", ".hidden/d.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (notice,) = left_out([f"{tmp_path}/"])
    assert notice.message == f"{tmp_path}/: skipped 2 subfolders"
    pattern = str(notice.hint).partition("'")[2].rstrip("'")
    assert [Path(name).name for name in expand_inputs([pattern])] == [
        "a.wav",
        "c.wav",
        "b.wav",
    ]
