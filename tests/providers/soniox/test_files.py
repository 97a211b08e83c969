"""``stt batch files``: uploads that lie around, listed and removed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from stt_cli.core.errors import UnreachableError
from stt_cli.formats.schemas import schema_text
from tests.conftest import Outcome, Runner
from tests.emulating import Emulated, emulated
from tests.ui.terminal import Session


class Project:
    """A project at an emulated Soniox, looked at two hours later."""

    def __init__(self, stt: Runner, service: Emulated) -> None:
        self._stt, self.service = stt, service
        self.later = timedelta(hours=2)

    def __call__(self, *arguments: str | Path, **world: Any) -> Outcome:
        where = ("-p", "soniox", "--endpoint", self.service.url)
        world.setdefault("now", lambda: datetime.now(UTC) + self.later)
        return self._stt("batch", *arguments, *where, **world)

    def upload(self, name: str, size: int = 1000) -> str:
        answer = httpx.post(
            f"{self.service.url}/v1/files", files={"file": (name, bytes(size))}
        )
        return str(answer.json()["id"])

    def transcribe(self, file_id: str) -> str:
        body = {"model": "stt-async-v6", "file_id": file_id}
        answer = httpx.post(f"{self.service.url}/v1/transcriptions", json=body)
        return str(answer.json()["id"])

    def listed(self, *options: str) -> list[str]:
        done = self("files", *options, "--json")
        assert done.status == 0, done.stderr
        return [file["id"] for file in json.loads(done.text)]

    @property
    def deleted(self) -> list[str]:
        return [entry["id"] for entry in self.service.all("delete file")]


@pytest.fixture
def project(stt: Runner) -> Iterator[Project]:
    with emulated("soniox", key=None) as service:
        yield Project(stt, service)


@pytest.mark.conformance("SN-11")
def test_uploads_are_listed_with_the_jobs_that_use_them(project: Project) -> None:
    orphan = project.upload("old call.wav", 1500)
    used = project.upload("meeting.wav")
    job = project.transcribe(used)
    done = project("files")
    assert done.status == 0, done.stderr
    rows = [line.split("\t") for line in done.lines]
    assert [[row[0], row[1], *row[3:]] for row in rows] == [
        [used, "1.0 kB", job, "failed (error)", "meeting.wav", "file id"],
        [orphan, "1.5 kB", "", "", "old call.wav", "file id"],
    ]
    printed = json.loads(project("files", "--json").text)
    validator = jsonschema.Draft202012Validator(json.loads(schema_text("file")))
    for file in printed:
        validator.validate(file)
    assert (printed[0]["job"], printed[0]["size"]) == (job, 1000)


@pytest.mark.conformance("SN-11")
def test_a_file_is_removed_by_its_id_as_it_was_copied(project: Project) -> None:
    kept, gone = project.upload("a.wav"), project.upload("b.wav")
    done = project("files", "--delete", f"file id: {gone.upper()}")
    assert done.status == 0, done.stderr
    assert f"deleted {gone}" in done.stderr
    assert project.deleted == [gone]
    assert project.listed() == [kept]


@pytest.mark.conformance("SN-11")
def test_an_id_that_is_no_file_removes_nothing_and_stops_no_other(
    project: Project,
) -> None:
    file = project.upload("a.wav")
    job = project.transcribe(project.upload("b.wav"))
    unknown = "00000000-0000-4000-8000-000000000000"
    done = project("files", "--delete", unknown, file, job)
    assert done.status == 5
    assert f"unknown file {unknown}" in done.stderr
    assert f"{job} is a job; to delete it with its file, run" in done.stderr
    assert project.deleted == [file]


@pytest.mark.conformance("SN-11")
def test_what_a_job_still_needs_is_not_removed(stt: Runner, wav: Path) -> None:
    with emulated("soniox", key=None, delay=60.0) as service:
        project = Project(stt, service)
        job = project("submit", wav).text.strip()
        (file,) = project.listed()
        assert project.listed("--unused") == []
        done = project("files", "--delete", file)
        assert (done.status, project.deleted) == (2, [])
        assert f"is used by the unfinished job {job}" in done.stderr


@pytest.mark.conformance("SN-11")
def test_a_new_upload_may_still_get_its_job(project: Project) -> None:
    project.upload("just now.wav")
    project.later = timedelta(minutes=59)
    assert project.listed("--unused") == []
    project.later = timedelta(minutes=61)
    assert len(project.listed("--unused")) == 1


@pytest.mark.conformance("SN-11")
def test_an_upload_that_batch_resume_goes_on_with_is_kept(
    project: Project, wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_arguments: object) -> None:
        raise UnreachableError("it broke off", transient=True)

    with monkeypatch.context() as patched:
        patched.setattr("stt_cli.providers.soniox.jobs.Jobs._create", cut_off)
        assert project("submit", wav).status == 8
    (awaited,) = project.listed()
    orphan = project.upload("other.wav")
    assert project.listed("--unused") == [orphan]
    assert project("resume", now=lambda: datetime.now(UTC)).status == 0
    assert project.service.all("create")[0]["fields"]["file_id"] == awaited


@pytest.mark.conformance("SN-11")
def test_unused_files_are_removed_only_after_a_yes(project: Project) -> None:
    files = {project.upload(f"{number}.wav") for number in range(3)}
    asked = project("files", "--unused", "--delete")
    assert (asked.status, project.deleted) == (2, [])
    assert "add --yes" in asked.stderr
    unclear = project("files", "--delete")
    assert (unclear.status, project.deleted) == (2, [])
    assert "--unused" in unclear.stderr
    done = project("files", "--unused", "--delete", "--yes")
    assert done.status == 0
    assert set(project.deleted) == files
    again = project("files", "--unused", "--delete", "--yes")
    assert again.status == 0
    assert "soniox has no unused files" in again.stderr


@pytest.mark.conformance("SN-11")
@pytest.mark.parametrize(
    ("keys", "status"), [("y\n", 0), ("\n", 0), ("n\n", 0), ("\x03", 130)]
)
def test_a_person_sees_the_files_and_is_asked(
    project: Project, keys: str, status: int
) -> None:
    file = project.upload("meeting.wav")
    project.transcribe(file)
    stt = [sys.executable, "-m", "stt_cli", "batch", "files", "-p", "soniox"]
    where = ["--endpoint", project.service.url, "--unused", "--delete"]
    with Session([*stt, *where], columns=100) as window:
        shown = window.look(lambda text: "[y/N]" in text)
        assert "meeting.wav" in shown
        assert "Delete 1 file (1.0 kB) at soniox?" in shown
        window.type(keys)
        assert window.wait() == status
    assert project.deleted == ([file] if keys == "y\n" else [])


@pytest.mark.conformance("SN-11")
def test_pages_are_bounded(project: Project) -> None:
    for number in range(5):
        project.upload(f"{number}.wav", 10)
    assert len(project.listed("--limit", "2")) == 2
    assert len(project.listed("--all")) == 5
    assert len(project.listed("--unused", "--limit", "3")) == 3


@pytest.mark.conformance("SN-11")
def test_a_provider_without_uploads_says_so(stt: Runner) -> None:
    done = stt("batch", "files", "-p", "azure")
    assert done.status == 2
    assert "azure does not support" in done.stderr
