"""Each documented parameter is typed and goes where its document puts it."""

from __future__ import annotations

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

# Where each name of the documents' tables goes: query of REST and jobs,
# metadata of multipart, WebSocket.
DOCUMENTED = {
    "model": "Q-U", "language_customization_id": "Q-U", "customization_id": "Q-U",
    "acoustic_customization_id": "Q-U", "base_model_version": "Q-U",
    "customization_weight": "QMS", "inactivity_timeout": "QMS", "keywords": "QMS",
    "keywords_threshold": "QMS", "max_alternatives": "QMS",
    "word_alternatives_threshold": "QMS", "word_confidence": "QMS",
    "timestamps": "QMS", "profanity_filter": "QMS", "smart_formatting": "QMS",
    "smart_formatting_version": "Q-S", "speaker_labels": "QMS",
    "interim_results": "--S", "grammar_name": "QMS", "redaction": "QMS",
    "processing_metrics": "--S", "processing_metrics_interval": "--S",
    "audio_metrics": "Q-S", "end_of_phrase_silence_time": "QMS",
    "split_transcript_at_phrase_end": "QMS", "speech_detector_sensitivity": "QMS",
    "background_audio_suppression": "QMS", "low_latency": "QMS",
    "character_insertion_bias": "QMS", "sad_module": "Q-S",
    "speech_begin_event": "Q-S", "enrichments": "Q-S", "parameter_set": "Q-S",
    "sequence_id": "---", "callback_url": "---", "events": "---",
    "user_token": "---", "results_ttl": "---",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_a_parameter_goes_where_its_table_says(name: str) -> None:
    places = PARAMETERS[name].places
    query, metadata, socket = DOCUMENTED[name]
    assert (Place.REST in places) == (query == "Q")
    assert (Place.MULTIPART in places) == (metadata == "M")
    assert (Place.SOCKET_URL in places) == (socket == "U")
    assert (Place.SOCKET_START in places) == (socket == "S")


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
    with pytest.raises(UsageError, match=f"--param {name}={value} does not fit"):
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
    values = {}
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
