"""What was interrupted is gone on with: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.errors import (
    AudioError,
    CredentialsError,
    ProviderError,
    RateLimitedError,
    SttError,
    UnreachableError,
)
from stt_cli.core.job import JobState
from stt_cli.workflows.jobs import claim
from stt_cli.workflows.jobs.fingerprint import fingerprint
from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.job_service import JOB_1, JOB_2, JOB_3, Jobs, Service, service

__all__ = ["service"]


@pytest.fixture
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three recordings in the current folder, none like another."""
    monkeypatch.chdir(tmp_path)
    names = ["a.wav", "b.wav", "c.wav"]
    for number, name in enumerate(names, 1):
        (tmp_path / name).write_bytes(silent_wav(number / 10))
    return names


def submit(stt: Runner, *more: str | Path) -> Outcome:
    return stt("batch", "submit", "-p", "courier", *more)


def rows(stt: Runner) -> dict[str, dict[str, Any]]:
    history = json.loads(stt("history", "--json").stdout)
    return {row["input"]: row for row in history[::-1]}


@pytest.mark.conformance("CO-02")
def test_the_whole_list_is_in_the_ledger_before_the_first_request(
    stt: Runner,
    service: Service,
    recordings: list[str],
    stt_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[list[tuple[str, str]]] = []
    whole = Jobs.submit

    def submit_and_look(self: Jobs, source: Any, options: Any) -> Any:
        events = whole(self, source, options)
        yield next(events)
        ledger = sqlite3.connect(stt_home / "state" / "ledger.sqlite")
        with closing(ledger):
            seen.append(
                ledger.execute("SELECT input, status FROM operations").fetchall()
            )
        yield from events

    monkeypatch.setattr(Jobs, "submit", submit_and_look)
    submit(stt, *recordings)
    assert seen[0] == [("a.wav", "create"), ("b.wav", "planned"), ("c.wav", "planned")]
    assert seen[1] == [("a.wav", "queued"), ("b.wav", "create"), ("c.wav", "planned")]


@pytest.mark.conformance("CO-02")
def test_resume_submits_the_rest_from_any_folder_and_then_has_nothing_to_do(
    stt: Runner,
    service: Service,
    recordings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.refuse["b.wav"] = RateLimitedError("slow down", http_status=429)
    done = submit(stt, *recordings)
    assert (done.status, done.lines) == (9, [JOB_1, JOB_2])
    assert "1 of 3 is not submitted" in done.stderr
    assert "to continue, run: stt batch resume" in done.stderr
    service.refuse.clear()
    monkeypatch.chdir("/")
    done = stt("batch", "resume")
    assert (done.status, done.lines) == (0, [JOB_3])
    done = stt("batch", "resume")
    assert (done.status, done.text) == (0, "")
    assert "nothing left to submit" in done.stderr
    assert len(service.jobs) == 3
    assert rows(stt)["b.wav"]["ids"]["transcription_id"] == JOB_3


@pytest.mark.conformance("CO-02")
@pytest.mark.parametrize("way", ["resume", "submit"])
def test_what_was_never_begun_is_submitted_once_by_either_way(
    stt: Runner,
    service: Service,
    recordings: list[str],
    way: str,
) -> None:
    service.refuse["b.wav"] = CredentialsError("the key has expired", http_status=401)
    service.refuse["c.wav"] = UnreachableError("no route", transient=True)
    service.refuse["c.wav"].before_request = True  # type: ignore[attr-defined]
    assert submit(stt, *recordings).status == 4
    service.refuse.clear()
    if way == "resume":
        assert stt("batch", "resume", "-j", "2").status == 0
    else:
        done = submit(stt, *recordings)
        assert (done.status, len(done.lines)) == (0, 3)
        assert "1 of 3 is already submitted" in done.stderr
    assert len(service.jobs) == 3
    assert len(rows(stt)) == 3
    assert {row["status"] for row in rows(stt).values()} == {"queued"}
    assert "nothing left" in stt("batch", "resume").stderr


def test_the_same_recording_is_not_paid_for_twice(
    stt: Runner, service: Service, recordings: list[str], tmp_path: Path
) -> None:
    submit(stt, "a.wav")
    (tmp_path / "copy.wav").write_bytes((tmp_path / "a.wav").read_bytes())
    done = submit(stt, "copy.wav")
    assert (done.status, done.lines) == (0, [JOB_1])
    assert f"as {JOB_1}" in done.stderr
    assert "use --force to submit it again" in done.stderr
    assert len(service.jobs) == 1
    (job,) = json.loads(submit(stt, "copy.wav", "--json").stdout)
    assert (job["id"], job["input"]) == (JOB_1, "copy.wav")


@pytest.mark.parametrize(
    "other", [("--force",), ("--language", "de-DE"), ("--param", "a=b")]
)
def test_force_or_other_wishes_submit_it_again(
    stt: Runner, service: Service, recordings: list[str], other: tuple[str, ...]
) -> None:
    submit(stt, "a.wav")
    assert submit(stt, "a.wav", *other).lines == [JOB_2]


@pytest.mark.parametrize("end", ["failed", "deleted"])
def test_a_job_that_came_to_nothing_is_submitted_again(
    stt: Runner, service: Service, recordings: list[str], end: str
) -> None:
    submit(stt, "a.wav")
    if end == "failed":
        service.script[JOB_1] = [JobState.FAILED]
        assert stt("poll", JOB_1).status == 6
    else:
        assert stt("batch", "delete", JOB_1).status == 0
    assert submit(stt, "a.wav").lines == [JOB_2]


def test_the_same_recording_twice_in_a_list_is_one_job(
    stt: Runner, service: Service, recordings: list[str], tmp_path: Path
) -> None:
    (tmp_path / "copy.wav").write_bytes((tmp_path / "a.wav").read_bytes())
    done = submit(stt, "a.wav", "copy.wav", "-j", "2")
    assert done.lines == [JOB_1, JOB_1]
    assert len(service.jobs) == 1
    assert "nothing left" in stt("batch", "resume").stderr


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (AudioError("no recording"), True),
        (ProviderError("refused", http_status=400), True),
        (ProviderError("oh no", http_status=503, transient=True), False),
        (CredentialsError("wrong key", http_status=401), False),
    ],
)
def test_a_final_failure_ends_it_and_another_leaves_it_open(
    stt: Runner, service: Service, recordings: list[str], error: SttError, ends: bool
) -> None:
    service.refuse["a.wav"] = error
    done = submit(stt, "a.wav")
    row = rows(stt)["a.wav"]
    assert (row["status"], row["ended"] is not None) == (
        ("failed", True) if ends else ("interrupted", False)
    )
    assert row["error"]["message"] == error.message
    assert ("to continue, run: stt batch resume" in done.stderr) != ends


def test_a_lost_answer_is_not_sent_again_unless_asked(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["a.wav"] = UnreachableError("the connection broke", transient=True)
    assert submit(stt, "a.wav").status == 8
    service.refuse.clear()
    done = stt("batch", "resume")
    assert done.status == 8
    assert "cannot tell whether Courier has it" in done.stderr
    assert "stt batch resume --again" in done.stderr
    assert "client reference id: r-a.wav" in done.stderr
    assert service.jobs == {}
    assert stt("batch", "resume", "--again").lines == [JOB_1]


def test_forget_gives_up_and_keeps_the_ids(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["a.wav"] = UnreachableError("the connection broke", transient=True)
    service.refuse["b.wav"] = CredentialsError("wrong key")
    submit(stt, "a.wav", "b.wav")
    done = stt("batch", "resume", "--forget")
    assert done.status == 0
    assert "2 recordings were dropped" in done.stderr
    assert "client reference id: r-a.wav (a.wav)" in done.stderr
    assert rows(stt)["a.wav"]["status"] == "forgotten"
    assert "nothing left" in stt("batch", "resume").stderr


def test_a_dry_run_shows_what_is_left_and_sends_nothing(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    submit(stt, "a.wav")
    service.refuse.clear()
    assert stt("batch", "resume", "--dry-run").text == "POST /jobs a.wav\n"
    assert service.jobs == {}
    assert stt("batch", "resume", "-p", "telegraph").lines == []
    (job,) = json.loads(stt("batch", "resume", "--json").stdout)
    assert job["id"] == JOB_1
    assert json.loads(stt("batch", "resume", "--json").stdout) == []


def test_what_is_planned_is_told_by_status_and_history(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    submit(stt, "a.wav")
    done = stt("status")
    assert (done.status, done.text) == (0, "")
    assert "1 recording is not submitted yet" in done.stderr
    assert "interrupted" in stt("history").text


def test_a_file_that_is_gone_waits_until_it_is_back_or_given_up(
    stt: Runner, service: Service, recordings: list[str], tmp_path: Path
) -> None:
    for name in ("a.wav", "b.wav"):
        service.refuse[name] = CredentialsError("wrong key", http_status=401)
    submit(stt, "a.wav", "b.wav")
    service.refuse.clear()
    kept = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").unlink()
    done = stt("batch", "resume")
    assert (done.status, done.lines) == (10, [JOB_1])
    assert "a.wav: no such file" in done.stderr
    assert "put the file back" in done.stderr
    assert stt("batch", "resume").status == 10  # an unmounted share, for a while
    (tmp_path / "a.wav").write_bytes(kept)
    assert stt("batch", "resume").lines == [JOB_2]
    assert "nothing left" in stt("batch", "resume").stderr


def test_a_file_that_cannot_be_read_ends(
    stt: Runner,
    service: Service,
    recordings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_given: object) -> str:
        raise AudioError("a.wav: cannot be read: the disk is broken")

    monkeypatch.setattr("stt_cli.workflows.jobs.claim.fingerprint", fail)
    assert submit(stt, "a.wav").status == 10
    assert rows(stt)["a.wav"]["status"] == "failed"
    assert "nothing left" in stt("batch", "resume").stderr


def test_what_another_shell_gave_up_meanwhile_is_no_job(
    stt: Runner,
    service: Service,
    recordings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    submit(stt, "a.wav")
    whole = fingerprint

    def meanwhile(*given: Any) -> str | None:
        stt("batch", "resume", "--forget")
        monkeypatch.setattr(claim, "fingerprint", whole)
        service.refuse["a.wav"] = AudioError("no recording")
        submit(stt, "a.wav")
        return whole(*given)

    monkeypatch.setattr(claim, "fingerprint", meanwhile)
    done = stt("batch", "resume")
    assert (done.status, done.lines) == (6, [])
    assert "another process" in done.stderr


def test_a_file_that_changed_is_submitted_as_it_is_now(
    stt: Runner, service: Service, recordings: list[str], tmp_path: Path
) -> None:
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    submit(stt, "a.wav")
    service.refuse.clear()
    (tmp_path / "a.wav").write_bytes(silent_wav(2))
    assert stt("batch", "resume").lines == [JOB_1]
    assert submit(stt, "a.wav").lines == [JOB_1]


def test_standard_input_cannot_be_had_again(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["-"] = CredentialsError("wrong key", http_status=401)
    assert submit(stt, "-").status == 4
    service.refuse.clear()
    done = stt("batch", "resume")
    assert done.status == 10
    assert "was piped" in done.stderr
    assert "nothing left" in stt("batch", "resume").stderr


def test_a_name_that_is_no_text_is_found_again(
    stt: Runner, service: Service, recordings: list[str], tmp_path: Path
) -> None:
    name = os.fsdecode(b"\xff\xfe.wav")
    (tmp_path / name).write_bytes(silent_wav(0.4))
    service.refuse[name] = CredentialsError("wrong key", http_status=401)
    assert submit(stt, name).status == 4
    service.refuse.clear()
    assert stt("batch", "resume").lines == [JOB_1]


@pytest.mark.conformance("CO-05")
def test_a_secret_wish_is_not_kept_and_the_same_command_goes_on(
    stt: Runner,
    service: Service,
    recordings: list[str],
    stt_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dataclasses import replace

    from tests.job_service import COURIER

    spec = replace(COURIER, secret_params=frozenset({"hook_key"}))
    monkeypatch.setattr("tests.job_service.COURIER", spec)
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    command = ("a.wav", "--param", "hook_key=opensesame", "--param", "x=1")
    submit(stt, *command)
    service.refuse.clear()
    ledger = (stt_home / "state" / "ledger.sqlite").read_bytes()
    log = (stt_home / "state" / "ledger.sqlite-wal").read_bytes()
    assert b"opensesame" not in ledger + log
    done = stt("batch", "resume")
    assert done.status == 2
    assert "hook_key contained a secret" in done.stderr
    assert service.jobs == {}
    assert submit(stt, *command).lines == [JOB_1]
    assert service.options[0].recognition.params["hook_key"] == ("opensesame",)
    assert "nothing left" in stt("batch", "resume").stderr


def test_without_a_ledger_everything_is_submitted(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    done = stt(
        "batch", "submit", *recordings, "-p", "courier", env={"STT_LEDGER": "off"}
    )
    assert done.lines == [JOB_1, JOB_2, JOB_3]
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    done = stt("batch", "submit", "a.wav", "-p", "courier", env={"STT_LEDGER": "off"})
    assert "resume" not in done.stderr


@pytest.mark.parametrize(
    "command", [("batch", "resume"), ("poll", "--all"), ("status",)]
)
def test_without_a_ledger_nobody_says_that_nothing_is_open(
    stt: Runner, service: Service, recordings: list[str], command: tuple[str, ...]
) -> None:
    stt("batch", "submit", *recordings, "-p", "courier", env={"STT_LEDGER": "off"})
    done = stt(*command, env={"STT_LEDGER": "off"})
    assert done.status == 2
    assert "the ledger is disabled" in done.stderr


@pytest.mark.parametrize("option", ["--dry-run", "--forget"])
def test_every_way_to_resume_says_that_nothing_is_left(
    stt: Runner, service: Service, option: str
) -> None:
    done = stt("batch", "resume", option)
    assert (done.status, done.text) == (0, "")
    assert done.stderr == "notice: nothing left to submit\n"


def test_forget_leaves_what_another_process_is_submitting(
    stt: Runner,
    service: Service,
    recordings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = fingerprint
    told = []

    def meanwhile(*given: Any) -> str | None:
        told.append(stt("batch", "resume", "--forget").stderr)
        return whole(*given)

    monkeypatch.setattr(claim, "fingerprint", meanwhile)
    assert submit(stt, "a.wav").lines == [JOB_1]
    assert told == ["notice: 1 recording is being submitted by another process\n"]


def test_an_empty_file_is_sent_to_no_service(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    Path("b.wav").write_bytes(b"")
    done = submit(stt, "a.wav", "b.wav")
    assert (done.status, done.lines) == (10, [JOB_1])
    assert "error: b.wav is empty" in done.stderr
    assert len(service.jobs) == 1
    assert "nothing left" in stt("batch", "resume").stderr


def test_the_only_one_that_resume_fails_at_is_named(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    submit(stt, *recordings)
    done = stt("batch", "resume")
    assert done.status == 4
    assert "error: a.wav: wrong key" in done.stderr


def test_a_job_of_this_machine_is_done_again_under_its_own_id(
    stt: Runner, service: Service, recordings: list[str]
) -> None:
    service.refuse["a.wav"] = CredentialsError("wrong key")
    stt("batch", "submit", "a.wav", "-p", "scribe")
    (own,) = [row["ids"]["job_id"] for row in rows(stt).values()]
    service.refuse.clear()
    assert stt("batch", "resume").lines == [own]
    assert stt("poll", own).text == "heard a.wav\n"


def test_another_profile_is_another_account(
    stt: Runner,
    service: Service,
    recordings: list[str],
    config_file: Callable[[str], Path],
) -> None:
    config_file("[profile.work]\nprovider = 'courier'\n")
    service.refuse["a.wav"] = CredentialsError("wrong key", http_status=401)
    submit(stt, "a.wav", "--profile", "work")
    service.refuse.clear()
    done = stt("batch", "resume")
    assert (done.status, done.lines) == (2, [])
    assert "1 recording was queued with the profile work" in done.stderr
    assert "to continue, run: stt batch resume --profile work" in done.stderr
    assert stt("batch", "resume", "--profile", "work").lines == [JOB_1]
    assert submit(stt, "a.wav").lines == [JOB_2]


def test_another_region_is_not_looked_into(
    stt: Runner, recordings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"AZURE_SPEECH_KEY": "made-up-key-0001", "AZURE_SPEECH_REGION": "westeurope"}
    there = {**env, "HTTPS_PROXY": "http://127.0.0.1:9"}
    done = stt("batch", "submit", "https://x.example/a.wav", "-p", "azure", env=there)
    assert done.status == 8
    done = stt("batch", "resume", env={**there, "AZURE_SPEECH_REGION": "eastus"})
    assert done.status == 2
    assert (
        "queued for the region westeurope, but the region is now eastus" in done.stderr
    )


def test_forget_goes_alone(stt: Runner, service: Service) -> None:
    assert stt("batch", "resume", "--forget", "--again").status == 2
