"""Where ``poll`` puts results: under which names, and each of them once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.errors import CredentialsError, NotFoundError, ProviderError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import JobState
from stt_cli.core.transcript import Transcript
from stt_cli.workflows.jobs.context import JobContext
from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.fake_time import FakeTime
from tests.job_service import JOB_1, JOB_2, JOB_3, Jobs, Service, service

__all__ = ["service"]

RUNNING, SUCCEEDED, FAILED = JobState.RUNNING, JobState.SUCCEEDED, JobState.FAILED


@pytest.fixture
def run(stt: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Run stt in the test's folder; the service is the one of a script."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STT_PROVIDER", "courier")
    clock = FakeTime()
    environment: dict[str, Any] = {"monotonic": clock.monotonic, "sleep": clock.sleep}

    def go(*arguments: str | Path, **more: Any) -> Outcome:
        return stt(*arguments, **(environment | more))

    return go


@pytest.fixture
def unlike_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every answer have a request ID of its own, as services' answers do."""
    numbers = count()
    real: Callable[..., Transcript] = Jobs._transcript

    def made(self: Jobs, name: str, text: str) -> Transcript:
        ids = Identifiers.of(request_id=f"request-{next(numbers)}")
        return replace(real(self, name, text), ids=ids)

    monkeypatch.setattr(Jobs, "_transcript", made)


def recording(name: str, seconds: float = 0.1) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(silent_wav(seconds))
    return name


def submit(run: Runner, *names: str, first: int = 0) -> list[str]:
    """Submit recordings, no two alike; ``first`` numbers the first of them."""
    made = [recording(name, 0.1 + at / 100) for at, name in enumerate(names, first)]
    done = run("batch", "submit", *made, "-j", "1")
    assert done.status == 0, done.stderr
    return done.lines


def names_in(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


@pytest.fixture
def dies_before_the_ledger(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Return a context in which jobs' rows stay open, as if killed before."""

    def context() -> Any:
        patch = pytest.MonkeyPatch()
        patch.setattr(JobContext, "collected", lambda *_: None)
        return patch

    return context


@pytest.mark.conformance("CO-11")
@pytest.mark.parametrize("name", ["json", "text"])
def test_a_result_that_was_written_is_known_again_though_answers_differ(
    run: Runner,
    service: Service,
    unlike_answers: None,
    dies_before_the_ledger: Callable[[], Any],
    name: str,
) -> None:
    submit(run, "a.wav", "b.wav")
    patch = dies_before_the_ledger()
    assert run("poll", "--all", "-f", name, "-o", "out/").status == 0
    patch.undo()
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    again = run("poll", "--all", "-f", name, "-o", "out/")
    assert again.status == 0, again.stderr
    assert {path: path.read_bytes() for path in Path("out").iterdir()} == before
    assert run("status").lines == []


@pytest.mark.conformance("CO-11")
def test_the_one_file_that_was_written_is_known_again_too(
    run: Runner,
    service: Service,
    unlike_answers: None,
    dies_before_the_ledger: Callable[[], Any],
) -> None:
    (job_id,) = submit(run, "a.wav")
    patch = dies_before_the_ledger()
    assert run("poll", job_id, "-o", "a.json").status == 0
    patch.undo()
    assert run("poll", job_id, "-o", "a.json").status == 0
    other = run("poll", job_id, "-o", "a.json")  # it is collected: now it is a file
    assert other.status == 2
    assert "a.json already exists" in other.stderr


def test_another_file_of_that_name_stays_and_the_result_is_beside_it(
    run: Runner, service: Service
) -> None:
    (job_id,) = submit(run, "a.wav")
    Path("out").mkdir()
    Path("out/a.txt").write_text("mine\n")
    done = run("poll", "--all", "-o", "out")
    assert done.status == 2
    assert (
        f"out/a.txt already exists; saved the result as a-{job_id}.txt" in done.stderr
    )
    # Not --force alone: that of `batch submit --wait` would pay for it again.
    assert f"stt poll {job_id} -o FOLDER/ --force" in done.stderr
    assert Path("out/a.txt").read_text() == "mine\n"
    assert Path(f"out/a-{job_id}.txt").read_text() == "text of 1\n"
    assert run("status").lines == []
    forced = run("poll", job_id, "-o", "out", "--force")
    assert forced.status == 0
    assert Path("out/a.txt").read_text() == "text of 1\n"


@pytest.mark.conformance("CO-10", "CO-11")
def test_names_do_not_depend_on_which_jobs_are_still_open(
    run: Runner, service: Service
) -> None:
    first, second = submit(run, "mon/call.wav", "tue/call.wav")
    service.script[first] = [RUNNING]
    late = run("poll", "--all", "-o", "out/", "--timeout", "1")
    assert late.status == 7
    assert names_in("out") == ["tue-call.txt"]
    service.script[first] = [SUCCEEDED]
    assert run("poll", "--all", "-o", "out/").status == 0
    assert names_in("out") == ["mon-call.txt", "tue-call.txt"]
    assert Path("out/mon-call.txt").read_text() == "text of 1\n"
    assert second


@pytest.mark.conformance("CO-10")
def test_the_same_recording_submitted_twice_gets_the_job_s_id_the_second_time(
    run: Runner, service: Service
) -> None:
    submit(run, "call.wav")
    (second,) = run("batch", "submit", "call.wav", "--force").lines
    assert run("poll", "--all", "-o", "out/").status == 0
    assert names_in("out") == sorted(["call.txt", f"call-{second}.txt"])


@pytest.mark.conformance("CO-10")
def test_names_that_were_given_in_polls_apart_are_told_apart_together(
    run: Runner, service: Service
) -> None:
    pairs = [
        submit(run, "mon/call.wav", "tue/call.wav"),
        submit(run, "x/mon/call.wav", "x/tue/call.wav", first=2),
    ]
    jobs = [job_id for pair in pairs for job_id in pair]
    for job_id in jobs:
        service.script[job_id] = [RUNNING]
    for pair in pairs:
        assert run("poll", *pair, "-o", "out/", "--timeout", "1").status == 7
    for job_id in jobs:
        service.script[job_id] = [SUCCEEDED]
    assert run("poll", "--all", "-o", "out/", "--force").status == 0
    assert len({path.read_text() for path in Path("out").iterdir()}) == 4


def test_force_replaces_no_result_of_another_job(run: Runner, service: Service) -> None:
    first, second = submit(run, "mon/call.wav", "tue/call.wav")
    service.script[second] = [RUNNING]
    poll = ("poll", "--all", "-o", "out/", "--force")
    assert run(*poll, "--timeout", "1").status == 7
    service.script[second] = [SUCCEEDED]
    assert run(*poll).status == 0
    texts = {path.read_text() for path in Path("out").iterdir()}
    assert texts == {"text of 1\n", "text of 2\n"}
    assert first


@pytest.mark.conformance("CO-11")
def test_a_failure_is_told_once_and_to_the_one_who_polls(
    run: Runner, service: Service
) -> None:
    good, bad = submit(run, "a.wav", "b.wav")
    service.script[bad] = [FAILED]
    assert run("status").status == 0  # it saw the failure, nobody asked for results
    assert "no speech in it" in run("support", bad).text
    assert "its result has not been fetched yet" in run("support", good).text
    done = run("poll", "--all", "-o", "out/")
    assert done.status == 6
    assert "no speech in it" in done.stderr
    assert "1 of 2 failed: b.wav" in done.stderr
    assert "1 of 2 finished; transcripts are in out/" in done.stderr
    assert run("poll", "--all").status == 0
    assert good


def test_many_failures_are_named_up_to_a_bound(run: Runner, service: Service) -> None:
    ids = submit(run, *(f"{number}.wav" for number in range(30)))
    for job_id in ids:
        service.script[job_id] = [FAILED]
    done = run("poll", "--all", "-q")
    assert done.stderr.count("error: ") == 20
    done = run("poll", *ids)
    assert done.status == 6
    assert "30 of 30 failed: 0.wav, 1.wav, 2.wav" in done.stderr
    assert "9.wav and 20 more" in done.stderr


def test_a_key_that_is_refused_is_told_once_for_all_jobs(
    run: Runner, service: Service
) -> None:
    ids = submit(run, *(f"{number}.wav" for number in range(5)))
    for job_id in ids:
        service.script[job_id] = [CredentialsError("the key is refused")]
    done = run("poll", "--all")
    assert done.status == 4
    assert done.stderr.count("error: ") == 1
    assert "5 of 5 failed" in done.stderr
    assert len(run("status", "-q").stderr.split("the key is refused")) > 1


def test_only_waiting_promises_no_files(run: Runner, service: Service) -> None:
    submit(run, "a.wav", "b.wav")
    done = run("poll", "--all", "--no-results", "-o", "out/")
    assert done.status == 0
    assert "transcripts are in" not in done.stderr


def test_a_result_that_fails_for_now_is_fetched_again(
    run: Runner, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [ProviderError("down", http_status=503, transient=True, retry_after=7)]
    _fail_with(monkeypatch, faults)
    submit(run, "a.wav")
    done = run("poll", "--all")
    assert (done.status, done.text) == (0, "text of 1\n")
    assert "fetching a result failed: down; retrying" in done.stderr
    assert run("status").lines == []


@pytest.mark.conformance("CO-11")
def test_a_result_that_was_not_fetched_leaves_the_job_open(
    run: Runner, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[Exception] = [ProviderError("nonsense")]
    _fail_with(monkeypatch, faults)
    (job_id,) = submit(run, "a.wav")
    assert run("poll", "--all").status == 8
    assert [line.split("\t")[0] for line in run("status").lines] == [job_id]
    assert run("poll", "--all").text == "text of 1\n"


def test_a_result_that_is_gone_ends_the_job(
    run: Runner, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_with(monkeypatch, [NotFoundError("it has expired")])
    submit(run, "a.wav")
    assert run("poll", "--all").status == 5
    assert run("status").lines == []


def _fail_with(monkeypatch: pytest.MonkeyPatch, faults: list[Any]) -> None:
    real = Jobs.job_transcripts

    def fetched(self: Jobs, job: Any) -> Any:
        if faults:
            raise faults.pop()
        return real(self, job)

    monkeypatch.setattr(Jobs, "job_transcripts", fetched)


def test_results_on_stdout_end_the_jobs_that_were_printed(
    run: Runner, service: Service
) -> None:
    first, second, third = submit(run, "a.wav", "b.wav", "c.wav")
    service.script[second] = [RUNNING]
    late = run("poll", first, second, third, "--timeout", "1")
    assert late.status == 7
    assert "text of 1" in late.text
    left = [line.split("\t")[0] for line in run("status").lines]
    assert first not in left
    assert second in left


def test_results_fetched_by_id_are_collected(run: Runner, service: Service) -> None:
    (job_id,) = submit(run, "a.wav")
    assert run("batch", "results", job_id).text == "text of 1\n"
    assert run("status").lines == []


@pytest.mark.conformance("CO-11")
def test_jobs_of_this_machine_are_collected_by_poll_all_as_well(
    run: Runner, service: Service
) -> None:
    recording("a.wav")
    (job_id,) = run("batch", "submit", "a.wav", "-p", "scribe").lines
    assert [line.split("\t")[0] for line in run("status").lines] == [job_id]
    assert run("poll", "--all").text == "heard a.wav\n"
    assert run("poll", "--all").text == ""


@pytest.mark.conformance("CO-11")
def test_what_is_not_submitted_yet_is_told(run: Runner, service: Service) -> None:
    names = [
        recording(name, at / 10 + 0.1) for at, name in enumerate(["a.wav", "b.wav"])
    ]
    service.refuse["b.wav"] = CredentialsError("wrong key")
    assert run("batch", "submit", *names).status == 4
    for command in (["status"], ["poll", "--all"]):
        done = run(*command)
        assert "1 recording is not submitted yet" in done.stderr
        assert "to continue, run: stt batch resume" in done.stderr


def test_json_lists_each_job_once_whatever_happened_to_it(
    run: Runner, service: Service
) -> None:
    service.add(JOB_1)
    service.add(JOB_2, FAILED)
    done = run("poll", JOB_1, JOB_2, JOB_3, "--json")
    jobs = json.loads(done.stdout)
    assert [job["id"] for job in jobs] == [JOB_1, JOB_2, JOB_3]
    assert [job["state"] for job in jobs] == ["succeeded", "failed", None]
    assert done.status == 6  # the first failure in the order of the IDs


@pytest.fixture
def copies(tmp_path: Path) -> None:
    """Two recordings of the same bytes in the current folder, and another one."""
    for name, length in (("a.wav", 0.5), ("copy.wav", 0.5), ("b.wav", 0.7)):
        (tmp_path / name).write_bytes(silent_wav(length))


@pytest.mark.usefixtures("copies")
class TestRecordingsOfTheSameBytes:
    """One job, which is paid for once; its transcript is each recording's own."""

    SUBMIT = ("batch", "submit", "a.wav", "b.wav", "copy.wav", "-p", "courier")

    def test_are_one_job_and_a_file_each(self, run: Runner, service: Service) -> None:
        done = run(*self.SUBMIT, "--wait", "-o", "out/", "-f", "json")
        assert done.status == 0, done.stderr
        assert len(service.jobs) == 2
        assert names_in("out") == ["a.json", "b.json", "copy.json"]
        for name in ("a", "copy"):
            kept = json.loads(Path("out", f"{name}.json").read_text())
            assert (kept["input"], kept["text"]) == (f"{name}.wav", "text of 1")

    def test_are_known_to_whoever_polls_later(
        self, run: Runner, service: Service
    ) -> None:
        run(*self.SUBMIT)
        assert run("poll", "--all", "-o", "out/").status == 0
        assert names_in("out") == ["a.txt", "b.txt", "copy.txt"]

    def test_one_that_comes_later_gets_its_own_file(
        self, run: Runner, service: Service
    ) -> None:
        run("batch", "submit", "a.wav", "-p", "courier", "--wait", "-o", "out/")
        run("batch", "submit", "copy.wav", "-p", "courier", "--wait", "-o", "out/")
        assert names_in("out") == ["a.txt", "copy.txt"]
        assert len(service.jobs) == 1

    def test_are_each_printed_under_their_names(
        self, run: Runner, service: Service
    ) -> None:
        done = run(*self.SUBMIT, "--wait")
        assert done.lines == [
            *("==> a.wav <==", "text of 1", ""),
            *("==> copy.wav <==", "text of 1", ""),
            *("==> b.wav <==", "text of 2"),
        ]
        objects = json.loads(run(*self.SUBMIT, "--wait", "--json").stdout)
        assert [(one["input"], one["transcript"]["text"]) for one in objects] == [
            ("a.wav", "text of 1"),
            ("copy.wav", "text of 1"),
            ("b.wav", "text of 2"),
        ]

    def test_the_same_one_again_is_no_other(
        self, run: Runner, service: Service
    ) -> None:
        run("batch", "submit", "a.wav", "./a.wav", "a.wav", "-p", "courier")
        assert run("poll", "--all", "-o", "out/").status == 0
        assert names_in("out") == ["a.txt"]


def test_several_formats_are_files_beside_each_other_and_written_once(
    run: Runner,
    service: Service,
    unlike_answers: None,
    dies_before_the_ledger: Callable[[], Any],
) -> None:
    submit(run, "a.wav", "b.wav")
    patch = dies_before_the_ledger()
    assert run("poll", "--all", "-f", "srt,json", "-o", "out/").status == 0
    patch.undo()
    assert names_in("out") == ["a.json", "a.srt", "b.json", "b.srt"]
    before = {path: path.read_bytes() for path in Path("out").iterdir()}
    assert run("poll", "--all", "-f", "srt,json", "-o", "out/").status == 0
    assert {path: path.read_bytes() for path in Path("out").iterdir()} == before


def test_several_formats_need_a_folder(run: Runner, service: Service) -> None:
    (job_id,) = submit(run, "a.wav")
    for where in ((), ("-o", "a.srt")):
        done = run("poll", job_id, "-f", "srt,json", *where)
        assert (done.status, done.text) == (2, "")
        assert "cannot write 2 formats to one file" in done.stderr


def test_submitting_and_waiting_shapes_captions_too(
    run: Runner, service: Service
) -> None:
    made = recording("a.wav")
    command = ("batch", "submit", made, "--wait", "--force", "-f", "srt")
    wide = run(*command)
    narrow = run(*command, "--max-line-length", "10", "--max-lines", "1")
    assert (wide.status, narrow.status) == (0, 0)
    assert narrow.text.count("-->") >= wide.text.count("-->") > 0
    assert max(map(len, narrow.text.splitlines()[2::4])) <= 10


def test_jobs_whose_files_exist_are_skipped(run: Runner, service: Service) -> None:
    submit(run, "a.wav", "b.wav")
    Path("out").mkdir()
    Path("out/a.txt").write_text("mine\n")
    done = run("poll", "--all", "-o", "out/", "--skip-existing")
    assert done.status == 0, done.stderr
    assert "notice: skipped 1 of 2: the transcript exists" in done.stderr
    assert names_in("out") == ["a.txt", "b.txt"]
    assert Path("out/a.txt").read_text() == "mine\n"


def test_of_several_formats_only_the_missing_are_written(
    run: Runner, service: Service
) -> None:
    submit(run, "a.wav")
    Path("out").mkdir()
    Path("out/a.txt").write_text("mine\n")
    done = run("poll", "--all", "-f", "text,json", "-o", "out/", "--skip-existing")
    assert done.status == 0, done.stderr
    assert names_in("out") == ["a.json", "a.txt"]
    assert Path("out/a.txt").read_text() == "mine\n"


def test_the_service_is_not_asked_where_every_file_exists(
    run: Runner, service: Service
) -> None:
    (job_id,) = submit(run, "a.wav")
    Path("a.srt").write_text("mine\n")
    done = run("poll", job_id, "-o", "a.srt", "--skip-existing")
    assert done.status == 0, done.stderr
    assert Path("a.srt").read_text() == "mine\n"
    assert service.looks == []


@pytest.mark.conformance("CO-11")
def test_a_file_that_an_interrupted_run_wrote_still_closes_its_job(
    run: Runner, service: Service, dies_before_the_ledger: Callable[[], Any]
) -> None:
    submit(run, "a.wav")
    patch = dies_before_the_ledger()
    assert run("poll", "--all", "-o", "out/").status == 0
    patch.undo()
    done = run("poll", "--all", "-o", "out/", "--skip-existing")
    assert done.status == 0, done.stderr
    assert names_in("out") == ["a.txt"]
    assert run("status").lines == []


def test_skipping_existing_results_needs_files(run: Runner, service: Service) -> None:
    submit(run, "a.wav")
    refused = run("poll", "--all", "--skip-existing")
    assert refused.status == 2
    assert "requires an output file" in refused.stderr


def test_the_command_that_goes_on_skips_what_exists_too(
    run: Runner, service: Service
) -> None:
    (job_id,) = submit(run, "a.wav")
    service.add(job_id, RUNNING)
    late = run("poll", job_id, "-o", "out/", "--skip-existing", "--timeout", "5")
    assert late.status == 7
    assert f"stt poll {job_id} -o out/ --skip-existing" in late.stderr


def test_the_format_of_the_settings_holds_for_results_too(
    run: Runner, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STT_FORMAT", "srt")
    (job_id,) = submit(run, "a.wav")
    assert run("poll", job_id, "-o", "out/").status == 0
    assert names_in("out") == ["a.srt"]
    assert "-->" in run("batch", "results", job_id).stdout.decode()


@pytest.mark.parametrize("content", [b"just words, no sound\n" * 9, b""])
def test_what_is_no_recording_is_never_submitted(
    run: Runner, service: Service, content: bytes
) -> None:
    recording("good.wav")
    Path("text.wav").write_bytes(content)
    done = run("batch", "submit", "text.wav", "good.wav", "-j", "1")
    assert done.status == 10
    assert len(service.jobs) == len(done.lines) == 1
    assert "error: text.wav" in done.stderr
    assert run("batch", "resume").lines == []  # trying it again would not help
