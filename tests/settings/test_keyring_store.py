"""Secrets in the keyring: kept, found, removed, and what is missing told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.secret import Secret
from stt_cli.settings.keyring_store import KeyringStore
from tests.keyring_backend import FileKeyring, LockedKeyring


def test_a_secret_is_kept_until_it_is_removed(
    tmp_path: Path, file_keyring: FileKeyring
) -> None:
    store = KeyringStore(tmp_path / "config")
    assert store.get("cloud.key") is None
    store.put("cloud.key", Secret("s3cret-value"))
    assert KeyringStore(tmp_path / "config").get("cloud.key") == Secret("s3cret-value")
    assert store.remove("cloud.key") is True
    assert store.remove("cloud.key") is False
    assert KeyringStore(tmp_path / "config").get("cloud.key") is None


def test_the_note_holds_names_and_no_secret(
    tmp_path: Path, file_keyring: FileKeyring
) -> None:
    store = KeyringStore(tmp_path)
    store.put("cloud.key", Secret("s3cret-value"))
    assert json.loads((tmp_path / "keyring.json").read_text()) == ["cloud.key"]
    assert (tmp_path / "keyring.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["", "{", "7", "[[]]", "null"])
def test_a_damaged_note_means_that_nothing_is_stored(
    tmp_path: Path, file_keyring: FileKeyring, damage: str
) -> None:
    (tmp_path / "keyring.json").write_text(damage)
    assert KeyringStore(tmp_path).get("cloud.key") is None


def test_a_keyring_that_forgets_is_found_out(tmp_path: Path) -> None:
    # conftest chooses the null backend, which takes everything and keeps nothing.
    with pytest.raises(ConfigurationError, match="did not store"):
        KeyringStore(tmp_path).put("cloud.key", Secret("s3cret"))
    assert not (tmp_path / "keyring.json").exists()


def test_without_a_backend_the_hint_is_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring.backends.fail
    import keyring.core

    backend = keyring.backends.fail.Keyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    store = KeyringStore(tmp_path)
    assert store.look_up("cloud.key") is None
    with pytest.raises(
        ConfigurationError, match="no keyring on this machine"
    ) as caught:
        store.put("cloud.key", Secret("s3cret"))
    assert "environment variable" in (caught.value.hint or "")


def test_a_locked_keyring_is_told_on_every_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring.core

    monkeypatch.setattr(keyring.core, "_keyring_backend", LockedKeyring())
    store = KeyringStore(tmp_path)
    with pytest.raises(ConfigurationError, match="locked"):
        store.put("cloud.key", Secret("s3cret"))
    with pytest.raises(ConfigurationError, match="locked"):
        store.remove("cloud.key")
