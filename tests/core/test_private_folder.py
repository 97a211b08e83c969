"""Folders that this program makes for itself are the user's alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stt_cli.core.private_folder import (
    make_private,
    refuse_planted_link,
    replace_private,
)
from stt_cli.engines.whisper.store import ModelStore
from tests.conftest import Runner
from tests.state_fixtures import EnvironmentFactory


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
def test_a_file_is_replaced_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "a.json"
    replace_private(path, "one")
    path.chmod(0o666)
    replace_private(path, "two")
    assert (path.read_text(), mode(path)) == ("two", 0o600)
    assert [each.name for each in path.parent.iterdir()] == ["a.json"]


def test_a_link_in_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "a.json").symlink_to("victim")
    replace_private(tmp_path / "a.json", "{}")
    assert (tmp_path / "victim").read_text() == "precious"
    assert (tmp_path / "a.json").read_text() == "{}"


def test_only_a_link_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link"
    link.symlink_to("real")
    refuse_planted_link(link)
    refuse_planted_link(tmp_path / "nothing")
    monkeypatch.setattr(os, "getuid", lambda: link.lstat().st_uid + 1)
    if link.lstat().st_uid == 0:  # root's own, which count as nobody's
        os.chown(link, 4242, -1, follow_symlinks=False)
    with pytest.raises(OSError, match="symbolic link owned by another user"):
        refuse_planted_link(link)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a link away")
def test_a_ledger_that_another_user_links_elsewhere_is_not_written(
    stt: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"
    victim.touch()
    state = tmp_path / "home" / "state"
    state.mkdir(parents=True)
    (state / "ledger.sqlite").symlink_to(victim)
    os.chown(state / "ledger.sqlite", 4242, -1, follow_symlinks=False)
    monkeypatch.setenv("STT_HOME", str(state.parent))
    monkeypatch.setenv("SONIOX_API_KEY", "made-up-key-0001")
    done = stt(
        *("batch", "submit", "https://h/a.wav", "-p", "soniox"),
        *("--endpoint", "http://127.0.0.1:1"),
        sleep=lambda _seconds: None,
    )
    assert "symbolic link owned by another user" in done.stderr
    assert victim.read_bytes() == b""


@pytest.mark.usefixtures("no_umask")
def test_the_hashes_of_models_are_the_users_alone(
    make_environment: EnvironmentFactory, tmp_path: Path
) -> None:
    environment = make_environment()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    folder = environment.directories.cache
    make_private(folder)
    for name in ("model-hashes.json", f"model-hashes.{os.getpid()}"):
        (folder / name).symlink_to(victim)
    (tmp_path / "model.bin").write_bytes(b"weights")
    ModelStore(environment).weights_hash(tmp_path)
    assert victim.read_text() == "precious"
    assert mode(folder / "model-hashes.json") == 0o600


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
