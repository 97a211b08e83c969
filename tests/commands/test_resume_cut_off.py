"""Going on with what a dead process had sent: looked for first, never blindly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from stt_cli.core.errors import AudioError, UncertainError, UnreachableError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.ledger import NewSubmission, QueueEntry, open_ledger
from stt_cli.providers.spec import Capability
from stt_cli.workflows.jobs.local_jobs import LocalJobs
from stt_cli.workflows.jobs.queue import location_of
from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.emulating import KEY, Emulated, emulated
from tests.fake_time import FakeTime
from tests.job_service import COURIER, JOB_1, Service, service
from tests.state_fixtures import EnvironmentFactory

__all__ = ["service"]


@pytest.fixture
def recovers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the scripted service be one that can be asked for what it took."""
    able = COURIER.capabilities | {Capability.RECOVERS}
    spec = replace(COURIER, capabilities=able)
    monkeypatch.setattr("tests.job_service.COURIER", spec)


@pytest.fixture
def cut_off(stt: Runner, service: Service, recording: Path, recovers: None) -> FakeTime:
    """A submission whose answer was lost, and the time since."""
    time = FakeTime()
    service.refuse["a.wav"] = UnreachableError("it broke off", transient=True)
    name = recording.name
    done = stt(
        *("batch", "submit", name, "-p", "courier"),
        now=time.now,
        sleep=time.sleep,
        monotonic=time.monotonic,
    )
    assert done.status == 8
    service.refuse.clear()
    return time


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def resume(stt: Runner, time: FakeTime, *more: str) -> Outcome:
    clock = {"now": time.now, "sleep": time.sleep, "monotonic": time.monotonic}
    return stt("batch", "resume", *more, **clock)


@pytest.mark.conformance("CO-02")
def test_the_provider_is_told_what_is_known_of_the_earlier_attempt(
    stt: Runner, service: Service, cut_off: FakeTime
) -> None:
    cut_off.seconds += 60
    assert resume(stt, cut_off).lines == [JOB_1]
    told = service.options[0].interrupted
    assert told is not None
    assert told.step == "create"
    assert told.ids.get("client_reference_id") == "r-a.wav"
    assert told.since == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert told.is_known("r-a.wav") is False
    assert cut_off.slept == []


@pytest.mark.conformance("CO-02")
def test_what_was_just_sent_is_given_time_to_arrive(
    stt: Runner, service: Service, cut_off: FakeTime
) -> None:
    cut_off.seconds += 0.5
    assert resume(stt, cut_off).lines == [JOB_1]
    assert cut_off.slept == [pytest.approx(1.5)]


def test_what_cannot_be_found_out_is_submitted_again_when_asked(
    stt: Runner, service: Service, cut_off: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.job_service import Jobs

    whole = Jobs.submit

    def unsure(self: Jobs, source: object, options: object) -> Iterator[object]:
        if options.interrupted is not None:  # type: ignore[attr-defined]
            raise UncertainError("two jobs might be it")
        yield from whole(self, source, options)  # type: ignore[arg-type]

    monkeypatch.setattr(Jobs, "submit", unsure)
    cut_off.seconds += 60
    done = resume(stt, cut_off)
    assert done.status == 8
    assert "two jobs might be it" in done.stderr
    done = resume(stt, cut_off, "--again")
    assert done.lines == [JOB_1]
    assert "resubmitting" in done.stderr


class Left:
    """A recording that a dead process had begun to submit to Soniox."""

    def __init__(
        self,
        make_environment: EnvironmentFactory,
        service: Emulated,
        path: Path,
        step: str,
    ) -> None:
        self.service = service
        long_ago = datetime.now(UTC) - timedelta(minutes=1)
        with open_ledger(make_environment(now=lambda: long_ago)) as ledger:
            status = path.stat()
            plan = QueueEntry(
                *("batch", 0, location_of(str(path)), "{}"),
                size=status.st_size,
                modified=status.st_mtime_ns,
            )
            facts = {"endpoint": service.url}
            planned = [NewSubmission(path.name, plan, facts)]
            (entry,) = ledger.enqueue("batch submit", "soniox", planned)
            self.reference = f"stt-{entry.key}"
            ids = Identifiers.of(client_reference_id=self.reference)
            entry.record_step(step, ids)
        self.data, self.name = path.read_bytes(), path.name

    def upload(self) -> str:
        """Let the service have the recording."""
        answer = self._post(
            "files",
            files={"file": (self.name, self.data)},
            data={"client_reference_id": self.reference},
        )
        return str(answer.json()["id"])

    def create(self, file_id: str) -> str:
        """Let the service have the job."""
        fields = {
            "model": "stt-async-v4",
            "file_id": file_id,
            "client_reference_id": self.reference,
        }
        return str(self._post("transcriptions", json=fields).json()["id"])

    def _post(self, what: str, **body: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {KEY}"}
        with httpx.Client(trust_env=False) as library:
            url = f"{self.service.url}/v1/{what}"
            answer = library.post(url, headers=headers, **body)  # type: ignore[arg-type]
        assert answer.status_code == 201, answer.text
        return answer


@pytest.fixture
def soniox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    """The emulated service; processes of the test know its key."""
    monkeypatch.setenv("SONIOX_API_KEY", KEY)
    with emulated("soniox") as running:
        yield running


@pytest.mark.conformance("CO-02")
@pytest.mark.parametrize("fate", ["gone", "changed"])
@pytest.mark.parametrize("had", ["the job", "the upload"])
def test_what_the_service_has_is_found_without_the_recording(
    stt: Runner,
    make_environment: EnvironmentFactory,
    soniox: Emulated,
    recording: Path,
    had: str,
    fate: str,
) -> None:
    left = Left(
        make_environment,
        soniox,
        recording,
        "upload" if had == "the upload" else "create",
    )
    file_id = left.upload()
    job_id = left.create(file_id) if had == "the job" else None
    _let_be(recording, fate)
    done = stt("batch", "resume")
    assert done.status == 0, done.stderr
    if job_id is not None:
        assert done.lines == [job_id]
    assert "the job has the earlier content" in done.stderr
    assert len(soniox.all("create")) == len(soniox.all("upload")) == 1
    assert soniox.all("create")[0]["fields"]["file_id"] == file_id


@pytest.mark.parametrize("fate", ["gone", "changed"])
def test_what_nobody_has_any_more_is_told(
    stt: Runner,
    make_environment: EnvironmentFactory,
    soniox: Emulated,
    recording: Path,
    fate: str,
) -> None:
    Left(make_environment, soniox, recording, "upload")
    _let_be(recording, fate)
    done = stt("batch", "resume")
    assert done.status == 10
    assert ("no such file" if fate == "gone" else "has changed") in done.stderr
    assert soniox.all("upload") == soniox.all("create") == []
    if fate == "gone":  # it may be on a share that is not mounted
        assert stt("batch", "resume").status == 10
        assert stt("batch", "resume", "--forget").status == 0
    assert "nothing left" in stt("batch", "resume").stderr


def _let_be(recording: Path, fate: str) -> None:
    recording.unlink()
    if fate == "changed":
        recording.write_bytes(silent_wav(3))


def test_a_job_of_this_machine_that_was_done_is_not_done_again(
    stt: Runner, make_environment: EnvironmentFactory, service: Service, recording: Path
) -> None:
    here = make_environment()
    with open_ledger(here) as ledger:
        plan = QueueEntry("batch", 0, location_of(str(recording)), "{}")
        (entry,) = ledger.enqueue(
            "batch submit", "scribe", [NewSubmission("a.wav", plan)]
        )
        own = LocalJobs(here)
        job = own.begin("scribe", "a.wav", entry.key)
        entry.record_step("recognize", job.ids)
        own.succeed(job, Transcript("scribe", "a.wav", RecognitionStatus.SUCCESS))
    service.refuse["a.wav"] = AudioError("it was heard again")
    assert stt("batch", "resume").lines == [job.id]
