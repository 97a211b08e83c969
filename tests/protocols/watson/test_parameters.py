"""Each documented parameter is typed and goes where its document puts it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.protocols.watson.parameters import (
    PARAMETERS,
    Place,
    for_place,
    json_values,
    parse_query,
    query_pairs,
    refuse_misplaced,
    typed,
    unknown_names,
)

# Where each name of the documents' tables goes: query (or header) of REST,
# metadata of multipart, WebSocket (URL or start), then jobs, and of a session its
# creation, recognition or observation.
DOCUMENTED = {
    "model": "Q-UJC", "language_customization_id": "Q-UJC", "customization_id": "Q-UJC",
    "acoustic_customization_id": "Q-UJC", "base_model_version": "Q-UJC",
    "customization_weight": "QMSJR", "inactivity_timeout": "QMSJR", "keywords": "QMSJR",
    "keywords_threshold": "QMSJR", "max_alternatives": "QMSJR",
    "word_alternatives_threshold": "QMSJR", "word_confidence": "QMSJR",
    "timestamps": "QMSJR", "profanity_filter": "QMSJR", "smart_formatting": "QMSJR",
    "smart_formatting_version": "Q-SJR", "speaker_labels": "QMSJR",
    "interim_results": "--S-O", "grammar_name": "QMSJR", "redaction": "QMSJR",
    "processing_metrics": "--SJ-", "processing_metrics_interval": "--SJ-",
    "audio_metrics": "Q-SJR", "end_of_phrase_silence_time": "QMSJR",
    "split_transcript_at_phrase_end": "QMSJR", "speech_detector_sensitivity": "QMSJR",
    "background_audio_suppression": "QMSJR", "low_latency": "QMSJR",
    "character_insertion_bias": "QMSJR", "sad_module": "Q-SJR",
    "speech_begin_event": "Q-SJR", "enrichments": "Q-SJR", "parameter_set": "Q-SJR",
    "sequence_id": "----B", "callback_url": "---J-", "events": "---J-",
    "user_token": "---J-", "results_ttl": "---J-",
    "x-watson-learning-opt-out": "H-UJC", "x-watson-metadata": "H-UJC",
}  # fmt: skip


@pytest.mark.conformance("WA-20")
@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_a_parameter_goes_where_its_table_says(name: str) -> None:
    places = PARAMETERS[name].places
    query, metadata, socket, job, session = tuple(DOCUMENTED[name])
    assert (Place.REST in places) == (query == "Q")
    assert (Place.HEADER in places) == (query == "H")
    assert (Place.MULTIPART in places) == (metadata == "M")
    assert (Place.SOCKET_URL in places) == (socket == "U")
    assert (Place.SOCKET_START in places) == (socket == "S")
    assert (places & {Place.JOB, Place.HEADER} != set()) == (job == "J")
    creates = places & {Place.SESSION_CREATE, Place.HEADER}
    assert (creates != set()) == (session == "C")
    assert (Place.SESSION_RECOGNIZE in places) == (session in "RB")
    assert (Place.SESSION_OBSERVE in places) == (session in "OB")


def test_every_parameter_is_in_the_table() -> None:
    assert set(PARAMETERS) == set(DOCUMENTED)


def test_values_get_their_types() -> None:
    values = typed(
        {
            "timestamps": ("true",),
            "inactivity_timeout": ("-1",),
            "keywords_threshold": ("0.5",),
            "keywords": ("colorado", "tornado x"),
            "new_one": ("as it is",),
        }
    )
    assert values == {
        "timestamps": True,
        "inactivity_timeout": -1,
        "keywords_threshold": 0.5,
        "keywords": ("colorado", "tornado x"),
        "new_one": "as it is",
    }
    assert query_pairs(values) == [
        ("timestamps", "true"),
        ("inactivity_timeout", "-1"),
        ("keywords_threshold", "0.5"),
        ("keywords", "colorado,tornado x"),
        ("new_one", "as it is"),
    ]
    assert json_values(values)["keywords"] == ["colorado", "tornado x"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timestamps", "maybe"),
        ("inactivity_timeout", "-2"),
        ("max_alternatives", "two"),
        ("keywords_threshold", "1.1"),
        ("keywords_threshold", "nan"),
        ("character_insertion_bias", "-1.5"),
        ("parameter_set", "grand"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"--param {name} must be .*, not {value}"):
        typed({name: (value,)})


def test_a_parameter_that_a_transport_lacks_is_refused() -> None:
    values = typed({"processing_metrics": ("true",)})
    refuse_misplaced(values, Place.SOCKET_START, transport="websocket")
    with pytest.raises(UsageError, match="no effect over rest"):
        refuse_misplaced(values, Place.REST, Place.MULTIPART, transport="rest")


def test_the_model_stays_in_the_query_of_a_multipart_request() -> None:
    values = typed({"model": ("xx",), "timestamps": ("true",), "foo": ("1",)})
    assert for_place(values, Place.MULTIPART) == {"timestamps": True, "foo": "1"}
    assert for_place(values, Place.SESSION_CREATE) == {"model": "xx"}


@given(
    st.dictionaries(
        st.sampled_from(sorted(set(PARAMETERS) - {"keywords", "events"})),
        st.sampled_from(["1", "true", "0", "0.5", "default"]),
    )
)
def test_the_service_reads_back_what_the_client_wrote(given: dict[str, str]) -> None:
    values: dict[str, Any] = {}
    for name, text in given.items():
        try:
            values |= typed({name: (text,)})
        except UsageError:
            continue
    sent = parse_qsl(urlencode(query_pairs(values)))
    assert parse_query(sent) == values
    assert unknown_names([*sent, ("continuous", "true")]) == ["continuous"]


def test_keywords_are_read_in_both_spellings() -> None:
    assert parse_query([("keywords", '"colorado","tornado x"')]) == {
        "keywords": ("colorado", "tornado x")
    }
