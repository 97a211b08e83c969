"""Worlds, keyrings and a sample provider for tests of settings and ledger."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stt_cli.core.environment import Directories, Environment
from stt_cli.providers.base import Capability, ProviderSpec, SettingSpec

if TYPE_CHECKING:
    from tests.keyring_backend import FileKeyring

SPEC = ProviderSpec(
    name="cloud",
    title="Cloud Speech",
    summary="a service for tests",
    factory="tests.nowhere:make",
    capabilities=frozenset({Capability.RECOGNIZE}),
    settings=(
        SettingSpec("key", ("CLOUD_SPEECH_KEY", "CLOUD_KEY"), "key", secret=True),
        SettingSpec("region", ("CLOUD_REGION",), "region"),
        SettingSpec("token", ("CLOUD_TOKEN",), "token", secret=True),
        SettingSpec("upload_url", ("CLOUD_UPLOAD_URL",), "where files go"),
    ),
    needs=(("key", "region"), ("token",)),
)

Worlds = Callable[..., Environment]


@pytest.fixture
def world() -> Worlds:
    """Make an environment; variables are the test's own and those given."""

    def make(variables: dict[str, str] | None = None, **more: Any) -> Environment:
        known = {**os.environ, **(variables or {})}
        return Environment(
            variables=known,
            directories=Directories.named_by(known),
            stdin=io.BytesIO(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            **more,
        )

    return make


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    """A clock at 2026-11-20T14:00:00Z."""
    return Clock()


@pytest.fixture
def config_file(own_world: Path) -> Callable[[str], Path]:
    """Write the config file."""

    def write(text: str) -> Path:
        path = own_world / "config" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def file_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileKeyring:
    """Choose a keyring that keeps its entries in a file, for processes as well."""
    import keyring.core

    from tests.keyring_backend import FileKeyring

    path = tmp_path / "keyring-of-the-test.json"
    backend = FileKeyring(path)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyring_backend.FileKeyring")
    monkeypatch.setenv("STT_TEST_KEYRING", str(path))
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend
