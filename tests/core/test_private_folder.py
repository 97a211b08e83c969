"""Folders that this program makes for itself are the user's alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stt_cli.core.private_folder import make_private
from tests.conftest import Runner


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("no_umask")
def test_every_folder_that_was_missing_is_private(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir(mode=0o777)
    folder = tmp_path / "shared" / "a" / "b"
    make_private(folder)
    make_private(folder)
    assert [mode(path) for path in (folder, folder.parent)] == [0o700, 0o700]
    assert mode(tmp_path / "shared") == 0o777


def test_what_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_private(tmp_path / "file" / "a")


@pytest.mark.usefixtures("no_umask")
def test_a_run_leaves_nothing_that_others_may_change(
    stt: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "new" / "home"
    monkeypatch.setenv("STT_HOME", str(home))
    monkeypatch.setenv("SONIOX_API_KEY", "made-up-key-0001")
    away = ("-p", "soniox", "--endpoint", "http://127.0.0.1:1")
    stt("batch", "submit", "https://h/a.wav", *away, sleep=lambda _seconds: None)
    assert stt("config", "set", "language", "de-DE").status == 0
    found = [home, *home.rglob("*")]
    assert len(found) > 4
    for path in found:
        assert mode(path) & 0o077 == 0, path


def test_an_output_of_thousands_of_folders_is_refused(
    stt: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    for output in ("a/" * 2_000, "n" * 300, "n" * 300 + "/", "n" * 300 + ".srt"):
        done = stt("recognize", "a.wav", "-o", output)
        assert done.status == 2, output[:10]
        assert "too long" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("config", "set", "device", "caf\udce9"),
        ("config", "set", "azure.endpoint", "https://h/caf\udce9"),
        ("recognize", "a.wav", "-p", "azure", "--model", "caf\udce9"),
        ("poll", "caf\udce9", "-p", "soniox", "--timeout", "1"),
        ("batch", "delete", "caf\udce9", "-p", "scriptix"),
    ],
)
def test_a_value_that_is_no_text_is_the_users_fault(
    stt: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    from tests.commands.conftest import silent_wav

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.wav").write_bytes(silent_wav(0.1))
    for name in ("AZURE_SPEECH_KEY", "SONIOX_API_KEY", "SCRIPTIX_TOKEN"):
        monkeypatch.setenv(name, "made-up-key-0001")
    monkeypatch.setenv("AZURE_SPEECH_REGION", "westeurope")
    done = stt(*arguments, sleep=lambda _seconds: None)
    assert done.status == 2, done.stderr
    assert "not valid UTF-8" in done.stderr
