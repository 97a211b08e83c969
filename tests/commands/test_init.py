"""``stt init`` on a real pseudo-terminal: every answer lands where it belongs."""

from __future__ import annotations

import json
import stat
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.keyring_backend import FileKeyring
from tests.ui.terminal import Session

SECRET = "canary-key-0123456789abcdef"


@contextmanager
def conversation(env: dict[str, str] | None = None) -> Iterator[Session]:
    command = [sys.executable, "-m", "stt_cli", "init"]
    with Session(
        command, rows=60, env={"SHELL": "/bin/bash", **(env or {})}
    ) as session:
        yield session


def answer(session: Session, question: str, keys: str) -> None:
    shown = session.look(lambda text: text.rstrip().endswith(f"{question}:"))
    assert question in shown
    session.type(keys + "\n")


def config_of(home: Path) -> dict[str, object]:
    return tomllib.loads((home / "config" / "config.toml").read_text())


def test_enter_throughout_is_a_working_set_up(stt_home: Path) -> None:
    with conversation() as session:
        answer(session, "Provider [local]", "")
        answer(session, "Language of your recordings [en-US]", "")
        assert session.wait() == 0
        assert "Done. Next, try: stt recognize FILE" in session.text
        assert "stt completion bash" in session.text
    assert config_of(stt_home) == {"provider": "local", "language": "en-US"}


def test_a_key_goes_into_the_keyring_and_never_on_the_screen(
    stt_home: Path, file_keyring: FileKeyring
) -> None:
    with conversation() as session:
        answer(session, "Provider [local]", "azure")
        answer(session, "azure key (hidden)", SECRET)
        session.look(lambda text: "Stored in" in text)
        session.look(lambda text: text.rstrip().endswith(":"))
        session.type("westeurope\n")
        answer(session, "Language of your recordings [en-US]", "de-DE")
        assert session.wait() == 0
        assert SECRET not in session.text
    assert config_of(stt_home) == {
        "provider": "azure",
        "language": "de-DE",
        "azure": {"region": "westeurope"},
    }
    assert SECRET in json.dumps(json.loads(file_keyring.path.read_text()))


def test_without_a_keyring_the_file_is_asked_for_and_private(stt_home: Path) -> None:
    with conversation() as session:
        answer(session, "Provider [local]", "soniox")
        answer(session, "(hidden)", SECRET)
        session.look(lambda text: "[y/N]" in text)
        assert "which only you can read" in session.text.replace("\n", "")
        session.type("y\n")
        answer(session, "Language of your recordings [en-US]", "")
        assert session.wait() == 0
        assert SECRET not in session.text
    path = stt_home / "config" / "config.toml"
    assert SECRET in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_may_not_be_written_is_not(stt_home: Path) -> None:
    with conversation() as session:
        answer(session, "Provider [local]", "soniox")
        answer(session, "(hidden)", SECRET)
        session.look(lambda text: "[y/N]" in text)
        session.type("\n")
        answer(session, "Language of your recordings [en-US]", "")
        assert session.wait() == 0
        assert "Set SONIOX_API_KEY" in session.text
    assert SECRET not in (stt_home / "config" / "config.toml").read_text()


def test_a_wrong_answer_is_asked_for_again_but_not_for_ever(stt_home: Path) -> None:
    with conversation() as session:
        answer(session, "Provider [local]", "azzure")
        session.look(lambda text: "unknown provider 'azzure'" in text)
        for _ in range(4):
            answer(session, "Provider [local]", "nobody")
        assert session.wait() == 2


def test_ctrl_c_keeps_what_was_answered(stt_home: Path) -> None:
    with conversation() as session:
        answer(session, "Provider [local]", "local")
        session.look(lambda text: "Language of" in text)
        session.type("\x03")
        assert session.wait() == 130
        assert session.echoes
    assert config_of(stt_home) == {"provider": "local"}


@pytest.mark.parametrize("stdin", [b"", b"azure\n"])
def test_without_a_terminal_nothing_is_asked_or_changed(
    stt_process: Runner, stt_home: Path, stdin: bytes
) -> None:
    done = stt_process("init", stdin=stdin)
    assert done.status == 0
    assert "needs a terminal" in done.stderr
    assert not (stt_home / "config" / "config.toml").exists()
