"""What a run leaves behind that is stopped in the middle, politely or not."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.errors import AudioError, InterruptedRun, OutOfTimeError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.ledger import open_ledger
from tests.conftest import Runner
from tests.emulating import KEY, emulated
from tests.providers.azure.realtime_kit import silence, tone

pytestmark = pytest.mark.usefixtures("parrot")

SESSION = re.compile(r"^session id: ([0-9a-f]{32})$", re.M)


@contextmanager
def waiting_run(
    recording: Path, tmp_path: Path, *more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a run that says two phrases and then waits for longer than a test."""
    ready = tmp_path / "ready"
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "recognize", str(recording), "-p", "parrot",
         "--param=say=one", "--param=say=two", "--param=wait=60",
         f"--param=touch={ready}", *more],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        wait_for(ready, process)
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(sign: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process has made this file."""
    give_up = time.monotonic() + 60
    while not sign.exists():
        assert time.monotonic() < give_up
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def newest_in_ledger() -> dict[str, Any]:
    with open_ledger(Environment.of_this_process()) as ledger:
        return ledger.recent(1)[0].to_dict()


@pytest.mark.conformance("CO-04", "CO-09", "CO-26")
@pytest.mark.parametrize(
    ("number", "status", "word"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "terminated"),
        (signal.SIGHUP, 129, "the terminal was closed"),
    ],
)
def test_a_polite_stop_prints_what_is_known_and_the_ids(
    recording: Path,
    tmp_path: Path,
    number: signal.Signals,
    status: int,
    word: str,
) -> None:
    with waiting_run(recording, tmp_path, "--json") as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    stderr = err.decode()
    known = json.loads(out)
    assert process.returncode == status
    assert known["status"] == "cancelled"
    assert known["error"]["code"] == "interrupted"
    session = known["ids"]["session_id"]
    assert stderr.count(f"session id: {session}\n") >= 1
    assert f"error: {word}\n" in stderr
    assert "Traceback" not in stderr
    row = newest_in_ledger()
    assert (row["ids"]["session_id"], row["status"]) == (session, "cancelled")


@pytest.mark.conformance("CO-09")
@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_the_second_signal_ends_a_clean_up_that_takes_too_long(
    recording: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    closing = tmp_path / "closing"
    with waiting_run(recording, tmp_path, f"--param=linger={closing}") as process:
        process.send_signal(number)
        wait_for(closing, process)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)  # the clean-up takes 60 s
    assert process.returncode == status
    assert SESSION.search(err.decode())
    assert b"Traceback" not in err


@pytest.mark.conformance("CO-01")
def test_an_id_is_on_stderr_and_in_the_ledger_before_the_answer(
    recording: Path, tmp_path: Path
) -> None:
    with waiting_run(recording, tmp_path) as process:
        process.kill()  # kill -9: no handler, no clean-up
        out, err = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert out == b""
    found = SESSION.search(err.decode())
    assert found
    row = newest_in_ledger()
    assert row["ids"]["session_id"] == found[1]
    assert row["status"] == "started"


def test_a_closed_pipe_ends_the_run_quietly(recording: Path, tmp_path: Path) -> None:
    arguments = [f"--param=say=phrase {number}" for number in range(2_000)]
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "recognize", str(recording), "-p", "parrot",
         *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"phrase 0\n"
    process.stdout.close()
    assert process.stderr is not None
    stderr = process.stderr.read().decode()
    assert process.wait(30) == 0
    assert "Traceback" not in stderr
    assert "BrokenPipe" not in stderr
    process.stderr.close()


def test_closed_standard_streams_are_no_crash(recording: Path) -> None:
    command = f'"{sys.executable}" -m stt_cli recognize "{recording}" -p parrot'
    for closing in ("<&-", "2>&-"):
        done = subprocess.run(
            ["sh", "-c", f"{command} --param=say=hello {closing}"],
            capture_output=True,
            check=False,
            env=dict(os.environ),
        )
        assert (done.returncode, done.stdout) == (0, b"hello\n")


def test_what_nohup_ignores_stays_ignored(recording: Path, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with waiting_run(recording, tmp_path) as process:
            process.send_signal(signal.SIGHUP)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert process.returncode == 143


def test_a_signal_before_or_behind_the_command_leaves_no_traceback(
    tmp_path: Path,
) -> None:
    """While modules are loaded, and after the last word, the system's way holds."""
    script = """
import os, signal, sys
import stt_cli.app as app
moment = sys.argv.pop(1)
def send():
    os.kill(os.getpid(), signal.SIGINT)
if moment == "before":
    class Finder:
        def find_spec(self, name, *_):
            if name == "stt_cli.app":
                send()
    del sys.modules["stt_cli.app"]
    sys.meta_path.insert(0, Finder())
else:
    import atexit
    atexit.register(send)
from stt_cli.__main__ import main
main()
"""
    for moment in ("before", "behind"):
        ended = subprocess.run(
            [sys.executable, "-c", script, moment, "session-id", "--new"],
            capture_output=True,
            check=False,
        )
        assert ended.returncode == -signal.SIGINT
        assert ended.stderr == b""
        assert bool(ended.stdout) == (moment == "behind")


@pytest.mark.parametrize(
    ("interruption", "failure", "status", "word"),
    [
        # Ctrl-C while a class is made is a RuntimeError to Python 3.11.
        (KeyboardInterrupt(), RuntimeError("__set_name__"), 130, "interrupted"),
        (InterruptedRun("terminated", exit_status=ExitStatus.TERMINATED),
         AudioError("PortAudio failed to start"), 143, "terminated"),
    ],
)  # fmt: skip
def test_an_interruption_taken_for_a_failure_is_one_all_the_same(
    stt: Runner, interruption: BaseException, failure: Exception, status: int, word: str
) -> None:
    def interrupt() -> NoReturn:
        try:
            raise interruption
        except BaseException as stop:
            raise failure from stop

    done = stt("session-id", "--new", new_uuid=interrupt)
    assert (done.status, done.stderr) == (status, f"error: {word}\n")


def test_what_follows_a_limit_is_no_interruption(stt: Runner) -> None:
    def run_out() -> NoReturn:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise OutOfTimeError("timed out") from None

    assert stt("session-id", "--new", new_uuid=run_out).status == 7


@pytest.mark.conformance("CO-22")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("provider", ["azure", "soniox", "local"])
def test_live_audio_on_stdin_ends_cleanly_while_its_reader_waits(
    provider: str, number: int
) -> None:
    # Python aborts (134) where it ends while a thread waits in its own stdin.
    with emulated(provider) if provider != "local" else nullcontext() as service:
        endpoint = ["--endpoint", service.url] if service else []
        variables = {"AZURE_SPEECH_KEY": KEY, "SONIOX_API_KEY": KEY}
        process = subprocess.Popen(
            [sys.executable, "-m", "stt_cli", "recognize", "-", "--raw-rate", "16000",
             "-p", provider, *endpoint],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **variables},
        )  # fmt: skip
        with process:
            assert process.stdin is not None
            assert process.stderr is not None
            process.stdin.write(tone(1) + silence(0.5))
            process.stdin.flush()
            assert b"session id: " in process.stderr.readline()
            time.sleep(0.3)  # the reader has what there is, and waits for more
            process.send_signal(number)
            assert process.wait(60) == 128 + number
            assert b"Fatal Python error" not in process.stderr.read()
