"""batch, status and poll over a service that a test scripts."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from stt_cli.core.errors import (
    AudioError,
    CredentialsError,
    ProviderError,
    RateLimitedError,
    UnreachableError,
)
from stt_cli.core.job import JobState
from stt_cli.core.polling import PollPolicy
from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.emulating import KEY, emulated
from tests.fake_time import FakeTime
from tests.job_service import JOB_1, JOB_2, JOB_3, Service, service

__all__ = ["service"]

QUEUED, RUNNING = JobState.QUEUED, JobState.RUNNING
SUCCEEDED, FAILED = JobState.SUCCEEDED, JobState.FAILED
UNKNOWN = "00000000-0000-4000-8000-00000000ffff"


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def run(stt: Runner, time: FakeTime) -> Runner:
    """Run stt with a clock that moves only when something sleeps."""

    def go(*arguments: str | Path, **more: Any) -> Outcome:
        environment: dict[str, Any] = {
            "monotonic": time.monotonic,
            "sleep": time.sleep,
            "now": time.now,
            "random": lambda: 0.0,
        }
        return stt(*arguments, **(environment | more))

    return go


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three recordings in the current folder, none like another."""
    monkeypatch.chdir(tmp_path)
    names = ["a.wav", "b.wav", "c.wav"]
    for number, name in enumerate(names, 1):
        (tmp_path / name).write_bytes(silent_wav(number / 10))
    return names


def newest(run: Runner, count: int = 1) -> list[dict[str, Any]]:
    history = json.loads(run("history", "--json").stdout)
    return list(history[:count])


def test_submit_prints_the_ids_one_a_line_in_the_order_of_the_inputs(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run("batch", "submit", *recordings, "-p", "courier", "-j", "3")
    assert done.status == 0
    assert sorted(done.lines) == [JOB_1, JOB_2, JOB_3]
    by_input = {row["input"]: row for row in newest(run, 3)}
    named = [by_input[name]["ids"]["transcription_id"] for name in recordings]
    assert named == done.lines
    for job_id in done.lines:
        assert f"transcription id: {job_id}" in done.stderr


def test_submit_prints_an_array_of_jobs_as_json(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run("batch", "submit", "a.wav", "-p", "courier", "--json", "--name", "x")
    (job,) = json.loads(done.stdout)
    assert (job["id"], job["state"], job["input"]) == (JOB_1, "queued", "a.wav")
    assert job["provider_state"] == "NotStarted"
    assert job["created"] == "2026-11-20T12:00:00.000Z"
    assert job["ids"]["client_reference_id"] == "r-a.wav"
    assert service.options[0].name == "x"


def test_a_job_is_in_the_ledger_before_its_request_and_stays_open(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["b.wav"] = ProviderError("no answer", http_status=500)
    done = run("batch", "submit", "a.wav", "b.wav", "-p", "courier")
    assert done.status == 8
    failed, going = sorted(newest(run, 2), key=lambda row: str(row["input"]))[::-1]
    assert (going["status"], going["ended"]) == ("queued", None)
    assert failed["status"] == "failed"
    assert failed["ids"]["client_reference_id"] == "r-b.wav"


def test_one_failure_does_not_stop_the_others_and_is_told(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["b.wav"] = AudioError("b.wav is not a recording")
    service.refuse["c.wav"] = CredentialsError("wrong key")
    done = run("batch", "submit", *recordings, "-p", "courier")
    assert done.status == 10
    assert len(done.lines) == 1
    assert "2 of 3 failed: b.wav, c.wav" in done.stderr
    assert "error: c.wav: wrong key" in done.stderr
    assert "client reference id: r-b.wav" in done.stderr


def test_submit_reads_inputs_from_stdin(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run(
        "batch", "submit", "--from-stdin", "-p", "courier", stdin=b"a.wav\n\nb.wav\n"
    )
    assert len(done.lines) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["batch", "submit", "a.wav", "-p", "mute"], "does not support jobs"),
        (["batch", "submit", "-p", "courier"], "nothing to submit"),
        (["batch", "submit", "a.wav", "-p", "courier", "-f", "srt"], "--wait"),
        (["batch", "submit", "a.wav", "-p", "courier", "-o", "a.srt"], "--wait"),
        (["batch", "submit", "a.wav", "-p", "courier", "--json", "-o", "x/"], "--wait"),
        (
            ["batch", "submit", "a.wav", "-p", "courier", "--wait", "-f", "docx"],
            "unknown format 'docx'",
        ),
        (
            ["batch", "submit", "a.wav", "-p", "courier", "--wait", "-o", "x.docx"],
            "unknown format .docx",
        ),
        (["poll", JOB_1, "-p", "courier", "-o", "x.docx"], "unknown format .docx"),
        (
            ["batch", "submit", "a.wav", "-p", "scribe", "--webhook-url", "http://x"],
            "webhooks",
        ),
        (["batch", "list", "-p", "mute"], "does not support jobs"),
        (["batch", "list", "-p", "courier", "--state", "done"], "unknown state 'done'"),
        (["poll"], "no jobs to wait for"),
        (["poll", JOB_1, "--interval", "soon"], "invalid --interval 'soon'"),
        (["poll", JOB_1, "-p", "courier", "-f", "docx"], "unknown format 'docx'"),
        (["poll", JOB_1, "-p", "courier", "--webhook", "here"], "is not HOST:PORT"),
        (["status", JOB_1, "-p", "mute"], "does not support jobs"),
    ],
)
def test_what_cannot_be_is_a_usage_error_before_any_request(
    run: Runner,
    service: Service,
    recordings: list[str],
    arguments: list[str],
    words: str,
) -> None:
    done = run(*arguments, env={"STT_PROVIDER": "scribe"})
    assert done.status == 2
    assert words in done.stderr
    assert service.jobs == {}


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "nope"],
        ["status", "stt-nope"],
        ["poll", "nope"],
        ["batch", "results", "nope"],
        ["batch", "delete", "nope"],
        ["batch", "update", "nope", "--name", "x"],
    ],
)
def test_an_id_that_nobody_knows_is_not_found_and_no_support_id(
    run: Runner, arguments: list[str]
) -> None:
    done = run(*arguments)
    assert done.status == 5
    error, hint = done.stderr.splitlines()
    assert error == f"error: unknown job {arguments[-1 if len(arguments) < 4 else 2]}"
    assert hint.startswith("hint: ")


def test_an_id_that_nobody_knows_has_no_ids_in_json_either(run: Runner) -> None:
    for command in ("status", "poll"):
        done = run(command, "nope", "other", "--json")
        assert done.status == 5
        assert [set(job["ids"].values()) for job in json.loads(done.text)] == [
            {None},
            {None},
        ]


def test_an_empty_list_names_the_place_and_the_way_to_others(
    run: Runner, service: Service
) -> None:
    default = run("batch", "list")
    assert (default.status, default.text) == (0, "")
    assert default.stderr == (
        "notice: no jobs at local\nhint: use -p to list another provider's jobs\n"
    )
    chosen = run("batch", "list", "-p", "courier", "--state", "failed")
    assert chosen.stderr == "notice: no matching jobs at courier\n"
    quiet = run("batch", "list", "-q", "--json")
    assert (quiet.status, quiet.text, quiet.stderr) == (0, "[]\n", "")


def test_a_dry_run_prints_the_request_and_sends_nothing(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run("batch", "submit", "a.wav", "-p", "courier", "--dry-run")
    assert (done.status, done.text) == (0, "POST /jobs a.wav\n")
    assert service.jobs == {}


def test_submit_waits_and_prints_the_transcripts(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run("batch", "submit", "a.wav", "b.wav", "-p", "courier", "--wait")
    assert done.status == 0
    assert sorted(line for line in done.lines if line.startswith("text")) == [
        "text of 1",
        "text of 2",
    ]
    assert "==> a.wav <==" in done.lines


def test_without_a_job_service_the_job_is_ours_and_any_shell_reads_it(
    run: Runner, service: Service, recordings: list[str], stt_home: Path
) -> None:
    (job_id,) = run("batch", "submit", "a.wav", "-p", "scribe").lines
    assert job_id.startswith("stt-")
    (file,) = (stt_home / "state" / "jobs").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    state = json.loads(run("status", job_id, "--json").stdout)
    assert (state["state"], state["provider"]) == ("succeeded", "scribe")
    assert state["ids"]["session_id"] == "5" * 32
    assert run("poll", job_id).text == "heard a.wav\n"
    result = json.loads(run("batch", "results", job_id, "--json").stdout)
    assert result["text"] == "heard a.wav"
    assert result["ids"]["job_id"] == job_id
    listed = json.loads(run("batch", "list", "-p", "scribe", "--json").stdout)
    assert [job["id"] for job in listed] == [job_id]
    assert run("batch", "delete", job_id).status == 0
    assert run("status", job_id).status == 5


def test_a_failure_of_our_own_job_is_kept(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["a.wav"] = AudioError("a.wav is not a recording")
    done = run("batch", "submit", "a.wav", "-p", "scribe")
    assert done.status == 10
    (job,) = json.loads(run("batch", "list", "-p", "scribe", "--json").stdout)
    assert (job["state"], job["error"]["code"]) == ("failed", "audio")
    assert run("poll", job["id"]).status == 6


def test_a_service_that_answers_at_once_makes_a_job_of_ours(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run("batch", "submit", "a.wav", "-p", "telegraph")
    (job_id,) = done.lines
    assert job_id.startswith("stt-")
    assert "request id: q-1" in done.stderr
    assert run("poll", job_id).text == "at once\n"
    job = json.loads(run("status", job_id, "--json").stdout)
    assert job["ids"]["request_id"] == "q-1"


def test_status_is_0_whatever_the_state_is(run: Runner, service: Service) -> None:
    service.add(JOB_1, FAILED)
    done = run("status", JOB_1, "-p", "courier", "--json")
    assert done.status == 0
    assert json.loads(done.stdout)["state"] == "failed"
    assert json.loads(done.stdout)["error"]["message"] == "no speech in it"


def test_status_finds_the_provider_in_the_ledger(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    (job_id,) = run("batch", "submit", "a.wav", "-p", "courier").lines
    done = run("status", job_id)
    assert done.status == 0
    assert done.lines[0].split("\t")[:3] == [job_id, "succeeded", "courier"]
    assert newest(run)[0]["status"] == "succeeded"


def test_status_of_several_tells_the_unknown_ones(
    run: Runner, service: Service
) -> None:
    service.add(JOB_1)
    done = run("status", UNKNOWN, JOB_1, "-p", "courier", "--json")
    assert done.status == 5
    unknown, known = json.loads(done.stdout)
    assert (unknown["id"], unknown["state"]) == (UNKNOWN, None)
    assert unknown["error"]["code"] == "not_found"
    assert known["state"] == "succeeded"
    assert set(known) == set(unknown)


def test_waiting_at_once_needs_no_ledger(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    command = ("batch", "submit", "a.wav", "b.wav", "-p", "courier", "--wait")
    done = run(*command, env={"STT_LEDGER": "off"})
    assert (done.status, done.stderr.count("error:")) == (0, 0)
    assert "text of 1" in done.text
    assert "text of 2" in done.text


def test_status_tells_whose_each_id_is(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    first, second = run("batch", "submit", "a.wav", "b.wav", "-p", "courier").lines
    told = run("status").stderr
    assert f"{first} (a.wav)\n" in told
    assert f"{second} (b.wav)\n" in told
    told = run("batch", "results", first, second).stderr
    assert told.count(first) == 1
    assert f"{first} (a.wav)\n" in told
    assert "(a.wav)" not in run("status", first).stderr


def test_a_job_has_the_name_that_its_recording_was_submitted_by(
    run: Runner, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, seconds in (("mon", 0.1), ("tue", 0.2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "call.wav").write_bytes(silent_wav(seconds))
    names = ["mon/call.wav", "tue/call.wav"]
    ids = run("batch", "submit", *names, "-p", "courier").lines
    for job_id in ids:  # services keep no more than the file's own name
        service.jobs[job_id] = replace(service.jobs[job_id], input="call.wav")
    done = run("poll", *ids, "--json")
    assert done.status == 0, done.stderr
    jobs = json.loads(done.stdout)
    assert [job["input"] for job in jobs] == names
    assert [job["transcript"]["input"] for job in jobs] == names
    lines = run("poll", *ids).lines
    assert [line for line in lines if line.startswith("==>")] == [
        f"==> {name} <==" for name in names
    ]


def test_status_without_ids_shows_the_open_jobs(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    first, second = run("batch", "submit", "a.wav", "b.wav", "-p", "courier").lines
    assert run("poll", first).status == 0
    shown = run("status").lines
    assert [line.split("\t")[0] for line in shown] == [second]
    assert run("status").lines == shown  # done, and its transcript is not fetched
    assert run("poll", "--all").text == "text of 2\n"
    assert run("status").lines == []
    assert "no unfinished jobs" in run("status").stderr


def test_poll_waits_and_prints_the_transcript(
    run: Runner, service: Service, time: FakeTime
) -> None:
    service.add(JOB_1, QUEUED, RUNNING, RUNNING, SUCCEEDED)
    done = run("poll", JOB_1, "-p", "courier")
    assert (done.status, done.text) == (0, "text of 1\n")
    assert time.slept == [2.0, 2.0, 2.0]


def test_poll_json_adds_the_transcript_to_the_job(
    run: Runner, service: Service
) -> None:
    service.add(JOB_1)
    job = json.loads(run("poll", JOB_1, "-p", "courier", "--json").stdout)
    assert job["transcript"]["text"] == "text of 1"
    bare = run("poll", JOB_1, "-p", "courier", "--json", "--no-results")
    assert json.loads(bare.stdout)["transcript"] is None


def test_poll_of_several_prints_in_the_order_named(
    run: Runner, service: Service
) -> None:
    service.add(JOB_1, RUNNING, RUNNING, SUCCEEDED)
    service.add(JOB_2, SUCCEEDED)
    done = run("poll", JOB_1, JOB_2, "-p", "courier")
    assert [line for line in done.lines if line.startswith("text")] == [
        "text of 1",
        "text of 2",
    ]


def test_poll_of_a_failed_job_is_6_and_goes_on_with_the_others(
    run: Runner, service: Service
) -> None:
    service.add(JOB_1, FAILED)
    service.add(JOB_2, RUNNING, SUCCEEDED)
    alone = run("poll", JOB_1, "-p", "courier")
    assert alone.status == 6
    assert "error: no speech in it" in alone.stderr
    assert f"transcription id: {JOB_1}" in alone.stderr
    both = run("poll", JOB_1, JOB_2, "-p", "courier")
    assert both.status == 6
    assert "text of 2" in both.text
    assert "1 of 2 failed" in both.stderr


def test_a_recording_that_failed_inside_a_good_job_is_told(
    run: Runner, service: Service
) -> None:
    service.add(JOB_1)
    service.fail_recordings = True
    done = run("poll", JOB_1, "-p", "courier")
    assert done.status == 6
    assert "text of 1" in done.text
    assert "b.wav cannot be read" in done.stderr


def test_poll_that_runs_out_of_time_names_the_id_and_the_command(
    run: Runner, service: Service, time: FakeTime
) -> None:
    service.add(JOB_1, RUNNING)
    done = run("poll", JOB_1, "-p", "courier", "--timeout", "30")
    assert done.status == 7
    assert JOB_1 in done.stderr
    assert f"stt poll {JOB_1}" in done.stderr
    assert time.seconds == 30


def test_the_providers_own_limit_holds_where_the_user_set_none(
    run: Runner, service: Service, time: FakeTime
) -> None:
    service.polling = PollPolicy(limit=60, expected=(30, 60), jitter=0)
    service.add(JOB_1, RUNNING)
    done = run("poll", JOB_1, "-p", "courier")
    assert done.status == 7
    assert time.seconds == 60
    assert "usually takes" in done.stderr


def test_the_users_interval_is_kept_exactly(
    run: Runner, service: Service, time: FakeTime
) -> None:
    service.add(JOB_1, RUNNING, RUNNING, SUCCEEDED)
    run("poll", JOB_1, "-p", "courier", "--interval", "0.5")
    assert time.slept == [0.5, 0.5]


def test_looks_that_fail_for_now_are_told_and_repeated(
    run: Runner, service: Service, time: FakeTime
) -> None:
    slow = RateLimitedError("slow down", http_status=429, retry_after=9, transient=True)
    broken = ProviderError("down", http_status=503, transient=True)
    service.add(JOB_1, slow, broken, SUCCEEDED)
    done = run("poll", JOB_1, "-p", "courier")
    assert done.status == 0
    assert "status check failed: slow down" in done.stderr
    assert time.slept == [9.0, 10.0]  # no answer twice in a row


def test_a_service_that_stays_away_ends_the_waiting_in_the_end(
    run: Runner, service: Service, time: FakeTime
) -> None:
    service.add(JOB_1, ProviderError("down", http_status=503, transient=True))
    done = run("poll", JOB_1, "-p", "courier")
    assert done.status == 8
    assert 300 < time.seconds < 330


def test_an_unknown_job_is_5_at_once(run: Runner, service: Service) -> None:
    done = run("poll", UNKNOWN, "-p", "courier")
    assert done.status == 5
    assert service.looks == [UNKNOWN]


def test_ctrl_c_stops_waiting_leaves_the_job_alone_and_tells_how_to_go_on(
    run: Runner, service: Service
) -> None:
    def pressed(_seconds: float) -> None:
        raise KeyboardInterrupt

    service.add(JOB_1, RUNNING)
    service.add(JOB_2, SUCCEEDED)
    done = run("poll", JOB_2, JOB_1, "-p", "courier", sleep=pressed)
    assert done.status == 130
    assert "text of 2" in done.text
    assert "the job is still running" in done.stderr
    assert f"to keep waiting, run: stt poll {JOB_1}" in done.stderr
    assert service.deleted == []


def test_poll_all_takes_up_what_the_ledger_has(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    run("batch", "submit", "a.wav", "b.wav", "-p", "courier")
    done = run("poll", "--all", "-p", "courier", "--json")
    assert len(json.loads(done.stdout)) == 2
    again = run("poll", "--all", "--json")
    assert (again.status, json.loads(again.stdout)) == (0, [])


def test_results_are_files_named_after_the_recordings(
    run: Runner, service: Service, recordings: list[str], tmp_path: Path
) -> None:
    ids = run("batch", "submit", "a.wav", "b.wav", "-p", "courier").lines
    done = run("poll", *ids, "-f", "srt", "-o", "out/")
    assert (done.status, done.text) == (0, "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "a.srt",
        "b.srt",
    ]
    again = run("poll", *ids, "-f", "srt", "-o", "out/")
    assert again.status == 0  # the very same content is no conflict
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.conformance("CO-14")
def test_captions_of_a_job_are_shaped_by_options(
    run: Runner, service: Service, tmp_path: Path
) -> None:
    service.add(JOB_1)
    service.texts[JOB_1] = ["one two three four five six seven"]
    shape = ["-f", "srt", "--max-line-length", "12", "--max-lines", "1"]
    for command in (["batch", "results"], ["poll"]):
        done = run(*command, JOB_1, "-p", "courier", *shape)
        assert done.status == 0
        lines = [line for line in done.lines if line and line[0].isalpha()]
        assert len(lines) > 1
        assert max(map(len, lines)) <= 12


def test_several_recordings_of_a_job_get_a_file_each(
    run: Runner, service: Service, recordings: list[str], tmp_path: Path
) -> None:
    service.add(JOB_1)
    service.texts[JOB_1] = ["one", "two"]
    done = run("batch", "results", JOB_1, "-p", "courier", "-o", "out/")
    assert done.status == 0
    assert len(list((tmp_path / "out").iterdir())) == 2
    as_json = run("poll", JOB_1, "-p", "courier", "--json")
    job = json.loads(as_json.stdout)
    assert job["transcript"] is None
    assert [one["text"] for one in job["transcripts"]] == ["one", "two"]


def test_results_of_a_job_that_runs_are_7_with_the_command_that_waits(
    run: Runner, service: Service
) -> None:
    service.add(JOB_1, RUNNING)
    done = run("batch", "results", JOB_1, "-p", "courier")
    assert done.status == 7
    assert f"stt poll {JOB_1}" in done.stderr


def test_json_lines_come_as_each_job_ends(run: Runner, service: Service) -> None:
    service.add(JOB_1, RUNNING, SUCCEEDED)
    service.add(JOB_2, SUCCEEDED)
    done = run("poll", JOB_1, JOB_2, "-p", "courier", "-f", "jsonl")
    assert [json.loads(line)["id"] for line in done.lines] == [JOB_2, JOB_1]


def test_list_shows_the_services_jobs(run: Runner, service: Service) -> None:
    service.add(JOB_1, RUNNING)
    service.add(JOB_2, SUCCEEDED)
    done = run("batch", "list", "-p", "courier", "--limit", "1")
    assert [line.split("\t")[:2] for line in done.lines] == [[JOB_1, "running"]]
    as_json = json.loads(run("batch", "list", "-p", "courier", "--json").stdout)
    assert [job["id"] for job in as_json] == [JOB_1, JOB_2]


def test_delete_tells_what_was_not_there(run: Runner, service: Service) -> None:
    service.add(JOB_1)
    done = run("batch", "delete", JOB_1, UNKNOWN, "-p", "courier")
    assert done.status == 5
    assert service.deleted == [JOB_1]
    assert "1 of 2 failed" in done.stderr


def test_quiet_says_nothing_and_the_result_stays(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run("batch", "submit", "a.wav", "-p", "courier", "-q")
    assert (done.lines, done.stderr) == ([JOB_1], "")


def test_a_notification_ends_the_pause_and_a_forged_one_does_not(
    run: Runner, service: Service
) -> None:
    from stt_cli.workflows.jobs import webhooks

    service.add(JOB_1, RUNNING, RUNNING, SUCCEEDED)
    service.polling = PollPolicy(steps=(), then=120.0, jitter=0)
    answers: list[int] = []
    real = webhooks.WebhookReceiver.wait

    def wait(self: webhooks.WebhookReceiver, seconds: float) -> None:
        for signature in ("bad", "good"):
            headers = {"X-Signature": signature, "X-Key": str(len(answers))}
            call = Request(self.url, JOB_1.encode(), headers)
            try:
                with urlopen(call) as answer:
                    answers.append(answer.status)
            except OSError as refused:
                answers.append(getattr(refused, "code", 0))
        real(self, seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webhooks.WebhookReceiver, "wait", wait)
        done = run("poll", JOB_1, "-p", "courier", "--webhook", "127.0.0.1:0")
    assert (done.status, done.text) == (0, "text of 1\n")
    assert answers == [403, 200, 403, 200]
    assert "listening for notifications at http://127.0.0.1:" in done.stderr


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("both.txt", "cannot write 2 transcripts to one file both.txt"),
        ("none/x/", None),
        ("a.wav/", "a.wav is a file"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_job_is_made(
    run: Runner, service: Service, recordings: list[str], output: str, words: str | None
) -> None:
    done = run(
        "batch", "submit", "a.wav", "b.wav", "-p", "courier", "--wait", "-o", output
    )
    if words is None:
        assert (done.status, sorted(p.name for p in Path(output).iterdir())) == (
            0,
            ["a.txt", "b.txt"],
        )
    else:
        assert (done.status, words in done.stderr) == (2, True)
        assert service.jobs == {}


def test_a_dry_run_sends_nothing_though_it_is_to_wait(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    done = run(
        "batch", "submit", "a.wav", "-p", "courier", "--wait", "--dry-run", "-o", "o/"
    )
    assert (done.status, done.text) == (0, "POST /jobs a.wav\n")
    assert service.jobs == {}
    assert not Path("o").exists()


@pytest.mark.parametrize(
    "pasted",
    [
        JOB_1.upper(),
        JOB_1.replace("-", ""),
        f'"{JOB_1}"',
        f"{{{JOB_1}}}",
        f" transcription id: {JOB_1} ",
        f"https://courier.example/v3.1/transcriptions/{JOB_1}/files",
    ],
)
def test_an_id_is_taken_as_it_was_copied(
    run: Runner, service: Service, recordings: list[str], pasted: str
) -> None:
    assert run("batch", "submit", "a.wav", "-p", "courier").lines == [JOB_1]
    assert json.loads(run("status", pasted, "--json").text)["id"] == JOB_1
    assert run("poll", pasted).text == "text of 1\n"
    assert run("batch", "results", pasted).text == "text of 1\n"
    assert JOB_1 in run("support", pasted).text
    assert run("batch", "delete", pasted, JOB_1).status == 0
    assert service.deleted == [JOB_1]


def test_a_fault_of_ours_fails_the_recording_that_met_it_and_no_other(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["b.wav"] = ValueError("an odd recording")  # type: ignore[assignment]
    done = run("batch", "submit", *recordings, "-p", "courier", "-j", "2")
    assert (done.status, sorted(done.lines)) == (1, [JOB_1, JOB_2])
    assert "b.wav: internal error: ValueError: an odd recording" in done.stderr
    assert "1 of 3 failed: b.wav" in done.stderr
    heard = run("recognize", *recordings, "-p", "scribe")
    assert heard.status == 1
    assert "heard a.wav" in heard.text
    assert "heard c.wav" in heard.text
    assert "b.wav: internal error: ValueError: an odd recording" in heard.stderr
    told = run("recognize", "b.wav", "-p", "scribe", "-vv").stderr
    assert "Traceback" in told
    assert "raise self.service.refuse" in told


def test_a_recording_that_may_have_been_taken_stays_open_after_a_fault_of_ours(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["b.wav"] = ValueError("an odd answer")  # type: ignore[assignment]
    run("batch", "submit", *recordings, "-p", "courier")
    # Its request was on its way: whether it was taken is not known.
    assert "to continue, run: stt batch resume" in run("status").stderr
    del service.refuse["b.wav"]
    assert run("batch", "resume", "--again").lines == [JOB_3]


@pytest.mark.parametrize(
    ("provider", "variable"),
    [
        ("soniox", "SONIOX_API_KEY"),
        ("azure", "AZURE_SPEECH_KEY"),
        ("scriptix", "SCRIPTIX_TOKEN"),
        ("watson", "SPEECH_TO_TEXT_APIKEY"),
    ],
)
def test_a_name_that_is_not_utf_8_travels(
    run: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    variable: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, KEY)
    odd = os.fsdecode(b"caf\xe9.wav")
    Path(odd).write_bytes(silent_wav())
    with emulated(provider) as service:
        where = ("-p", provider, "--endpoint", service.url)
        done = run("batch", "submit", odd, *where)
        assert (done.status, len(done.lines)) == (0, 1), done.stderr
        assert run("poll", done.lines[0], *where, "-o", "out/").status == 0
    assert [os.fsencode(path.name) for path in Path("out").iterdir()] == [
        b"caf\xe9.txt"
    ]


@pytest.mark.conformance("CO-26")
def test_a_service_that_is_gone_for_good_is_given_up_with_what_goes_on(
    run: Runner, service: Service, recordings: list[str]
) -> None:
    assert run("batch", "submit", "a.wav", "-p", "courier").lines == [JOB_1]
    service.add(JOB_1, UnreachableError("courier.example is gone", transient=True))
    clock = FakeTime()
    done = run("poll", JOB_1, monotonic=clock.monotonic, sleep=clock.sleep)
    assert (done.status, done.stdout) == (8, b"")
    assert "error: no response for 5 minutes: courier.example is gone" in done.stderr
    assert (
        f"the jobs may still be running; to keep waiting, run: stt poll {JOB_1}\n"
        in done.stderr
    )
    assert f"job id: {JOB_1}\n" in done.stderr
    assert 300 < clock.seconds < 330
    service.add(JOB_1)
    assert run("poll", "--all", "-p", "courier").text == "text of 1\n"
