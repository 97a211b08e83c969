"""``stt support``: the report of real failing runs, whole and without a secret."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.errors import (
    AudioError,
    CredentialsError,
    NothingFoundError,
    UnreachableError,
    UsageError,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import open_ledger
from tests.conftest import Runner
from tests.emulating import KEY, emulated
from tests.state_fixtures import Clock, EnvironmentFactory

GUID = "9f4ffa5113a846eba289aa98b28e766f"
WRONG = "a-key-that-is-wrong/+="


def report(stt: Runner, *arguments: str, **more: Any) -> dict[str, Any]:
    done = stt("support", *arguments, "--json", **more)
    assert done.status == 0, done.stderr
    return dict(json.loads(done.text))


def refused_by_azure(stt: Runner, recording: Path, transport: str) -> str:
    with emulated("azure") as service:
        done = stt(
            *["recognize", recording, "-p", "azure", "--transport", transport],
            *["--endpoint", service.url, "--session-id", GUID],
            env={"AZURE_SPEECH_KEY": WRONG, "AZURE_SPEECH_REGION": "westeurope"},
        )
    assert done.status == 4, done.stderr
    return service.url


@pytest.mark.conformance("CO-08")
def test_a_refused_request_is_told_with_everything_support_asks_for(
    stt: Runner, recording: Path
) -> None:
    url = refused_by_azure(stt, recording, "rest")
    done = stt("support", GUID)
    assert (done.status, done.stderr) == (0, "")
    text = done.text
    # The request string, whole, without its credentials.
    request = re.search(rf"^POST {re.escape(url)}/speech/\S+$", text, re.M)
    assert request is not None
    assert "language=en-US" in request[0]
    assert f"X-ConnectionId={GUID}" in request[0]
    assert "\nContent-Type: audio/wav" in text
    # The failed answer with its words, and its log ID among the headers and the IDs.
    assert "HTTP 401 Unauthorized\n" in text
    assert "Access denied due to invalid subscription key" in text
    apim = re.search(r"^apim-request-id: (\S+)$", text, re.M)
    assert apim is not None
    told = re.findall(r"^- (.+ id): `(\S+)` \(received \d{4}-\S+Z\)$", text, re.M)
    assert told == [("session id", GUID), ("apim request id", apim[1])]
    assert "- endpoint: `" + url + "`" in text
    assert "- region: `westeurope`" in text
    assert "- transport: `rest`" in text
    assert "- language: `en-US`" in text
    # Times, versions, the share of failures.
    assert re.search(r"^- started: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", text, re.M)
    assert re.search(r"^- duration: \d+\.\d{3} s$", text, re.M)
    assert "- this machine's clock: matches the service's clock" in text
    assert re.search(r"^- then: stt \S+, Python 3\.\d+\.\d+, ", text, re.M)
    assert re.search(r"^- packages: .*\bwebsockets \d.*, TLS OpenSSL", text, re.M)
    assert "- last 24 hours: 1 of 1 (100.0%): auth 1" in text
    assert "- last 30 days: 1 of 1 (100.0%): auth 1" in text
    # No secret, no name of the recording.
    assert WRONG not in text
    assert "a-key-that" not in text
    assert recording.name not in text


def test_a_refused_websocket_is_told_with_its_request(
    stt: Runner, recording: Path
) -> None:
    url = refused_by_azure(stt, recording, "websocket")
    told = report(stt)
    method, *headers = told["request"].split("\n")
    assert method.startswith(f"GET {url.replace('http', 'ws')}/speech/")
    assert f"X-ConnectionId: {GUID}" in headers
    assert told["answer"].startswith("HTTP 401 ")
    assert (told["transport"], told["error"]["http_status"]) == ("websocket", 401)
    assert "a-key-that" not in json.dumps(told)


def test_a_websocket_that_breaks_off_later_is_told_with_its_upgrade(
    stt: Runner, recording: Path
) -> None:
    with emulated("soniox", "close:1011:99") as service:
        done = stt(
            *["recognize", recording, "-p", "soniox", "--endpoint", service.url],
            env={"SONIOX_API_KEY": KEY},
            sleep=lambda _seconds: None,
        )
    assert done.status == 8, done.stderr
    told = report(stt)
    assert told["request"].startswith("GET ws://127.0.0.1")
    assert told["answer"].startswith("HTTP 101 ")
    assert told["error"]["message"]
    assert told["send_to"] == "Soniox: support@soniox.com"


def test_a_job_that_the_service_could_not_take_is_told_with_its_request_id(
    stt: Runner, recording: Path
) -> None:
    with emulated("soniox", "status:500:99") as service:
        done = stt(
            *["batch", "submit", recording, "-p", "soniox"],
            *["--endpoint", service.url],
            env={"SONIOX_API_KEY": KEY},
            sleep=lambda _seconds: None,
        )
    assert done.status == 8, done.stderr
    told = report(stt)
    body = json.loads(told["answer"].split("\n\n")[1])
    ids = {one["kind"]: one["id"] for one in told["ids"]}
    assert ids["request_id"] == body["request_id"]
    assert told["answer"].startswith("HTTP 500 ")
    assert told["error"]["provider_code"] == "internal_error"
    assert report(stt, body["request_id"].upper())["ids"] == told["ids"]


def test_a_job_that_goes_on_has_its_request(stt: Runner, recording: Path) -> None:
    with emulated("soniox") as service:
        done = stt(
            *["batch", "submit", recording, "-p", "soniox"],
            *["--endpoint", service.url],
            env={"SONIOX_API_KEY": KEY},
        )
    assert done.status == 0, done.stderr
    told = report(stt, done.lines[0])
    assert told["request"].startswith(f"POST {service.url}/v1/transcriptions\n")
    assert (told["ended"], told["seconds"], told["error"]) == (None, None, None)
    assert KEY not in json.dumps(told)


def test_a_service_that_is_not_there_is_told_without_an_answer(
    stt: Runner, recording: Path
) -> None:
    stt(
        *["recognize", recording, "-p", "azure", "--transport", "rest"],
        *["--endpoint", "http://127.0.0.1:9"],
        sleep=lambda _seconds: None,
    )
    told = report(stt)
    assert told["request"].startswith("POST http://127.0.0.1:9/speech/")
    assert (told["answer"], told["clock_offset"]) == (None, None)
    text = stt("support").text
    assert "- no response" in text
    assert "- this machine's clock: not measured" in text


def test_a_clock_that_is_wrong_is_told(stt: Runner, recording: Path) -> None:
    with emulated("azure") as service:
        stt(
            *["recognize", recording, "-p", "azure", "--transport", "rest"],
            *["--endpoint", service.url],
            now=lambda: datetime.now(UTC) + timedelta(seconds=90),
        )
    assert 89 < report(stt)["clock_offset"] < 95
    text = stt("support").text
    assert re.search("^- this machine's clock: 9\\d s ahead of the", text, re.M)


@pytest.fixture
def failures(make_environment: EnvironmentFactory, clock: Clock) -> None:
    """Operations of a month, of which some count and some do not."""
    with open_ledger(make_environment(now=clock.now)) as ledger:

        def add(provider: str, status: str, error: Any = None) -> None:
            entry = ledger.begin("recognize", provider, "a.wav")
            entry.learn(Identifiers.of(session_id=GUID))
            entry.finish(status, error=error)

        add("azure", "failed", UnreachableError("gone"))  # 31 days ago: too old
        clock.move(days=11)
        for _ in range(2):
            add("azure", "success")
        add("azure", "failed", UnreachableError("gone"))
        clock.move(days=20)
        add("azure", "success")
        add("azure", "no_match", NothingFoundError("nothing"))  # an answer
        add("azure", "failed", CredentialsError("no", http_status=401))
        add("azure", "failed", AudioError("refused", http_status=415))
        add("azure", "failed", AudioError("never left this machine"))
        add("azure", "failed", UsageError("never left this machine"))
        add("azure", "cancelled")
        add("soniox", "failed", UnreachableError("another's"))
        ledger.begin("recognize", "azure", "still open")


@pytest.mark.conformance("CO-08")
@pytest.mark.usefixtures("failures")
def test_the_share_of_failures_counts_what_the_service_answered(
    stt: Runner, make_environment: EnvironmentFactory, clock: Clock
) -> None:
    with open_ledger(make_environment(now=clock.now)) as ledger:
        entry = ledger.begin("recognize", "azure", "a.wav")
        entry.learn(Identifiers.of(session_id="the-one"))
    shares = report(stt, "the-one", now=clock.now)["failures"]
    day = {"auth": 1, "audio": 1}
    assert shares == [
        {"hours": 24, "failed": 2, "total": 4, "percent": 50.0, "kinds": day},
        {
            "hours": 720,
            "failed": 3,
            "total": 7,
            "percent": 42.9,
            "kinds": {**day, "unreachable": 1},
        },
    ]


@pytest.mark.usefixtures("failures")
def test_without_an_id_it_is_the_newest_that_failed(stt: Runner, clock: Clock) -> None:
    told = report(stt, now=clock.now)
    assert (told["provider"], told["error"]["message"]) == ("soniox", "another's")


def test_what_is_not_there_is_said(stt: Runner) -> None:
    done = stt("support", GUID)
    assert (done.status, done.stdout) == (5, b"")
    assert f"error: no operation with the ID {GUID} in the ledger" in done.stderr
    assert "hint: `stt history` lists operations" in done.stderr
    done = stt("support")
    assert done.status == 5
    assert "error: no failed operation in the ledger" in done.stderr


LOG = (
    f"2026-11-20T14:00:00Z SessionId: {GUID}\n"
    "2026-11-20T14:00:01Z another line\n"
    f'x {GUID.upper()} {{"DisplayText":"the \\"secret\\" meeting","Id":"r-1"}}\n'
    f"y {GUID[:8]}-{GUID[8:12]}-{GUID[12:16]}-{GUID[16:20]}-{GUID[20:]} "
    f"Ocp-Apim-Subscription-Key: {WRONG}\n"
    f"z {GUID} the plain key {WRONG} \x1b[2J\n"
    f"w {GUID} RECOGNIZED: Text=the secret meeting"
)


@pytest.mark.conformance("CO-08")
def test_a_bundle_has_reports_and_log_and_nothing_secret(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    refused_by_azure(stt, recording, "rest")
    log, bundle = tmp_path / "sdk.log", tmp_path / "case.zip"
    log.write_text(LOG)
    arguments = ["support", GUID, "--log", str(log), "--bundle", str(bundle)]
    done = stt(*arguments, env={"AZURE_SPEECH_KEY": WRONG})
    assert (done.status, done.stderr) == (0, f"notice: wrote {bundle}\n")
    assert bundle.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(bundle) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(members) == ["log.txt", "report.json", "report.md"]
    assert members["report.md"] == done.text
    told = json.loads(members["report.json"])
    assert told["error"]["http_status"] == 401
    assert members["log.txt"].splitlines() == [
        "# sdk.log",
        f"2026-11-20T14:00:00Z SessionId: {GUID}",
        f'x {GUID.upper()} {{"DisplayText":"…","Id":"r-1"}}',
        f"y {GUID[:8]}-{GUID[8:12]}-{GUID[12:16]}-{GUID[16:20]}-{GUID[20:]} "
        "Ocp-Apim-Subscription-Key: ***",
        f"z {GUID} the plain key *** \\x1b[2J",
        f"w {GUID} RECOGNIZED: …",
    ]
    for text in (*members.values(), done.text):
        assert "a-key-that" not in text
        assert "secret meeting" not in text

    again = stt(*arguments)
    assert again.status == 2
    assert "already exists" in again.stderr
    bundle.chmod(0o644)
    assert stt(*arguments, "--force").status == 0
    assert bundle.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["a.wav", "case.zip", "sdk.log", "stt-home"]
    )


def test_a_log_that_is_not_there_leaves_no_bundle(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    refused_by_azure(stt, recording, "rest")
    bundle = tmp_path / "case.zip"
    done = stt("support", "--log", tmp_path / "none.log", "--bundle", bundle)
    assert (done.status, done.stdout) == (2, b"")
    assert not bundle.exists()


def test_a_log_comes_by_stdin_too(stt: Runner, recording: Path) -> None:
    refused_by_azure(stt, recording, "rest")
    (log,) = report(stt, "--log", "-", stdin=LOG.encode())["logs"]
    assert (log["source"], len(log["lines"]), log["more"]) == ("stdin", 5, 0)


def test_words_of_a_service_become_neither_markup_nor_escape_sequences(
    stt: Runner, make_environment: EnvironmentFactory
) -> None:
    words = "bad\x1b[2J\n```\n# a heading `with` ``ticks``"
    with open_ledger(make_environment()) as ledger:
        entry = ledger.begin("recognize", "azure", "a.wav")
        entry.learn(Identifiers.of(session_id=GUID), answer=f"HTTP 500\n\n{words}")
        entry.finish("failed", error=UnreachableError(words))
    text = stt("support").text
    assert "\x1b" not in text
    assert "failed" in text.splitlines()[2]
    assert "```bad\\x1b[2J ``` # a heading" not in text
    assert "- failure: ```` bad\\x1b[2J ``` # a heading `with` ``ticks`` ````\n" in text
    assert "````text\nHTTP 500" in text
