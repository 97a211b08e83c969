"""A submission that is killed again and again: nothing is lost, nothing doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from tests.crashing import Crashes, listed, recordings_in, shell_for
from tests.emulating import KEY, emulated


@pytest.mark.conformance("CO-02")
def test_processes_killed_at_any_moment_submit_every_recording_once(
    tmp_path: Path,
) -> None:
    with emulated("soniox") as service, shell_for(service, tmp_path / "home") as shell:
        crashes = Crashes(
            shell,
            service,
            recordings_in(tmp_path / "calls", 60),
            Random(1),
            longest=0.12,
        )
        crashes.submit(kills=30)
        crashes.check()
        assert shell.kills >= 10


@pytest.mark.conformance("CO-02")
def test_lost_answers_are_looked_for_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    with (
        emulated("soniox", "lose-answer:7") as service,
        shell_for(service, tmp_path / "home") as shell,
    ):
        crashes = Crashes(
            shell,
            service,
            recordings_in(tmp_path / "calls", 6),
            Random(3),
            longest=0.12,
        )
        crashes.submit(kills=10)
        crashes.check()


@pytest.mark.conformance("CO-02")
def test_a_full_disk_stops_the_run_before_anything_is_sent_that_is_not_written(
    tmp_path: Path,
) -> None:
    with emulated("soniox") as service, shell_for(service, tmp_path / "home") as shell:
        recordings = recordings_in(tmp_path / "calls", 12)
        crashes = Crashes(shell, service, recordings, Random(4))
        shell("status")  # so that there is a ledger
        stopped = 0
        for more in (2_000, 20_000, 40_000, 60_000, 30_000, 50_000):
            size = max(f.stat().st_size for f in shell.ledger.parent.iterdir())
            code = shell(*crashes.submission, room=size + more)
            assert code in (0, 2), shell.errors()
            stopped += "cannot write to the ledger;" in shell.errors()
        assert stopped > 1
        crashes.finish()
        crashes.check()


@pytest.mark.conformance("CO-02")
def test_two_shells_that_submit_the_same_folder_make_each_job_once(
    tmp_path: Path,
) -> None:
    recordings = recordings_in(tmp_path / "calls", 12)
    with emulated("soniox", "slow:0.01") as service:
        with (
            shell_for(service, tmp_path / "home") as one,
            shell_for(service, tmp_path / "home", "two") as two,
        ):
            where = ("-p", "soniox", "--endpoint", service.url, "-j", "3")
            command = ("batch", "submit", *where, str(tmp_path / "calls"))
            codes: list[int] = []
            shells = [
                threading.Thread(target=lambda s=shell: codes.append(s(*command)))
                for shell in (one, two)
            ]
            for thread in shells:
                thread.start()
            for thread in shells:
                thread.join()
            assert codes == [0, 0], one.errors() + two.errors()
            ids = one.lines()
            assert ids == two.lines()
            assert len(set(ids)) == len(recordings)
            assert one("batch", "resume") == 0
            assert "nothing left" in one.errors()
        assert len(listed(service, "transcriptions")) == len(recordings)
        assert len(service.all("upload")) == len(recordings)
        assert sorted(one.kept_ids()["transcription_id"]) == sorted(ids)


@pytest.mark.conformance("CO-02", "CO-09")
def test_a_signal_leaves_the_rest_planned_and_says_how_to_go_on(
    tmp_path: Path, stt_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONIOX_API_KEY", KEY)
    recordings = recordings_in(tmp_path / "calls", 6)
    stt = [sys.executable, "-m", "stt_cli", "batch"]
    with emulated("soniox", "slow:0.2") as service:
        where = ["-p", "soniox", "--endpoint", service.url]
        process = subprocess.Popen(
            [*stt, "submit", *where, *map(str, recordings)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        service.journal.wait_for("create", 2)
        process.send_signal(signal.SIGTERM)
        told, errors = process.communicate(timeout=30)
        assert process.returncode == 143, errors
        assert 1 <= len(told.split()) <= 4
        left = len(recordings) - len(told.split())
        assert f"{left} of 6 are not submitted" in errors
        assert "stt batch resume" in errors
        done = subprocess.run(
            [*stt, "resume", "-j", "3"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.split()) == left
        jobs = listed(service, "transcriptions")
        assert {job["id"] for job in jobs} == {*told.split(), *done.stdout.split()}
        assert len(jobs) == len(recordings)
        assert len(service.all("upload")) == len(recordings)
