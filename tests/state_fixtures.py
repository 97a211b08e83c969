"""Environments, keyrings and a sample provider for tests of settings and ledger."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stt_cli.core.environment import Directories, Environment
from stt_cli.providers.spec import ProviderSpec
from tests.conftest import Outcome, Runner
from tests.sample_provider import SPEC

if TYPE_CHECKING:
    from tests.keyring_backend import FileKeyring

EnvironmentFactory = Callable[..., Environment]


@pytest.fixture
def make_environment() -> EnvironmentFactory:
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
def config_file(stt_home: Path) -> Callable[[str], Path]:
    """Write the config file."""

    def write(text: str) -> Path:
        path = stt_home / "config" / "config.toml"
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


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> ProviderSpec:
    """Make the sample provider one of ours, in this process."""
    monkeypatch.setattr(
        "stt_cli.providers.registry._OURS",
        {
            "local": "stt_cli.providers.local.spec:SPEC",
            "cloud": "tests.sample_provider:SPEC",
        },
    )
    return SPEC


@pytest.fixture
def installed_cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProviderSpec:
    """Install the sample provider for processes, as a third party's package is."""
    site = tmp_path / "site"
    metadata = site / "acme_speech-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Name: acme-speech\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[stt.providers]\ncloud = tests.sample_provider:SPEC\n"
    )
    house = Path(__file__).parent.parent
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{house}")
    return SPEC


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def stt_terminal() -> Runner:
    """Run ``stt`` inside this process, stdout and stderr being terminals."""
    from stt_cli.app import run as run_app

    def run(*arguments: str, env: dict[str, str] | None = None) -> Outcome:
        variables = {"TERM": "xterm", **os.environ, **(env or {})}
        stdout, stderr = _Terminal(), _Terminal()
        environment = Environment(
            variables=variables,
            directories=Directories.named_by(variables),
            stdin=io.BytesIO(),
            stdout=stdout,
            stderr=stderr,
        )
        status = run_app(list(arguments), environment)
        return Outcome(status, stdout.getvalue().encode(), stderr.getvalue())

    return run
