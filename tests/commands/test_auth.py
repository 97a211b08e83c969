"""``stt auth``: keys go into the keyring and out of everything again."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.keyring_backend import FileKeyring, LockedKeyring

CANARY = "canary-0b5f9a1c77"
Config = Callable[[str], Path]


def files_with(folder: Path, text: str) -> list[str]:
    """Return every file below a folder, whatever its kind, that contains a text."""
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes()
    ]


@pytest.mark.conformance("CO-18")
@pytest.mark.usefixtures("cloud")
def test_a_key_is_saved_and_after_removal_in_no_file(
    stt: Runner, config_file: Config, file_keyring: FileKeyring, tmp_path: Path
) -> None:
    done = stt("auth", "set", "cloud", stdin=f"{CANARY}\n".encode())
    assert (done.status, done.stdout) == (0, b"")
    assert "stored cloud key in test file" in done.stderr
    assert file_keyring.get_password("stt", "cloud.key") == CANARY
    kept = files_with(tmp_path, CANARY)
    assert kept == [str(tmp_path / "keyring-of-the-test.json")]
    # A user may have it in the file too, in a profile and outside.
    path = config_file(f'[cloud]\nkey = "{CANARY}"\n[profile.w.cloud]\nregion = "n"\n')
    assert "keyring, also in config file" in stt("auth", "status", "cloud").text
    gone = stt("auth", "remove", "cloud")
    assert gone.status == 0
    assert "removed cloud key from the keyring" in gone.stderr
    assert "removed cloud key from the config file" in gone.stderr
    assert files_with(tmp_path, CANARY) == []
    assert "region" in path.read_text()


@pytest.mark.conformance("CO-18")
@pytest.mark.usefixtures("installed_cloud")
def test_processes_of_their_own_save_and_remove_it_too(
    stt_process: Runner, file_keyring: FileKeyring, tmp_path: Path
) -> None:
    done = stt_process("auth", "set", "cloud", "key", stdin=CANARY.encode())
    assert done.status == 0, done.stderr
    assert files_with(tmp_path, CANARY) == [str(file_keyring.path)]
    listed = json.loads(stt_process("auth", "status", "cloud", "--json").text)
    assert listed[0]["origin"] == "keyring"
    assert stt_process("auth", "remove", "cloud").status == 0
    assert files_with(tmp_path, CANARY) == []


@pytest.mark.usefixtures("cloud", "file_keyring")
def test_every_secret_of_the_provider_goes_unless_one_is_named(stt: Runner) -> None:
    stt("auth", "set", "cloud", "key", stdin=b"first-key")
    stt("auth", "set", "cloud", "token", stdin=b"first-token")
    stt("auth", "remove", "cloud", "key")
    origins = {
        entry["setting"]: entry["origin"]
        for entry in json.loads(stt("auth", "status", "--json").text)
    }
    assert origins == {"key": None, "token": "keyring"}
    stt("auth", "remove", "cloud")
    assert "not set (CLOUD_TOKEN)" in stt("auth", "status").text
    again = stt("auth", "remove", "cloud")
    assert (again.status, again.stderr) == (0, "notice: no cloud key is stored\n")


@pytest.mark.usefixtures("cloud", "file_keyring")
def test_a_profile_keeps_a_key_of_its_own_and_may_be_nothing_but_that(
    stt: Runner,
) -> None:
    assert stt("auth", "status", "--profile", "work").status == 2
    stt("auth", "set", "cloud", "token", "--profile", "work", stdin=b"work-token")
    assert stt("auth", "status", "cloud", "--profile", "work").status == 0
    assert stt("auth", "status", "cloud").status == 4


@pytest.mark.usefixtures("cloud", "file_keyring")
def test_a_variable_that_goes_before_it_is_told(stt: Runner) -> None:
    env = {"CLOUD_KEY": "other-key"}
    done = stt("auth", "set", "cloud", stdin=b"some-key", env=env)
    assert "the environment variable CLOUD_KEY overrides it" in done.stderr
    done = stt("auth", "remove", "cloud", env=env)
    assert (
        "warning: the environment variable CLOUD_KEY still provides one" in done.stderr
    )


@pytest.mark.usefixtures("cloud", "file_keyring")
@pytest.mark.parametrize(
    ("arguments", "stdin", "message", "hint"),
    [
        (("cloud",), b"", "no key given", "pipe it in"),
        (("cloud",), b" \n", "no key given", "pipe it in"),
        (
            ("cloud",),
            b"one\ntwo\n",
            "contains a line break (character 4)",
            "on one line",
        ),
        (
            ("cloud",),
            b"a\x1b[2Jb",
            "contains a control character (character 2)",
            "on one line",
        ),
        (("cloud",), b"x" * 70_000, "too long", "on one line"),
        (("cloud",), b"\xff\xfe\x00", "not text", "just the key"),
        (("cloud", "tokn"), b"x", "no secret named tokn", "did you mean token?"),
        (
            ("cloud", "region"),
            b"x",
            "no secret named region",
            "config set cloud.region",
        ),
        (("cloud", "zzz"), b"x", "no secret named zzz", "choose from key, token"),
        (("local",), b"x", "local does not need a key", "stt providers"),
        (("clowd",), b"x", "unknown provider", "did you mean cloud?"),
    ],
)
def test_what_is_no_key_is_refused(
    stt: Runner,
    file_keyring: FileKeyring,
    arguments: tuple[str, ...],
    stdin: bytes,
    message: str,
    hint: str,
) -> None:
    done = stt("auth", "set", *arguments, stdin=stdin)
    assert (done.status, done.stdout) == (2, b"")
    assert message in done.stderr
    assert hint in done.stderr
    assert not file_keyring.path.exists()


@pytest.mark.usefixtures("cloud")
def test_without_stdin_nothing_is_asked(stt: Runner) -> None:
    import io

    from stt_cli.app import run
    from stt_cli.core.environment import Directories, Environment

    environment = Environment(
        variables=os.environ,
        directories=Directories.named_by(os.environ),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )
    assert run(["auth", "set", "cloud"], environment) == 2
    assert "stdin is closed" in environment.stderr.getvalue()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("cloud")
def test_a_keyring_that_cannot_keep_it_is_told(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = stt("auth", "set", "cloud", stdin=CANARY.encode())  # the null backend
    assert done.status == 2
    assert "did not store the key" in done.stderr
    assert "environment variable" in done.stderr
    import keyring.core

    monkeypatch.setattr(keyring.core, "_keyring_backend", LockedKeyring())
    for verb in ("set", "remove", "status"):
        done = stt("auth", verb, "cloud", stdin=CANARY.encode())
        assert done.status == 2
        assert "the collection is locked" in done.stderr
        assert CANARY not in done.stderr


@pytest.mark.usefixtures("cloud", "file_keyring")
def test_a_key_put_there_by_another_program_is_found_by_status(
    stt: Runner, file_keyring: FileKeyring
) -> None:
    file_keyring.set_password("stt", "cloud.token", "from-elsewhere")
    assert stt("auth", "status", "cloud").status == 0
    assert stt("providers").lines[1].endswith("\tready")


@pytest.mark.usefixtures("installed_cloud")
def test_a_terminal_is_asked_without_echo(
    file_keyring: FileKeyring, tmp_path: Path
) -> None:
    shown = typed_into(
        [sys.executable, "-m", "stt_cli", "auth", "set", "cloud", "key"], CANARY
    )
    assert "cloud key: " in shown
    assert CANARY not in shown
    assert file_keyring.get_password("stt", "cloud.key") == CANARY


def typed_into(command: list[str], text: str) -> str:
    """Run a command on a terminal of its own, type a line, return what it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(command[0], command)
    shown, typed, end = b"", False, time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            block = os.read(terminal, 4096)
        except OSError:  # Linux: the other side is closed
            break
        if not block:
            break
        shown += block
        if not typed and shown.rstrip().endswith(b":"):
            os.write(terminal, text.encode() + b"\n")
            typed = True
    os.waitpid(pid, 0)
    os.close(terminal)
    return shown.decode()
