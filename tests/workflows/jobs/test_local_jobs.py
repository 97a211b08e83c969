"""This machine's jobs: kept whole, private, honest about a killed process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stt_cli.core.errors import NotFoundError, OutputError
from stt_cli.core.job import JobState
from stt_cli.workflows.jobs.local_jobs import LocalJobs, is_local
from tests.fake_time import fake_environment


@pytest.fixture
def own(tmp_path: Path) -> LocalJobs:
    return LocalJobs(fake_environment(home=tmp_path))


def test_a_folder_that_takes_no_files_is_told(own: LocalJobs, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(OutputError, match="cannot store the job in ") as told:
        own.begin("local", "a.wav")
    assert "STT_HOME" in (told.value.hint or "")


def test_a_job_runs_while_its_process_lives(own: LocalJobs) -> None:
    job = own.begin("local", "a.wav")
    assert is_local(job.id)
    assert own.get(job.id).job.state is JobState.RUNNING


_WORKER = """
import sys
from pathlib import Path
from stt_cli.workflows.jobs.local_jobs import LocalJobs
from tests.fake_time import fake_environment

jobs = LocalJobs(fake_environment(home=Path(sys.argv[1])))
print(jobs.begin("local", "a.wav").id, flush=True)
sys.stdin.read()
"""


def test_a_job_whose_process_was_killed_has_failed(
    own: LocalJobs, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout is not None
        job_id = worker.stdout.readline().strip()
        assert own.get(job_id).job.state is JobState.RUNNING
        worker.kill()
    seen = own.get(job_id).job
    assert seen.state is JobState.FAILED
    assert seen.error is not None
    assert "job ended without a result" in seen.error.message


def test_the_number_of_a_process_says_nothing(own: LocalJobs, tmp_path: Path) -> None:
    job = own.begin("local", "a.wav")
    file = tmp_path / "state" / "jobs" / f"{job.id}.json"
    data = json.loads(file.read_text())
    data["job"]["details"] = {"process": os.getpid()}  # an earlier version's
    file.write_text(json.dumps(data))
    assert own.get(job.id).job.state is JobState.FAILED


def test_a_job_that_was_left_running_has_failed(own: LocalJobs) -> None:
    job = own.begin("local", "a.wav")
    own.close()
    assert own.get(job.id).job.state is JobState.FAILED


@pytest.mark.parametrize("text", ["", "{", "[]", '{"job": {}}', "null"])
def test_a_damaged_file_is_told_and_does_not_hide_the_others(
    own: LocalJobs, tmp_path: Path, text: str
) -> None:
    good = own.begin("local", "a.wav")
    bad = own.begin("local", "b.wav")
    (tmp_path / "state" / "jobs" / f"{bad.id}.json").write_text(text)
    with pytest.raises(NotFoundError, match="is damaged"):
        own.get(bad.id)
    assert [job.id for job in own.all("local")] == [good.id]


@pytest.mark.parametrize("job_id", ["../../etc/passwd", "stt-", "stt-" + "g" * 32])
def test_an_id_that_is_not_ours_reads_no_file(own: LocalJobs, job_id: str) -> None:
    with pytest.raises(NotFoundError):
        own.get(job_id)


def test_jobs_of_another_provider_are_not_listed(own: LocalJobs) -> None:
    own.begin("azure", "a.wav")
    assert list(own.all("local")) == []


def test_without_a_folder_there_are_no_jobs(own: LocalJobs) -> None:
    assert list(own.all("local")) == []
