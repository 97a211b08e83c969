"""The folders of a run: the platform's, those below STT_HOME, or none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from stt_cli.core.environment import Directories
from stt_cli.core.errors import ConfigurationError


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


def test_a_user_without_a_home_is_told_instead_of_given_a_folder_named_tilde(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", _nobody_known)
    with pytest.raises(ConfigurationError, match="no home folder") as caught:
        _ = Directories.named_by({}).state
    assert caught.value.hint == "set STT_HOME to a folder, or HOME"


def _nobody_known(_uid: int) -> None:
    raise KeyError("no such user")
