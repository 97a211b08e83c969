"""A transcript comes back from its own JSON as it was."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core import errors
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import (
    Alternative,
    RecognitionStatus,
    Segment,
    Timing,
    Transcript,
    Word,
)
from stt_cli.core.transcript_reading import transcript_from_dict

TEXT = st.text(max_size=20)
SECONDS = st.none() | st.integers(0, 10**8).map(lambda n: n / 10_000)
SHARE = st.none() | st.floats(0, 1)
WORD = st.builds(Word, TEXT, SECONDS, SECONDS, SHARE)
OTHER = st.builds(Alternative, TEXT, SHARE, TEXT, TEXT, TEXT)
SEGMENT = st.builds(
    Segment,
    TEXT,
    SECONDS,
    SECONDS,
    SHARE,
    st.none() | TEXT,
    st.none() | st.integers(0, 9),
    st.none() | TEXT,
    st.lists(WORD, max_size=3).map(tuple),
    st.lists(OTHER, max_size=3).map(tuple),
)
ERROR = st.none() | st.builds(
    errors.AudioError,
    TEXT,
    hint=st.none() | TEXT,
    provider_code=st.none() | TEXT,
    http_status=st.none() | st.integers(100, 599),
)
TRANSCRIPT = st.builds(
    Transcript,
    provider=TEXT,
    input=TEXT,
    status=st.sampled_from(RecognitionStatus),
    transport=st.none() | TEXT,
    language=st.none() | TEXT,
    ids=st.builds(lambda a, b: Identifiers.of(session_id=a, service_tag=b), TEXT, TEXT),
    duration=SECONDS,
    segments=st.lists(SEGMENT, max_size=3).map(tuple),
    timing=st.builds(Timing, SECONDS, SECONDS, SECONDS),
    error=ERROR,
    details=st.dictionaries(TEXT, TEXT, max_size=2),
)


@given(TRANSCRIPT)
def test_a_transcript_survives_its_json(transcript: Transcript) -> None:
    written = json.loads(json.dumps(transcript.to_dict()))
    read = transcript_from_dict(written)
    assert read.to_dict() == transcript.to_dict()
    assert type(read.error) is type(transcript.error)
