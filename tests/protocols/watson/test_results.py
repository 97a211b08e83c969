"""Results as IBM's reference shows them, and as they should not be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.transcript import Segment, Word
from stt_cli.protocols.watson.results import (
    SpeakerLabel,
    read_results,
    with_speakers,
)

WHOLE: dict[str, Any] = {
    "result_index": 2,
    "warnings": ["Unknown arguments: foo."],
    "results": [
        {
            "final": True,
            "end_of_utterance": "silence",
            "alternatives": [
                {
                    "transcript": "good day yes ",
                    "confidence": 0.82,
                    "timestamps": [
                        ["good", 0.3, 0.6],
                        ["day", 0.6, 1],
                        ["yes", 1.2, 2],
                    ],
                    "word_confidence": [["good", 0.95], ["day", 0.866], ["yes", 1]],
                },
                {"transcript": "could they yes "},
            ],
            "keywords_result": {"day": [{"start_time": 0.6, "confidence": 0.9}]},
        }
    ],
    "speaker_labels": [
        {"from": 0.3, "to": 0.6, "speaker": 0, "confidence": 0.5, "final": False},
        {"from": 0.6, "to": 1, "speaker": 0, "confidence": 0.5, "final": False},
        {"from": 1.2, "to": 2.0, "speaker": 2, "confidence": 0.5, "final": False},
        {"from": 1.2, "to": 2.0, "speaker": 1, "confidence": 0.5, "final": True},
    ],
}


@pytest.mark.conformance("WA-15")
def test_a_whole_answer_keeps_words_alternatives_keywords_and_speakers() -> None:
    known = read_results(WHOLE)
    (heard,) = known.utterances
    assert heard.is_final
    assert heard.segment.text == "good day yes"
    assert (heard.segment.start, heard.segment.end) == (0.3, 2)
    assert heard.segment.words[1] == Word("day", 0.6, 1.0, 0.866)
    assert [a.text for a in heard.segment.alternatives] == [
        "good day yes",
        "could they yes",
    ]
    assert heard.details["keywords_result"]["day"][0]["confidence"] == 0.9
    assert heard.details["end_of_utterance"] == "silence"
    assert known.warnings == ("Unknown arguments: foo.",)
    first, second = with_speakers([heard.segment], known.labels)
    assert (first.speaker, first.text, first.end) == ("0", "good day", 1.0)
    # The last label came twice; the later one holds.
    assert (second.speaker, second.text, second.start) == ("1", "yes", 1.2)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"results": []},
        {"results": None, "result_index": None},
        {"speaker_labels": [{"from": 1}]},
        {"results": [{"speech_begin_event": {"begin": 2.5}}]},
        {"results": [{"alternatives": []}, "odd", None]},
        {"processing_metrics": {"periodic": True}},
    ],
)
def test_messages_without_words_are_no_failure(fields: dict[str, Any]) -> None:
    assert read_results(fields).utterances == ()


def test_beginning_speech_and_metrics_are_kept() -> None:
    known = read_results(
        {
            "results": [{"speech_begin_event": {"begin": 2.5}}],
            "processing_metrics": {"periodic": True},
        }
    )
    assert known.speech_begin == 2.5
    assert known.details == {"processing_metrics": {"periodic": True}}


def test_without_labels_segments_stay_as_they_are() -> None:
    segment = Segment("a b", words=(Word("a", 0, 1), Word("b", 1, 2)))
    assert with_speakers([segment], []) == [segment]


def test_a_word_without_a_label_stays_with_the_speaker_before_it() -> None:
    words = (Word("a", 0.0, 1.0), Word("b", 1.0, 2.0), Word("c", 2.0, 3.0))
    parts = with_speakers([Segment("a b c", words=words)], [SpeakerLabel(0, 1, "4")])
    assert [(part.speaker, part.text) for part in parts] == [("4", "a b c")]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["results", "alternatives", "transcript", "timestamps", "final",
                 "speaker_labels", "from", "to", "speaker", "warnings",
                 "word_confidence", "speech_begin_event", "begin"]
            ),
            inner,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["results", "speaker_labels"]), JSON))
def test_no_json_whatever_makes_the_reader_fail(fields: dict[str, Any]) -> None:
    known = read_results(fields)
    with_speakers([heard.segment for heard in known.utterances], known.labels)
