"""Every documented shape is found, and what only looks like one is not."""

from __future__ import annotations

import pytest

from tests.ids.finding import found, pairs, usual
from tests.ids.shapes import (
    F1,
    HOST,
    J1,
    M1,
    NATIVE_STARTED,
    NO_ID_LINES,
    R1,
    S1,
    S2,
    SESSION_LINES,
    T1,
    TAG,
)


@pytest.mark.conformance("ID-01", "ID-03", "ID-04", "ID-07", "ID-12")
@pytest.mark.parametrize("name", SESSION_LINES)
def test_a_session_id_is_found_in_every_documented_shape(name: str) -> None:
    line = SESSION_LINES[name]
    assert usual(line) == [S1]
    assert usual(f"before\n{line}\r\nafter\n") == [S1]


@pytest.mark.conformance("ID-02")
@pytest.mark.parametrize("name", NO_ID_LINES)
def test_what_only_looks_like_a_session_id_is_none(name: str) -> None:
    assert usual(NO_ID_LINES[name]) == []


@pytest.mark.conformance("ID-12")
def test_a_translation_log_gives_its_session() -> None:
    log = (
        "[7]: 1ms SPX_TRACE_INFO:  usp_connection.cpp:1 connectionUrl=wss://westus.s2s."
        "speech.microsoft.com/speech/translation/cognitiveservices/v1?from=en-US&to=de\n"
        + SESSION_LINES["native, translation"]
    )
    assert pairs(log) == [("session", S1)]


def test_each_id_comes_once_and_the_first_seen_first() -> None:
    log = (
        f"SessionId: {S2}\n{NATIVE_STARTED}\nsessionId={S2.upper()}\nSessionId: {S1}\n"
    )
    assert usual(log) == [S2, S1]


@pytest.mark.parametrize(
    ("line", "kind", "identifier"),
    [
        (f"[1]: 2ms SPX_TRACE_INFO: x RequestId: '{R1}'", "request", R1),
        (f"The current speech request id is {R1}", "request", R1),
        (f"Create requestId {R1} for messageType 1", "request", R1),
        (f"privRequestId: {R1.upper()} |", "request", R1),
        (f"apim-request-id: {T1}", "request", T1),
        (f"X-Request-ID: {T1}", "request", T1),
        (f"x-request-id: {T1}", "request", T1),
        (f'"request_id":"{T1}"', "request", T1),
        (f'{{"context":{{"serviceTag":"{TAG}"}}}}', "service_tag", TAG),
        (f"[1]: 2ms SPX_TRACE_INFO: x Context.ServiceTag: {TAG}", "service_tag", TAG),
        (f"wss://h/stt/speech/universal/v2?cid={M1}", "endpoint", M1),
        (f"https://h/cognitiveservices/v1?deploymentId={M1}", "endpoint", M1),
        (f"Location: {HOST}/v3.2-preview.2/transcriptions/{T1}", "transcription", T1),
        (
            f"GET /speechtotext/v3.1/transcriptions/{T1}/files?top=5",
            "transcription",
            T1,
        ),
        (f"{HOST}/transcriptions/{T1}?api-version=2024-11-15", "transcription", T1),
        (
            f"Created new transcription with id '{T1}' in region eastus",
            "transcription",
            T1,
        ),
        (f"transcription id: {T1}", "transcription", T1),
        (f"https://api.soniox.com/v1/transcriptions/{T1}", "transcription", T1),
        (f"DELETE /v1/files/{F1} 204", "file", F1),
        (f"GET https://h/instances/{M1}/v1/recognitions/{J1}", "job", J1),
        ("X-Global-Transaction-ID: 3b1f6aa55a4e2f0d12ab34cd", "transaction", None),
        ("x-global-transaction-id: 3b1f6aa55a4e2f0d12ab34cd", "transaction", None),
        ("X-DP-Watson-Tran-ID: stream01-2073127541", "transaction", None),
        ("WATSNGWERR-0x1 Tran-Id: stream01-2073127541 - end", "transaction", None),
        ("X-Scriptix-Session: 1b8a70f1000001000002d1a37b", "session", None),
        ("X-Scriptix-Document: 67890", "document", "67890"),
        (
            "GET /api/v3/speech-to-text/session/1b8a70f1000001000002d1a37b/result",
            "session",
            "1b8a70f1000001000002d1a37b",
        ),
        ("2026-11-20T14:03:05.123Z JobId: job-77", "job", "job-77"),
        ("2026-11-20T14:03:05.123Z session id: stt_a1b2c3", "session", "stt_a1b2c3"),
        ("job id: stt_a1b2c3", "job", "stt_a1b2c3"),
    ],
)
def test_other_kinds_are_found_by_their_names(
    line: str, kind: str, identifier: str | None
) -> None:
    if identifier is None:
        identifier = next(
            w for w in line.split() if any(map(str.isdigit, w)) and len(w) > 18
        )
    assert pairs(line) == [(kind, identifier)]


@pytest.mark.conformance("ID-09")
@pytest.mark.parametrize(
    ("collection", "kind"),
    [
        ("datasets", "dataset"),
        ("models", "model"),
        ("models/base", "model"),
        ("endpoints", "endpoint"),
        ("projects", "project"),
        ("evaluations", "evaluation"),
        ("webhooks", "webhook"),
    ],
)
@pytest.mark.parametrize("version", ["", "/v3.1", "/v3.2-preview.1"])
def test_a_resource_is_named_by_its_collection(
    collection: str, kind: str, version: str
) -> None:
    address = f"{HOST}{version}/{collection}/{M1}"
    body = f'{{"self": "{address}?api-version=2024-11-15", "displayName": "x"}}'
    assert pairs(body) == [(kind, M1)]
    assert pairs(f"Location: {address}") == [(kind, M1)]
    assert usual(body) == []


@pytest.mark.conformance("ID-07")
@pytest.mark.parametrize(
    "value", [T1, "Request" + S1, "5948f700d2a811ee", S1 + "00", S1[:30] + "zz"]
)
def test_a_connection_id_that_rest_drops_is_reported_as_such(value: str) -> None:
    url = f"https://h/speech/recognition/conversation/cognitiveservices/v1?X-ConnectionId={value}"
    (finding,) = found(url, frozenset({"session"}))
    assert (finding.kind, finding.id, finding.honored) == ("connection", value, False)


@pytest.mark.conformance("ID-07")
def test_a_connection_id_of_the_right_shape_is_honored() -> None:
    (finding,) = found(f"https://h/v1?X-ConnectionId={S1}")
    assert (finding.kind, finding.honored) == ("session", True)


def test_the_time_is_the_one_that_the_line_states() -> None:
    lines = {
        NATIVE_STARTED: "87ms",
        SESSION_LINES["JavaScript, diagnostics"]: "2026-11-20T12:48:42.071Z",
        SESSION_LINES["access log"]: "20/Nov/2026:12:48:42 +0000",
        f"2026-11-20 12:48:42,071 INFO SessionId: {S1}": "2026-11-20 12:48:42,071",
        f"SessionId: {S1}": None,
    }
    for line, time in lines.items():
        assert found(line, frozenset({"session"}))[0].time == time


def test_the_source_is_file_and_line() -> None:
    (finding,) = found("one\ntwo\n" + NATIVE_STARTED)
    assert finding.to_dict()["source"] == "log:3"
