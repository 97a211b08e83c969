"""``stt support FILE…``: a case from what a customer sent, without a ledger."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Runner

ONE, TWO = "0b734c41faf8430380d493127bd44631", "1b734c41faf8430380d493127bd44632"
REQUEST = "c6837300e1b64e8c821c41bd6dc8d8b0"
SONIOX = "537216f8-0620-4a10-ae2d-00bdb423b36f"
KEY = "canary-0123456789abcdef"
URL = "wss://westeurope.stt.speech.microsoft.com/speech/universal/v2"
LOG = f"""\
2026-11-30T12:00:00.100+02:00 INFO User-Agent: SpeechSDK/1.45.0 Windows NT 10.0
2026-11-30T12:00:00.200+02:00 INFO open {URL}?X-ConnectionId={ONE}&Ocp-Apim-\
Subscription-Key={KEY}
2026-11-30T12:00:01.000+02:00 DEBUG SessionId: {ONE} RequestId: {REQUEST}
2026-11-30T12:00:02.000+02:00 INFO open {URL} X-ConnectionId: {TWO}
2026-11-30T12:00:03.000+02:00 ERROR CANCELED: ErrorDetails=WebSocket upgrade failed: \
Authentication error (401). SessionId: {TWO}
2026-11-30T12:00:04.000+02:00 ERROR Connection was closed by the remote host. Error \
code: 1007. Quota exceeded. SessionId: {ONE} Authorization: Bearer {KEY}
2026-11-30T12:00:05.000+02:00 ERROR RECOGNIZED: Text=the secret meeting SessionId: {ONE}
"""
HAR = {
    "log": {
        "entries": [
            {
                "startedDateTime": "2026-11-30T10:00:00.000Z",
                "request": {
                    "url": "https://api.soniox.com/v1/transcriptions",
                    "headers": [{"name": "Authorization", "value": f"Bearer {KEY}"}],
                },
                "response": {
                    "status": 500,
                    "headers": [{"name": "x-request-id", "value": SONIOX}],
                },
            }
        ]
    }
}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "app.log").write_text(LOG)
    (folder / "web.har").write_text(json.dumps(HAR))
    return folder


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("using Speech SDK 1.40.0 on", "Speech SDK 1.40.0"),
        ("Speech SDK for Java: 1.40.0", "Speech SDK for Java 1.40.0"),
        ("Azure Speech SDK version: 1.40", "Speech SDK 1.40"),
        (
            "azure-cognitiveservices-speech==1.40.0",
            "azure-cognitiveservices-speech 1.40.0",
        ),
        ("User-Agent: ibm-watson/8.1.0", "ibm-watson 8.1.0"),
    ],
)
def test_versions_are_found_as_people_and_programs_write_them(
    stt: Runner, tmp_path: Path, line: str, version: str
) -> None:
    log = tmp_path / "a.log"
    log.write_text(f"{line} Windows 10.0.19045 SessionId: {'9c1f0a7b' * 4}\n")
    told = json.loads(stt("support", log, "--json").stdout)
    assert told["versions"] == [version]
    assert told["systems"] == ["Windows 10.0.19045"]


@pytest.mark.conformance("ID-19")
def test_sessions_of_one_case_are_told_apart(stt: Runner, case: Path) -> None:
    told = json.loads(stt("support", case, "--json").text)
    one, two, soniox = told["sessions"]
    assert (one["id"], one["kind"], one["vendor"]) == (ONE, "session", "azure")
    assert one["began"] == "2026-11-30T12:00:00.200+02:00"
    assert one["began_utc"] == "2026-11-30T10:00:00.200Z"
    assert one["ended_utc"] == "2026-11-30T10:00:05.000Z"
    assert (one["endpoints"], one["regions"]) == ([URL], ["westeurope"])
    assert (one["statuses"], one["close_codes"]) == ([], ["1007"])
    assert [each["id"] for each in one["ids"]] == [REQUEST]
    assert [line for line in one["errors"] if "Quota exceeded" in line]
    assert (two["id"], two["statuses"], two["close_codes"]) == (TWO, ["401"], [])
    assert all(TWO in line for line in two["errors"])
    assert (soniox["id"], soniox["kind"]) == (SONIOX, "request")
    assert soniox["statuses"] == ["500"]
    assert soniox["send_to"] == "Soniox: support@soniox.com"
    assert told["versions"] == ["SpeechSDK 1.45.0"]
    assert told["systems"] == ["Windows NT 10.0"]


@pytest.mark.conformance("ID-19")
@pytest.mark.parametrize("how", ["folder", "zip", "files", "stdin"])
def test_it_is_made_from_whatever_came(
    stt: Runner, case: Path, tmp_path: Path, how: str
) -> None:
    log, har = case / "app.log", case / "web.har"
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(log, "app.log")
        packed.write(har, "web.har")
    inputs = {"folder": [case], "zip": [archive], "files": [log, har]}
    done = stt("support", *inputs.get(how, ["-"]), stdin=archive.read_bytes())
    assert done.status == 0, done.stderr
    for each in (ONE, TWO, SONIOX, REQUEST):
        assert f"`{each}`" in done.text
    assert KEY not in done.text
    assert "secret meeting" not in done.text
    assert str(tmp_path) not in done.text


@pytest.mark.conformance("ID-19", "ID-20")
def test_its_bundle_is_for_its_owner_and_is_read_back(
    stt: Runner, case: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "vendor.zip"
    done = stt("support", case, "--bundle", bundle)
    assert (done.status, done.stderr) == (0, f"notice: wrote {bundle}\n")
    assert bundle.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(bundle) as archive:
        assert archive.read("report.md").decode() == done.text
        assert json.loads(archive.read("report.json"))["sessions"][0]["id"] == ONE
    found = stt("session-id", "--kind", "session", "--kind", "request", bundle)
    ids = [line.split("\t")[0] for line in found.lines]
    assert sorted(ids) == sorted([ONE, TWO, REQUEST, SONIOX])


def test_what_cannot_be_read_is_told_and_the_rest_is(
    stt: Runner, case: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more of it")
    done = stt("support", case / "app.log", broken)
    assert done.status == 0
    assert "broken.zip was not read completely" in done.stderr
    assert "- not read: " in done.text


def test_material_without_an_id_is_exit_3(stt: Runner, tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text(f"etag {ONE}\n")
    done = stt("support", path)
    assert (done.status, done.stdout) == (3, b"")
    assert "no support ID found in x.log" in done.stderr
    assert "--candidates" in done.stderr


def test_two_ids_are_no_one_report(stt: Runner) -> None:
    done = stt("support", ONE, TWO)
    assert done.status == 2
    assert "a report covers one operation" in done.stderr


def test_lines_of_threads_go_to_the_session_that_a_thread_named(
    stt: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "sdk.log"
    path.write_text(
        f"[111]: 1ms SPX_TRACE_INFO:  a.cpp:1 SessionId: {ONE}\n"
        f"[222]: 2ms SPX_TRACE_INFO:  a.cpp:1 SessionId: {TWO}\n"
        "[111]: 3ms SPX_TRACE_ERROR:  b.cpp:2 Error: first thread failed\n"
        "[222]: 4ms SPX_TRACE_ERROR:  b.cpp:2 Error: second thread failed\n"
    )
    one, two = json.loads(stt("support", path, "--json").text)["sessions"]
    assert "first thread failed" in "".join(one["errors"])
    assert "second thread failed" in "".join(two["errors"])
    assert (one["began"], one["began_utc"]) == ("1ms", None)
