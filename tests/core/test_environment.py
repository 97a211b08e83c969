"""The folders of a run: the platform's, those below STT_HOME, or none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from stt_cli.core.environment import Directories
from tests.conftest import Runner


def test_one_variable_puts_all_folders_below_one(tmp_path: Path) -> None:
    folders = Directories.named_by({"STT_HOME": str(tmp_path)})
    assert {folders.config, folders.state, folders.cache} == {
        tmp_path / "config",
        tmp_path / "state",
        tmp_path / "cache",
    }


def test_a_relative_home_stays_the_same_wherever_the_run_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folders = Directories.named_by({"STT_HOME": "here"})
    monkeypatch.chdir("/")
    assert folders.state == tmp_path / "here" / "state"


def test_the_platforms_folders_follow_its_own_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    folders = Directories.named_by({"STT_HOME": ""})
    assert folders.config.name == "stt"
    assert tmp_path in folders.state.parents


class TestAUserWithoutAHomeFolder:
    """Containers run as a user that /etc/passwd does not know, without HOME."""

    @pytest.fixture(autouse=True)
    def nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("HOME")
        monkeypatch.delenv("STT_HOME")
        monkeypatch.setattr("pwd.getpwuid", _nobody_known)

    def test_gets_no_folder_named_tilde_and_none_that_anything_can_be_in(self) -> None:
        folders = Directories.named_by({})
        for folder in (folders.config, folders.state, folders.cache):
            assert folder.is_absolute()
            with pytest.raises(NotADirectoryError):
                folder.mkdir(parents=True)

    def test_works_on_this_machine_all_the_same(
        self, stt: Runner, tmp_path: Path
    ) -> None:
        spoken = tmp_path / "a.wav"
        assert stt("tts", "hello there", "-o", spoken).status == 0
        done = stt("recognize", spoken)
        assert done.status in (0, 3)  # whatever the engine makes of it
        assert "hint: make the folder writable, or set STT_HOME" in done.stderr

    def test_is_told_where_a_folder_is_needed(self, stt: Runner) -> None:
        done = stt("config", "set", "language", "de-DE")
        assert (done.status, done.stdout) == (2, b"")
        assert "config.toml: Not a directory" in done.stderr
        assert "set STT_HOME" in done.stderr
        assert stt("batch", "submit", "https://x.example/a.wav").status != 1


def _nobody_known(_uid: int) -> None:
    raise KeyError("no such user")
