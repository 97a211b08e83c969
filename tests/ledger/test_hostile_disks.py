"""A full disk and folders that belong to someone else end no run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import LedgerQuery, open_ledger
from tests.conftest import Runner
from tests.state_fixtures import EnvironmentFactory

FULL_DISK = """
import resource, sys
from stt_cli.core.environment import Environment
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import open_ledger

heard = []
ledger = open_ledger(Environment.of_this_process(), warn=heard.append)
# No file may grow beyond this: what a full disk says, without mounting one.
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for number in range(2000):
    entry = ledger.begin("recognize", "local", f"{number}.wav")
    entry.learn(Identifiers.of(session_id=f"s-{number}"))
    if heard:
        break
    print(f"s-{number}")
entry.finish("success")
ledger.begin("recognize", "local", "after").finish("success")
ledger.close()
assert len(heard) == 1, heard
print(heard[0].message, heard[0].hint, file=sys.stderr)
"""


@pytest.mark.parametrize("room", [40_000, 90_000, 200_000])
def test_a_full_disk_is_told_once_and_nothing_written_before_is_lost(
    make_environment: EnvironmentFactory, room: int
) -> None:
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "local", "before").finish("success")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(room)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "the ledger cannot be written" in done.stderr
    assert "keep the IDs printed here" in done.stderr
    with open_ledger(make_environment()) as ledger:
        kept = {row.ids.session_id for row in ledger.search(LedgerQuery())}
        assert ledger.notice is None
        assert {row.input for row in ledger.search(LedgerQuery())} >= {"before"}
    assert set(done.stdout.split()) <= kept


AS_NOBODY = """
import os, sys
from stt_cli.app import run
from stt_cli.providers import registry
home, arguments = sys.argv[1], sys.argv[2:]
# Once as ourselves, so that all modules are loaded: another user may not be
# able to read the folder that this program lies in.
installed = registry._entry_points()
registry._entry_points = lambda: installed
run(arguments)
sys.stdout.write("--- as nobody\\n")
sys.stderr.write("--- as nobody\\n")
os.environ["STT_HOME"] = home
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
status = run(arguments)
sys.stdout.flush()
os._exit(status)
"""


@pytest.fixture
def others_home() -> Iterator[Path]:
    """A folder that everyone may look into and only its owner may change."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        Path(folder).chmod(0o755)
        home.chmod(0o755 if os.getuid() == 0 else 0o555)
        yield home
        home.chmod(0o755)


def as_nobody(home: Path, *arguments: str) -> tuple[int, str, str]:
    """Run ``stt`` as a user who may not write below ``home``."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(home), *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    mark = "--- as nobody\n"
    return (
        done.returncode,
        done.stdout.partition(mark)[2],
        done.stderr.partition(mark)[2],
    )


def test_without_a_writable_folder_the_run_goes_on_and_says_so(
    others_home: Path,
) -> None:
    status, out, err = as_nobody(others_home, "history", "--json")
    assert (status, out) == (0, "[]\n")
    assert f"warning: cannot use the ledger {others_home}/state/ledger.sqlite" in err
    assert "Permission denied" in err
    assert "hint: make the folder writable, or set STT_HOME" in err


def test_a_setting_that_cannot_be_saved_is_a_configuration_error(
    others_home: Path,
) -> None:
    status, out, err = as_nobody(others_home, "config", "set", "language", "de-DE")
    assert (status, out) == (2, "")
    assert f"{others_home}/config/config.toml" in err
    assert "hint: make the folder writable" in err


def test_a_config_file_that_may_not_be_read_is_told(others_home: Path) -> None:
    path = others_home / "config" / "config.toml"
    others_home.chmod(0o755)
    path.parent.mkdir()
    path.write_text('language = "de-DE"\n')
    path.chmod(0)
    status, _, err = as_nobody(others_home, "config", "list")
    assert status == 2
    assert f"cannot read {path}: Permission denied" in err
    assert "hint: check the file's permissions" in err


def test_the_folder_of_another_user_is_not_chmodded(
    make_environment: EnvironmentFactory, others_home: Path
) -> None:
    # Someone else's ledger that we may write (a shared folder) keeps its mode.
    state = others_home / "state"
    others_home.chmod(0o755)
    state.mkdir()
    state.chmod(0o777)
    status, out, err = as_nobody(others_home, "history", "--json")
    assert (status, out, err) == (0, "[]\n", "")
    if os.getuid() == 0:
        assert state.stat().st_mode & 0o777 == 0o777


def test_ids_learned_by_a_command_are_found_by_the_next(
    stt: Runner, make_environment: EnvironmentFactory
) -> None:
    with open_ledger(make_environment()) as ledger:
        entry = ledger.begin("recognize", "local", "a.wav")
        entry.learn(Identifiers.of(session_id="abc-1"))
    assert "abc-1" in stt("history").text


def test_a_full_disk_under_stdout_is_told() -> None:
    for arguments in (["config", "path"], ["history", "--json"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "stt_cli", *arguments],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert done.stderr == (
            "error: cannot write the output: No space left on device\n"
            "hint: free up disk space, or send the output elsewhere\n"
        )


def test_without_home_runs_go_on_and_the_user_is_told_to_set_one(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("STT_HOME")

    def nobody_known(_uid: int) -> None:
        raise KeyError("no such user")

    monkeypatch.setattr("pwd.getpwuid", nobody_known)
    done = stt("history")
    assert (done.status, done.stdout) == (0, b"")
    assert "set STT_HOME" in done.stderr
