"""JSON is read as JSON: which of many GUIDs names what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.ids.json_documents import documents
from tests.ids.finding import found, pairs, usual
from tests.ids.shapes import F1, HOST, J1, M1, P1, R1, S1, S2, T1

T2 = "2b2c3d4e-5f60-4718-92a3-b4c5d6e7f809"
V31, V2024 = f"{HOST}/v3.1", HOST


def transcription(
    identifier: str = T1, base: str = V31, query: str = "", **more: Any
) -> dict[str, Any]:
    """A transcription's body, its keys in an order that sets a trap."""
    return {
        "links": {"files": f"{base}/transcriptions/{T2}/files{query}"},
        "model": {"self": f"{base}/models/base/{M1}{query}"},
        "project": {"self": f"{base}/projects/{P1}{query}"},
        "self": f"{base}/transcriptions/{identifier}{query}",
        "displayName": "Meeting",
        "status": "Succeeded",
        "createdDateTime": "2026-11-20T09:08:07Z",
        **more,
    }


BODIES = {
    "v3.1": transcription(),
    "2024-11-15": transcription(base=V2024, query="?api-version=2024-11-15"),
    "v3.2-preview": transcription(base=f"{HOST}/v3.2-preview.2"),
}


@pytest.mark.conformance("ID-08")
@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("name", BODIES)
def test_a_transcription_is_named_by_its_own_self(
    name: str, indent: int | None
) -> None:
    body = json.dumps(BODIES[name], indent=indent)
    assert usual(body) == [T1]
    assert usual(f'HTTP/1.1 200 OK\r\nETag: "{R1}"\r\n\r\n{body}\n') == [T1]
    assert ("transcription", T2) not in pairs(body)
    assert ("transcription", M1) not in pairs(body)


@pytest.mark.conformance("ID-08")
@pytest.mark.parametrize("indent", [None, 2])
def test_every_member_of_a_list_is_named(indent: int | None) -> None:
    page = {
        "values": [transcription(), transcription(T2.replace("2b", "3b"))],
        "@nextLink": f"{V31}/transcriptions?skip=2&top=2",
    }
    assert usual(json.dumps(page, indent=indent)) == [T1, T2.replace("2b", "3b")]


@pytest.mark.conformance("ID-08")
def test_json_in_a_log_line_and_as_json_lines_is_read_as_json() -> None:
    body = json.dumps(transcription())
    assert usual(f"2026-11-20 12:00:00 DEBUG body: {body} took 3 ms\n") == [T1]
    other = json.dumps(transcription(J1))
    assert usual(f"{body}\n{other}\n") == [T1, J1]
    logged = json.dumps({"level": "info", "response": transcription()})
    assert usual(logged) == [T1]
    within = json.dumps({"message": f"got {body}"})
    assert usual(within) == [T1]


@pytest.mark.conformance("ID-08")
@pytest.mark.parametrize("indent", [None, 2])
def test_a_torn_document_still_tells_its_own_self_from_others(
    indent: int | None,
) -> None:
    whole = json.dumps(transcription(), indent=indent)
    for torn in (whole[:-1], whole[: whole.index("Meeting")], whole[5:], whole[1:]):
        assert usual(torn) == [T1], torn
    cut_before = whole[: whole.index('"self": "' + V31 + "/transcriptions")]
    assert usual(cut_before) == []


def test_a_python_dict_in_a_log_is_no_trap() -> None:
    assert usual(f"got {transcription()}") == [T1]


@pytest.mark.conformance("ID-09")
def test_parts_of_a_body_are_named_by_their_own_kinds() -> None:
    assert set(pairs(json.dumps(transcription()))) == {
        ("transcription", T1),
        ("model", M1),
        ("project", P1),
    }
    file = {
        "self": f"{V31}/transcriptions/{T1}/files/{F1}",
        "kind": "Transcription",
        "links": {"contentUrl": f"https://blob.example/{P1}?sig=x"},
    }
    body = json.dumps({"values": [file]})
    assert pairs(body) == [("transcription", T1), ("file", F1)]


SERVICES: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "Soniox transcription": (
        {
            "id": T1,
            "status": "queued",
            "created_at": "2026-11-20T00:00:00Z",
            "model": "stt-async-v5",
            "filename": "a.mp3",
            "file_id": F1,
            "client_reference_id": "order-7",
        },
        [("transcription", T1), ("client_reference", "order-7"), ("file", F1)],
    ),
    "Soniox list": (
        {
            "transcriptions": [
                {"id": T1, "status": "error", "model": "m", "filename": "a"},
                {"id": J1, "status": "completed", "model": "m", "filename": "b"},
            ],
            "next_page_cursor": None,
        },
        [("transcription", T1), ("transcription", J1)],
    ),
    "Soniox transcript": (
        {"id": T1, "text": "hi", "tokens": [{"text": "hi"}]},
        [("transcription", T1)],
    ),
    "Soniox web hook": ({"id": T1, "status": "completed"}, [("transcription", T1)]),
    "Soniox file": (
        {"id": F1, "filename": "a", "size": 1, "created_at": "2026-11-20T00:00:00Z"},
        [("file", F1)],
    ),
    "Soniox error": (
        {"status_code": 400, "error_type": "invalid_request", "request_id": T1},
        [("request", T1)],
    ),
    "Watson session": (
        {"session_id": S1, "new_session_uri": f"https://h/v1/sessions/{S1}"},
        [("session", S1)],
    ),
    "Watson job": (
        {"id": J1, "status": "waiting", "created": "2026-11-20T19:15:17.926Z"},
        [("job", J1)],
    ),
    "Watson jobs": (
        {"recognitions": [{"id": J1, "status": "completed", "created": "2026"}]},
        [("job", J1)],
    ),
    "Watson callback": (
        {"id": J1, "event": "recognitions.completed", "user_token": ""},
        [("job", J1)],
    ),
    "Watson gateway": (
        {"code": 401, "error": "Unauthorized", "trace": P1},
        [("trace", P1)],
    ),
    "Scriptix session": (
        {
            "id": 77,
            "session_id": "1b8a70f1000001000002d1a37b",
            "status": "completed",
            "document": {"id": 67890, "name": "a", "type": "transcript"},
        },
        [("session", "1b8a70f1000001000002d1a37b"), ("document", "67890")],
    ),
    "Scriptix, wrapped": (
        {"result": {"session_id": "abc123def456", "status": "new"}},
        [("session", "abc123def456")],
    ),
    "Scriptix upload": (
        {"id": "stt_abc123", "status": "uploaded"},
        [("session", "stt_abc123")],
    ),
    "Scriptix real time": (
        {"state": "listening", "session_id": "abc123def456"},
        [("session", "abc123def456")],
    ),
    "Scriptix web hook": (
        {"sessionId": "abc123def456", "documentId": "doc-1"},
        [("session", "abc123def456"), ("document", "doc-1")],
    ),
    "Azure web hook": (
        {"self": f"{HOST}/v3.1/transcriptions/{T1}", "invocationId": P1},
        [("invocation", P1), ("transcription", T1)],
    ),
    "JavaScript event": (
        {"privSessionId": S1.upper(), "privOffset": 0},
        [("session", S1)],
    ),
    "recognition of stt": (
        {"provider": "watson", "ids": {"session_id": None, "transaction_id": "tx-99"}},
        [("transaction", "tx-99")],
    ),
    "job of stt": (
        {"id": "local-17", "provider": "local", "state": "queued", "ids": {}},
        [("job", "local-17")],
    ),
    "found by stt": (
        [{"id": S1, "kind": "session", "source": "a:1", "time": None, "context": {}}],
        [("session", S1)],
    ),
    "HAR": (
        {"headers": [{"name": "X-ConnectionId", "value": S2}]},
        [("session", S2)],
    ),
    "pairs": ({"headers": [["x-connectionid", S2]]}, [("session", S2)]),
    "headers": ({"headers": {"X-ConnectionId": S2}}, [("session", S2)]),
    "JSON in JSON": (
        {"body": json.dumps({"id": T1, "status": "completed"})},
        [("transcription", T1)],
    ),
}


@pytest.mark.conformance("ID-13")
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", SERVICES)
def test_saved_json_of_every_service_gives_its_ids_by_kind(
    name: str, indent: int | None
) -> None:
    value, expected = SERVICES[name]
    assert sorted(pairs(json.dumps(value, indent=indent))) == sorted(expected)


@pytest.mark.conformance("ID-13")
def test_a_header_dump_with_a_pretty_body_gives_the_ids_of_both() -> None:
    body = json.dumps({"id": J1, "status": "failed", "created": "2026"}, indent=3)
    dump = (
        "HTTP/1.1 201 Created\r\nX-Global-Transaction-ID: 3b1f6aa55a4e2f0d12ab34cd\r\n"
        f"Content-Type: application/json\r\n\r\n{body}\r\n"
    )
    assert pairs(dump) == [
        ("transaction", "3b1f6aa55a4e2f0d12ab34cd"),
        ("job", J1),
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"id": T1, "status": "completed", "user": "someone"},
        {"id": T1, "name": "x"},
        {"session_id": "abc123def456", "user": "someone"},
        {"session_id": "abc123def456", "status": 1, "access_token": "x"},
        {"id": T1, "status": "waiting"},
        {"trace": P1, "level": "info"},
        {"id": "stt", "status": "x"},
        {"session_id": None, "status": "new"},
        {"id": {"a": 1}, "status": ["completed"]},
        {"ids": [], "provider": 1, "state": 2, "id": "abcd"},
        {"Name": "Connection", "Id": T1},
        {"self": 5},
        [["X-ConnectionId"], ["X-ConnectionId", 1]],
    ],
)
def test_json_of_other_systems_gives_nothing(value: Any) -> None:
    assert usual(json.dumps(value)) == []


def test_time_and_line_come_from_the_document() -> None:
    body = json.dumps(transcription(), indent=2)
    first, *_ = [f for f in found(f"x\n{body}") if f.kind == "transcription"]
    assert first.time == "2026-11-20T09:08:07Z"
    line = body[: body.index(T1)].count("\n") + 2
    assert first.place == f"log:{line}"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from(["id", "self"]), inner)
    ),
    max_leaves=10,
)


@given(value=json_values)
def test_no_document_makes_the_search_fail(value: Any) -> None:
    text = json.dumps(value)
    pairs(text)
    pairs(text[: len(text) // 2] + '"id": "abcd"')


@given(text=st.text(alphabet='{}[]",: \\\n\tid1a', max_size=60))
def test_documents_lie_in_order_and_do_not_overlap(text: str) -> None:
    last = 0
    for document in documents(text):
        assert last <= document.start < document.end <= len(text)
        last = document.end


def test_deep_nesting_is_no_way_to_break_it() -> None:
    deep = '{"a":' * 100_000 + f'"SessionId: {S1}"' + "}" * 100_000
    assert usual(deep) == [S1]
