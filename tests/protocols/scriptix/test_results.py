"""Results and documents: units settled, every shape read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.transcript import Word
from stt_cli.protocols.scriptix.documents import Link, read_document, read_export
from stt_cli.protocols.scriptix.results import read_result


def result(*tuples: list[Any], **more: Any) -> dict[str, Any]:
    part = {
        "result": list(tuples),
        "speaker": "unk",
        "text": " ".join(t[0] for t in tuples),
        "sconf": 0.85,
        "channel": 0,
    }
    own = {"session_id": "s", "status": "done", "results": [part], **more}
    return {"count": 1, "total_results": 1, "result": own}


@pytest.mark.conformance("SX-09")
def test_a_result_becomes_segments_and_words() -> None:
    segments = read_result(
        result(["hello", 0.0, 0.5, 0.95], ["you", 0.5, 1.2, 0.9], duration=592)
    )
    assert [s.text for s in segments] == ["hello you"]
    assert segments[0].words == (
        Word("hello", 0.0, 0.5, 0.95),
        Word("you", 0.5, 1.2, 0.9),
    )
    assert segments[0].speaker is None
    assert (segments[0].confidence, segments[0].channel) == (0.85, 0)


@pytest.mark.parametrize(
    ("start", "end", "duration", "seconds"),
    [
        (0.0, 1.2, 592, 1.2),
        (0, 1200, 2, 1.2),
        (0.0, 1200.0, 2, 1.2),
        (0, 1200, None, 1.2),
        (0, 1200.0, None, 1200.0),
        (0.0, 1.2, None, 1.2),
        (0, 19, 2, 19),
    ],
)
def test_units_are_told_by_the_length_or_by_the_way_they_are_written(
    start: float, end: float, duration: float | None, seconds: float
) -> None:
    segments = read_result(result(["word", start, end, 0.9], duration=duration))
    assert segments[0].end == pytest.approx(seconds)


@pytest.mark.conformance("SX-09")
def test_a_documents_captions_are_in_milliseconds() -> None:
    document = read_document(
        {
            "result": {
                "id": "0f8fad5b",
                "created": "2025-01-17T10:00:00Z",
                "filename": "meeting",
                "type": "caption",
                "document": [
                    {
                        "start": 525,
                        "stop": 6252,
                        "speaker": "M1",
                        "text": "line1\nline2",
                    },
                    {"start": 7000, "stop": 8000, "text": ""},
                ],
            }
        }
    )
    (segment,) = document.segments
    assert (segment.start, segment.end) == (0.525, 6.252)
    assert (segment.text, segment.speaker) == ("line1 line2", "M1")
    assert document.details["filename"] == "meeting"
    assert document.id == "0f8fad5b"


@pytest.mark.conformance("SX-09")
def test_the_other_two_shapes_are_read() -> None:
    content = read_document(
        {
            "id": 67890,
            "content": {
                "text": "a b",
                "segments": [
                    {"start": 0.5, "end": 1.25, "text": "a", "speaker": "Speaker 1"},
                ],
            },
        }
    )
    assert (content.segments[0].start, content.segments[0].end) == (0.5, 1.25)
    assert content.id == "67890"
    nested = read_document(
        {
            "language": "nl",
            "document": {
                "document_type": "caption",
                "document": [{"start": 0, "stop": 900, "text": "hoi"}],
            },
        }
    )
    assert (nested.segments[0].end, nested.language) == (0.9, "nl")
    plain = read_document({"content": {"text": "only words"}})
    assert [s.text for s in plain.segments] == ["only words"]


def test_a_document_in_no_known_shape_is_an_error() -> None:
    with pytest.raises(ProviderError, match="unknown format"):
        read_document({"result": {"id": 1}})


def test_an_export_is_a_link_or_the_file_itself() -> None:
    body = {
        "result": {
            "download_url": "https://blob.example/x?sig=1",
            "expires_in": 3600,
            "filename": "a.srt",
            "content_type": "text/plain",
            "size_bytes": 12,
        }
    }
    link = read_export(HttpResponse(200, body=json.dumps(body).encode()))
    assert link == Link("https://blob.example/x?sig=1", "a.srt", "text/plain", 12)
    assert read_export(HttpResponse(200, body=b"1\n00:00")) == b"1\n00:00"
    own = b'{"result": {"document": []}}'
    assert read_export(HttpResponse(200, body=own)) == own


VALUE = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats()
TUPLES = st.lists(st.lists(VALUE, max_size=5) | VALUE, max_size=4)
PART = st.dictionaries(
    st.sampled_from(["result", "speaker", "text", "sconf", "channel"]), VALUE | TUPLES
)


@given(
    st.dictionaries(
        st.sampled_from(["duration", "results", "result", "status"]),
        VALUE | st.lists(PART | VALUE, max_size=3),
    )
)
def test_any_result_is_read(fields: dict[str, Any]) -> None:
    assert all(segment.text for segment in read_result({"result": fields}))


SEGMENT = st.dictionaries(
    st.sampled_from(["start", "stop", "end", "text", "speaker"]), VALUE
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "document", "content", "created", "text", "segments"]),
        VALUE
        | st.lists(SEGMENT | VALUE, max_size=3)
        | st.dictionaries(
            st.sampled_from(["segments", "document", "text", "content"]),
            VALUE | st.lists(SEGMENT, max_size=2),
        ),
    )
)
def test_any_document_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        document = read_document(fields)
    except ProviderError:
        return
    assert all(segment.text for segment in document.segments)
