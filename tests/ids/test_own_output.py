"""What stt itself writes is read back, each ID with its kind."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from stt_cli.core.identifiers import Identifiers, label
from stt_cli.core.job import Job, JobState
from stt_cli.ledger import open_ledger
from stt_cli.ui.jobs import print_jobs
from tests.conftest import Runner
from tests.emulating import emulated
from tests.ids.finding import pairs
from tests.ids.shapes import S1, T1
from tests.state_fixtures import EnvironmentFactory

IDS = {
    "session_id": "4de3bf105bfe44e4bc9ce9d9ae",
    "transcription_id": T1,
    "job_id": "stt-fa8bb5dbae0f4f6fb79bf95ad4d46c04",
    "run_id": S1,
    "transaction_id": "dd579b8fd7574903b0f58440a7f6d708",
    "request_id": "r-00017",
}
EXPECTED = sorted((name.removesuffix("_id"), value) for name, value in IDS.items())
PREFIXES = {
    "none": "",
    "docker compose": "stt-1  | ",
    "docker compose, colored": "\x1b[36mstt-1  | \x1b[0m",
    "kubectl --prefix": "[pod/stt-7d9f/stt] ",
    "journal": "Nov 30 10:00:00 host stt[123]: ",
    "time": "2026-11-30T10:00:00.123Z ",
    "GitHub Actions": "2026-11-30T10:00:00.1234567Z ",
    "list": "- ",
}


@pytest.mark.conformance("ID-20")
@pytest.mark.parametrize("name", PREFIXES)
def test_stderr_is_read_back_behind_what_others_put_in_front(name: str) -> None:
    prefix = PREFIXES[name]
    lines = "".join(f"{prefix}{label(k)}: {v}\n" for k, v in IDS.items())
    assert sorted(pairs(lines)) == EXPECTED


@pytest.mark.conformance("ID-20")
def test_a_line_that_names_its_input_is_read_back() -> None:
    assert pairs("session id: stt_a1b2c3 (my call.wav)\n") == [
        ("session", "stt_a1b2c3")
    ]


@pytest.mark.conformance("ID-20")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_report_is_read_back(
    stt: Runner, make_environment: EnvironmentFactory, options: tuple[str, ...]
) -> None:
    with open_ledger(make_environment()) as ledger:
        entry = ledger.begin("recognize", "watson", "a.wav")
        entry.learn(Identifiers.from_mapping(IDS))
    report = stt("support", "r-00017", *options).text
    assert sorted(pairs(report)) == EXPECTED


@pytest.mark.conformance("ID-20")
def test_a_bundle_is_read_back(
    stt: Runner, make_environment: EnvironmentFactory, tmp_path: Path
) -> None:
    with open_ledger(make_environment()) as ledger:
        entry = ledger.begin("batch submit", "soniox", "a.wav")
        entry.learn(Identifiers.of(transcription_id=T1))
    bundle = tmp_path / "case.zip"
    stt("support", T1, "--bundle", bundle)
    assert stt("session-id", bundle).lines == [T1]


@pytest.mark.conformance("ID-20")
def test_the_list_of_jobs_is_read_back(
    stt: Runner, make_environment: EnvironmentFactory
) -> None:
    here = make_environment()
    jobs = [
        Job("job-17", "watson", JobState.RUNNING, ids=Identifiers.of(job_id="job-17")),
        Job(
            "1b8a70f1000001000002d1a37b",
            "scriptix",
            JobState.FAILED,
            provider_state="error",
            ids=Identifiers.of(session_id="1b8a70f1000001000002d1a37b"),
            details={"displayName": "Monday"},
        ),
    ]
    jobs.append(
        Job(
            T1,
            "soniox",
            JobState.UNKNOWN,
            provider_state="On hold",
            ids=Identifiers.of(transcription_id=T1),
        )
    )
    print_jobs(jobs, here)
    listed = here.stdout.getvalue()  # type: ignore[attr-defined]
    assert "\tMonday\t" in listed
    assert pairs(listed) == [
        ("job", "job-17"),
        ("session", "1b8a70f1000001000002d1a37b"),
        ("transcription", T1),
    ]


@pytest.mark.conformance("ID-20")
def test_the_list_of_uploads_is_read_back(stt: Runner) -> None:
    with emulated("soniox", key=None) as service:
        for name in ("a.wav", "b id.wav"):
            file = {"file": (name, bytes(1500))}
            httpx.post(f"{service.url}/v1/files", files=file)
        where = ("-p", "soniox", "--endpoint", service.url)
        listed = stt("batch", "files", *where).text
    assert pairs(listed) == [
        ("file", line.split("\t")[0]) for line in listed.splitlines()
    ]
    assert len(pairs(listed)) == 2


@pytest.mark.conformance("ID-20")
def test_our_own_id_is_never_headlined_as_the_vendors(
    stt: Runner, make_environment: EnvironmentFactory
) -> None:
    with open_ledger(make_environment()) as ledger:
        entry = ledger.begin("recognize", "watson", "a.wav")
        entry.learn(Identifiers.of(run_id=S1))
        entry.learn(Identifiers.of(transaction_id="tx-00017"))
    report = stt("support", "tx-00017").text
    assert report.index("transaction id") < report.index("run id")
    assert "session id" not in report
    assert stt("history").lines[0].split("\t")[4] == "tx-00017"
    assert stt("session-id", "--last").lines == ["tx-00017"]
