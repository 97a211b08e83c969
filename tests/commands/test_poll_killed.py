"""``poll`` killed at any moment and run again, and two shells at once: real processes.

Every transcript is written exactly once and none is lost.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Outcome, Runner
from tests.emulating import KEY, Emulated, emulated


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    """An emulated Soniox that every process of the test talks to."""
    with emulated("soniox", "slow:0.01", transcripts=texts(500)) as service:
        monkeypatch.setenv("SONIOX_API_KEY", KEY)
        monkeypatch.setenv("STT_SONIOX_ENDPOINT", service.url)
        monkeypatch.setenv("STT_PROVIDER", "soniox")
        yield service


def texts(count: int) -> tuple[str, ...]:
    return tuple(f"Recording number {number}." for number in range(count))


def submit(stt: Runner, count: int, folder: str = "calls") -> list[str]:
    """Submit recordings of different names; return the IDs of the jobs."""
    names = [f"https://x.example/{folder}/{number}.wav" for number in range(count)]
    done = stt("batch", "submit", *names, "-j", "8", "-q")
    assert done.status == 0, done.stderr
    return done.lines


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def files(out: Path) -> dict[str, str]:
    """Return the visible files of a folder with their transcripts."""
    found = out.glob("[!.]*") if out.exists() else iter(())
    return {path.name: json.loads(path.read_text())["text"] for path in found}


def kill_when_there_are(process: subprocess.Popen[str], out: Path, count: int) -> bool:
    """Kill a process once a folder has so many files; whether it was still there."""
    give_up = time.monotonic() + 60
    while process.poll() is None:
        assert time.monotonic() < give_up
        if len(files(out)) >= count:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.002)
    return False


def open_jobs(stt: Runner) -> list[str]:
    return [line.split("\t")[0] for line in stt("status").lines]


@pytest.mark.conformance("CO-11")
@pytest.mark.parametrize("seed", [1])
def test_poll_killed_at_any_moment_loses_and_doubles_nothing(
    stt: Runner, environment: Emulated, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    count, out = 30, tmp_path / "out"
    submit(stt, count)
    poll = ("poll", "--all", "-f", "json", "-o", f"{out}/", "-j", "3")
    kills = 0
    while True:
        before = files(out)
        with started(*poll) as process:
            wanted = len(before) + chance.randint(1, 10)
            time.sleep(chance.random() * 0.005)
            killed = kill_when_there_are(process, out, wanted)
            if not killed:
                break
        kills += 1
        # What is there stays as it is.
        assert before.items() <= files(out).items()
        if chance.random() < 0.3:
            stt("status")  # another shell sees what has ended meanwhile
    assert process.returncode == 0
    assert kills >= 4
    assert sorted(files(out).values()) == sorted(texts(count))
    assert open_jobs(stt) == []


@pytest.mark.conformance("CO-11")
def test_a_poll_killed_between_the_file_and_the_ledger_writes_it_once(
    stt: Runner, environment: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stt_cli.workflows.jobs.context import JobContext

    submit(stt, 3)
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(JobContext, "collected", lambda *_: None)
        assert stt("poll", "--all", "-f", "json", "-o", f"{out}/").status == 0
    written = {path: path.read_bytes() for path in out.iterdir()}
    assert len(open_jobs(stt)) == 3
    assert stt("poll", "--all", "-f", "json", "-o", f"{out}/").status == 0
    assert {path: path.read_bytes() for path in out.iterdir()} == written
    assert open_jobs(stt) == []


@pytest.mark.conformance("CO-11")
def test_two_shells_that_poll_the_same_jobs_double_nothing_and_do_not_fail(
    stt: Runner, environment: Emulated, tmp_path: Path
) -> None:
    count, out = 60, tmp_path / "out"
    submit(stt, count)
    poll = ("poll", "--all", "-f", "json", "-o", f"{out}/")
    with started(*poll) as one, started(*poll) as other:
        errors = [process.communicate(timeout=60)[1] for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), errors
    assert sorted(files(out).values()) == sorted(texts(count))
    assert open_jobs(stt) == []


@pytest.mark.conformance("CO-11")
def test_what_another_shell_saw_end_is_fetched_all_the_same(
    stt: Runner, environment: Emulated, tmp_path: Path
) -> None:
    submit(stt, 2)
    states = [line.split("\t")[1] for line in stt("status").lines]
    assert [state.split()[0] for state in states] == ["succeeded"] * 2
    assert stt("poll", "--all", "--no-results").status == 0
    assert stt("poll", "--all", "-f", "json", "-o", f"{tmp_path}/out/").status == 0
    assert len(files(tmp_path / "out")) == 2
    assert stt("poll", "--all").text == ""


@pytest.mark.conformance("CO-11")
@pytest.mark.conformance("CO-09")
def test_the_time_out_of_many_names_what_goes_on_from_any_shell(
    stt: Runner, stt_process: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with emulated("soniox", delay=3600, transcripts=texts(9)) as service:
        monkeypatch.setenv("SONIOX_API_KEY", KEY)
        where = ("-p", "soniox", "--endpoint", service.url)
        names = [f"https://x.example/{number}.wav" for number in range(9)]
        ids = stt("batch", "submit", *names, *where, "-q").lines
        out = f"{tmp_path}/the results/"
        late = stt_process(
            "poll", "--all", *where, "-o", out, "-f", "srt", "--timeout", "0.5"
        )
        assert late.status == 7
        for job_id in ids:
            assert job_id in late.stderr
        assert (
            f"to keep waiting, run: stt poll --all -p soniox --endpoint {service.url} "
            f"-f srt -o '{out}'"
        ) in late.stderr
        assert "0 of 9 finished, 9 still running" in late.stderr
        few = stt_process("poll", *ids[:2], "--timeout", "0.5")
        assert f"to keep waiting, run: stt poll {ids[0]} {ids[1]}\n" in few.stderr


def outcome_of(process: subprocess.Popen[str]) -> Outcome:
    told, errors = process.communicate(timeout=60)
    return Outcome(process.returncode, told.encode(), errors)


@pytest.mark.conformance("CO-09")
def test_ctrl_c_keeps_what_was_fetched_and_leaves_the_jobs_alone(
    stt: Runner, environment: Emulated, tmp_path: Path
) -> None:
    ids = submit(stt, 40)
    out = tmp_path / "out"
    with started("poll", "--all", "-o", f"{out}/", "-f", "json", "-j", "2") as process:
        give_up = time.monotonic() + 60
        while len(files(out)) < 3:
            assert time.monotonic() < give_up
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        done = outcome_of(process)
    assert done.status == 130
    assert f"to keep waiting, run: stt poll --all -f json -o {out}/" in done.stderr
    left = open_jobs(stt)
    assert 0 < len(left) < 40
    assert len(files(out)) == 40 - len(left)
    assert set(left) < set(ids)
    assert not list(out.glob(".*"))  # what was being written was brought to its end


@pytest.mark.conformance("CO-11")
def test_hundreds_of_jobs_cost_a_list_now_and_then_and_a_request_a_result(
    stt: Runner, environment: Emulated, tmp_path: Path
) -> None:
    environment.faults.add("slow:0.001")
    submit(stt, 400)
    before = len(environment.log)
    done = stt("poll", "--all", "-o", f"{tmp_path}/out/")
    assert done.status == 0, done.stderr
    asked = environment.log[before:]
    results = [line for line in asked if line.endswith("/transcript 200")]
    assert len(results) == len(set(results)) == 400
    assert len(asked) - len(results) <= 12
    assert len(list((tmp_path / "out").iterdir())) == 400
    assert "400 of 400 finished" in done.stderr
