"""The definition of a fast transcription: what is sent, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import Profanity, RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.protocols.azure_rest.fast import definition, version_for
from stt_cli.protocols.azure_rest.fast_rules import definition_fault
from stt_cli.protocols.azure_rest.results import parse_fast_result
from stt_cli.protocols.azure_rest.versions import VERSIONS, version_named

NEWEST, OLDER = VERSIONS["2025-10-15"], VERSIONS["2024-11-15"]
BASE = "https://westeurope.api.cognitive.microsoft.com"
GUID = "827712a5-f942-4997-91c3-7c6cde35600b"
MAI = {"enabled": True, "model": "mai-transcribe-2"}


def told(**wishes: Any) -> dict[str, Any]:
    params = {k: (v,) for k, v in wishes.pop("params", {}).items()}
    options = RecognizeOptions(**wishes, params=params)
    return definition(options, NEWEST, BASE)


@pytest.mark.conformance("AZ-12", "AZ-14")
@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({}, {}),
        ({"language": "auto"}, {}),
        ({"language": "de-DE"}, {"locales": ["de-DE"]}),
        (
            {"language": "en-US", "candidates": ("en-US", "de-DE")},
            {"locales": ["en-US", "de-DE"]},
        ),
        ({"profanity": Profanity.RAW}, {"profanityFilterMode": "None"}),
        ({"channels": True}, {"channels": [0, 1]}),
        ({"speakers": True}, {"diarization": {"enabled": True}}),
        (
            {"speakers": True, "max_speakers": 35},
            {"diarization": {"enabled": True, "maxSpeakers": 35}},
        ),
        ({"phrases": ("Contoso",)}, {"phraseList": {"phrases": ["Contoso"]}}),
        (
            {"language": "de-DE", "model": GUID},
            {
                "locales": ["de-DE"],
                "models": {
                    "de-DE": f"{BASE}/speechtotext/models/{GUID}?api-version=2025-10-15"
                },
            },
        ),
        (
            {"model": "MAI-Transcribe-2"},
            {
                "enhancedMode": {
                    "enabled": True,
                    "model": "MAI-Transcribe-2",
                    "modelOptions": {"timestamps": "word"},
                }
            },
        ),
        (
            {"model": "mai-transcribe-1.5", "language": "de-DE"},
            {
                "locales": ["de"],
                "enhancedMode": {"enabled": True, "model": "mai-transcribe-1.5"},
            },
        ),
        ({"model": "llm-speech"}, {"enhancedMode": {"enabled": True,
                                                   "task": "transcribe"}}),
        (
            {"params": {"enhancedMode.prompt": "In lexical form, please."}},
            {"enhancedMode": {"prompt": ["In lexical form, please."],
                              "enabled": True}},
        ),
        (
            {
                "model": "mai-transcribe-2",
                "params": {"modelOptions.transcribeStyle": "clean",
                           "modelOptions.timestamps": "none"},
            },
            {
                "enhancedMode": {
                    **MAI,
                    "modelOptions": {"timestamps": "none", "transcribeStyle": "clean"},
                }
            },
        ),
    ],
)  # fmt: skip
def test_wishes_become_the_definition_that_the_documents_have(
    wishes: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = told(**wishes)
    assert found == expected
    assert definition_fault(found, version_for(NEWEST, found)) is None


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"model": "mai-transcribe-2-streaming"}, "over the WebSocket"),
        ({"model": "mai-transcribe-1.5", "words": True}, "returns no times"),
        ({"model": "llm-speech", "phrases": ("Contoso",)}, "does not support phrases"),
        (
            {"model": "mai-transcribe-2", "candidates": ("en-US", "de-DE")},
            "accepts only one language",
        ),
    ],
)
def test_what_a_model_lacks_is_said(wishes: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        told(**wishes)


@pytest.mark.conformance("AZ-12", "AZ-14")
@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"locales": "en-US"}, "locales"),
        ({"locales": [1]}, "locales"),
        ({"channels": [0, 2]}, "channels"),
        ({"channels": []}, "channels"),
        ({"profanityFilterMode": "Bleeped"}, "profanityFilterMode"),
        ({"diarization": True}, "diarization"),
        ({"diarization": {"maxSpeakers": 1}}, "diarization.maxSpeakers"),
        ({"diarization": {"maxSpeakers": 36}}, "diarization.maxSpeakers"),
        ({"diarization": {"maxSpeakers": "2"}}, "diarization.maxSpeakers"),
        ({"modelOptions": {"timestamps": "word"}}, "modelOptions"),
        ({"enhancedMode": "on"}, "enhancedMode"),
        (
            {"enhancedMode": {**MAI, "modelOptions": "word"}},
            "enhancedMode.modelOptions",
        ),
        ({"enhancedMode": {"task": "summarize"}}, "enhancedMode.task"),
        ({"enhancedMode": {"task": "translate"}}, "enhancedMode.targetLanguage"),
        ({"enhancedMode": {"enabled": True, "model": 2}}, "enhancedMode.model"),
        ({"enhancedMode": {"model": "mai-transcribe-2"}}, "enhancedMode.model"),
        ({"enhancedMode": MAI, "locales": ["en", "de"]}, "locales"),
        (
            {"enhancedMode": {**MAI, "modelOptions": {"timestamps": "line"}}},
            "enhancedMode.modelOptions.timestamps",
        ),
        (
            {"enhancedMode": {**MAI, "modelOptions": {"transcribeStyle": "poetic"}}},
            "enhancedMode.modelOptions.transcribeStyle",
        ),
        (
            {
                "enhancedMode": {
                    "enabled": True,
                    "model": "mai-transcribe-1",
                    "modelOptions": {"timestamps": "word"},
                }
            },
            "enhancedMode.modelOptions.timestamps",
        ),
    ],
)
def test_what_the_service_refuses_is_known_with_its_place(
    body: dict[str, Any], target: str
) -> None:
    fault = definition_fault(body, NEWEST)
    assert fault is not None
    assert fault.target == target
    codes = {"channels": "InvalidChannelSpecification", "locales": "InvalidLocale"}
    codes["enhancedMode.model"] = "InvalidModel"
    assert fault.inner == codes.get(target, "InvalidParameter")
    assert definition_fault(body, version_named("2027-03-01")) is None


@pytest.mark.parametrize(
    "body",
    [
        *(
            {"profanityFilterMode": mode}
            for mode in ("None", "Removed", "Tags", "Masked")
        ),
        *({"channels": channels} for channels in ([0], [1], [0, 1])),
        {"locales": []},
        {"enhancedMode": {"task": "translate", "targetLanguage": "ko"}},
        *(
            {"enhancedMode": {**MAI, "modelOptions": {"timestamps": timestamps}}}
            for timestamps in ("none", "segment", "word")
        ),
        *(
            {"enhancedMode": {**MAI, "modelOptions": {"transcribeStyle": style}}}
            for style in ("verbatim", "clean")
        ),
        {"enhancedMode": MAI, "locales": ["en"]},
        {"enhancedMode": {"enabled": True}, "locales": ["en-US", "de-DE"]},
    ],
)
def test_what_the_documents_name_is_taken(body: dict[str, Any]) -> None:
    assert definition_fault(body, NEWEST) is None


@pytest.mark.parametrize("speakers", [2, 35])
def test_two_to_35_speakers_are_told_apart(speakers: int) -> None:
    body = {"diarization": {"enabled": True, "maxSpeakers": speakers}}
    assert definition_fault(body, NEWEST) is None


@pytest.mark.conformance("AZ-15")
@pytest.mark.parametrize("key", ["phraseList", "enhancedMode", "audioUrl"])
def test_what_came_in_2025_is_asked_of_that_version(key: str) -> None:
    body: dict[str, Any] = {key: {}}
    fault = definition_fault(body, OLDER)
    assert fault is not None
    assert (fault.target, definition_fault({}, OLDER)) == (key, None)
    assert version_for(OLDER, body) is NEWEST
    assert version_for(OLDER, {}) is OLDER
    assert version_for(VERSIONS["v3.2"], {}) is OLDER
    later = version_named("2027-03-01")
    assert version_for(later, body) is later


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = ("locales", "channels", "diarization", "profanityFilterMode", "enhancedMode",
        "modelOptions", "phraseList", "audioUrl", "models")  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=4))
def test_no_definition_breaks_the_rules(body: dict[str, Any]) -> None:
    definition_fault(body, NEWEST)


def parsed(body: Any) -> Any:
    return parse_fast_result(
        json.loads(json.dumps(body)), Identifiers(), name="a.wav", language=None
    )


@pytest.mark.conformance("AZ-14")
@pytest.mark.parametrize(
    "phrases",
    [
        {},
        {"phrases": []},
        {"phrases": [{"text": "Hello there."}]},
        {
            "phrases": [
                {
                    "text": "Hello there.",
                    "offsetMilliseconds": 0,
                    "durationMilliseconds": 0,
                }
            ]
        },
    ],
)
def test_an_answer_of_text_alone_is_a_transcript_without_times(
    phrases: dict[str, Any],
) -> None:
    found = parsed(
        {
            "durationMilliseconds": 2000,
            "combinedPhrases": [{"text": "Hello there."}],
            **phrases,
        }
    )
    (segment,) = found.segments
    assert (segment.text, segment.start, segment.end) == ("Hello there.", None, None)
    assert segment.words == ()
    assert (found.status, found.duration) == (RecognitionStatus.SUCCESS, 2.0)


def test_texts_of_channels_stay_apart() -> None:
    found = parsed(
        {"combinedPhrases": [{"channel": 0, "text": "Hi."}, {"channel": 1, "text": ""}]}
    )
    assert [(s.text, s.channel) for s in found.segments] == [("Hi.", 0)]


def test_what_is_not_known_is_kept_and_a_confidence_of_nothing_is_none() -> None:
    found = parsed(
        {
            "phrases": [
                {
                    "text": "Hi.",
                    "offsetMilliseconds": 0,
                    "durationMilliseconds": 400,
                    "confidence": 0,
                    "nBest": [
                        {"text": "Hi.", "confidence": 0.9},
                        {"display": "High.", "lexical": "high"},
                    ],
                }
            ],
            "modelVersion": "07 2026",
        }
    )
    (segment,) = found.segments
    assert (segment.start, segment.end, segment.confidence) == (0.0, 0.4, None)
    assert [other.text for other in segment.alternatives] == ["Hi.", "High."]
    assert found.details == {"modelVersion": "07 2026"}
