"""An environment of its own for every test, and the conformance summary at the end."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

# A machine that many share is slow now and then; that is no failure.
settings.register_profile(
    "stt", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# A failure is enough there (tests/mutation.py): which one does not matter.
settings.register_profile(
    "mutation",
    settings.get_profile("stt"),
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("stt")

# A wrapper's `nohup … &` ignores what programs that tests start must obey; a child
# inherits that, though no handler.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _number in (signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)

pytest_plugins = [
    "tests.conformance",
    "tests.state_fixtures",
    "tests.postgres_server",
]

_KEPT_VARIABLES = ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT", "TMPDIR")


@pytest.fixture(autouse=True)
def stt_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every folder of ``stt`` into the test's own, and forget credentials."""
    home = tmp_path / "stt-home"
    for name in list(os.environ):
        if name not in _KEPT_VARIABLES and not name.startswith(("PYTEST_", "COV_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("STT_HOME", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TZ", "Pacific/Chatham")
    # Without a desktop session keyring would look for one; tests that need a
    # keyring choose a backend of their own.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        real_connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@dataclass(frozen=True)
class Outcome:
    """What a run of ``stt`` left behind."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.stdout.decode()

    @property
    def lines(self) -> list[str]:
        """Standard output, line by line."""
        return self.text.splitlines()


Runner = Callable[..., Outcome]


@pytest.fixture
def stt_process() -> Runner:
    """Run ``stt`` as a process of its own, as a shell would."""

    def run(
        *arguments: str | Path,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        timeout: float = 120,
    ) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "stt_cli", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            timeout=timeout,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr.decode())

    return run


class _Stdout(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)


@pytest.fixture
def stt() -> Runner:
    """Run ``stt`` in this process: fast, in an environment that a test may change."""
    from stt_cli.app import run as run_app
    from stt_cli.core.environment import Directories, Environment

    def run(
        *arguments: str | Path,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        **given: Any,
    ) -> Outcome:
        variables = {**os.environ, **(env or {})}
        stdout, stderr = _Stdout(), _Stdout()
        environment = Environment(
            variables=variables,
            directories=Directories.named_by(variables),
            stdin=io.BytesIO(stdin),
            stdout=stdout,
            stderr=stderr,
            **given,
        )
        status = run_app([str(argument) for argument in arguments], environment)
        return Outcome(
            status,
            stdout.buffer.getvalue(),  # type: ignore[attr-defined]
            stderr.buffer.getvalue().decode(),  # type: ignore[attr-defined]
        )

    return run
