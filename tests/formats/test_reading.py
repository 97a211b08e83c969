"""Saved results of every maker become transcripts again, whatever their name is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript, Word
from stt_cli.formats.reading import read_transcripts
from stt_cli.formats.registry import WriteOptions, writer_for
from tests.formats.samples import transcript, transcripts

TWO = transcript(
    Segment("Good morning, Steve.", 0.0, 1.5, speaker="1"),
    Segment("Good morning.", 1.8, 2.5, speaker="2"),
)


def written(name: str, *all_: Transcript, single: bool = True) -> bytes:
    return "".join(writer_for(name)(all_, WriteOptions(single=single))).encode()


def read(value: object) -> Transcript:
    (found,) = read_transcripts(json.dumps(value).encode(), "saved.json")
    return found


def phrases(found: Transcript) -> list[tuple[str, float | None, float | None]]:
    return [(s.text, s.start, s.end) for s in found.segments]


@given(transcripts)
def test_our_own_json_comes_back_as_it_was_written(given_: Transcript) -> None:
    data = written("json", given_)
    (found,) = read_transcripts(data, "a.json")
    assert written("json", found) == data


def test_our_own_array_and_lines_give_every_transcript() -> None:
    other = transcript(Segment("Hello."), name="b.wav")
    for data in (written("json", TWO, other), written("jsonl", TWO, other)):
        assert [t.input for t in read_transcripts(data, "x")] == ["a.wav", "b.wav"]


def test_a_job_printed_by_poll_gives_the_transcript_inside() -> None:
    job = {"id": "1", "state": "succeeded", "transcript": TWO.to_dict()}
    assert read(job).text == TWO.text


@pytest.mark.parametrize("name", ["srt", "vtt", "tsv"])
def test_captions_keep_text_times_and_speakers(name: str) -> None:
    (found,) = read_transcripts(written(name, TWO), "captions")
    assert [(s.text, s.speaker) for s in found.segments] == [
        ("Good morning, Steve.", "1"),
        ("Good morning.", "2"),
    ]
    assert found.segments[1].start == 1.8


def test_a_speaker_of_subrip_lasts_until_the_next_one_is_named() -> None:
    text = (
        "1\n00:00:00,000 --> 00:00:01,000\nSpeaker 1: One.\n\n"
        "2\n00:00:01,000 --> 00:00:02,000\nTwo.\n\n"
        "3\n00:00:02,000 --> 00:00:03,000\n[SPEAKER_01]: Three.\n"
    )
    (found,) = read_transcripts(text.encode(), "a.srt")
    assert [s.speaker for s in found.segments] == ["1", "1", "SPEAKER_01"]


@pytest.mark.parametrize(
    "text",
    [
        "1\r\n00:00:00,500 --> 00:00:01,500\r\n<i>Hello</i>\r\n{\\an8}there\r\n",
        "\ufeff0:00.500 --> 0:01.500\nHello there\n",
        "WEBVTT - by hand\n\nNOTE nothing\n\nintro\n00:00.500 --> 00:01.500 "
        "align:start\n<v.loud Ann>Hello <c.x>there</c>\n",
        "1\n00:00:00,5 --> 00:00:01,5\nHello there\n2\n00:00:09,0 --> 00:00:09,9\n",
    ],
    ids=["crlf-tags", "bom-no-hours", "vtt", "no-blank-line"],
)
def test_captions_are_read_as_players_read_them(text: str) -> None:
    (found,) = read_transcripts(text.encode(), "a")
    assert phrases(found) == [("Hello there", 0.5, 1.5)]


def test_whisper_gives_words_with_probabilities() -> None:
    found = read(
        {
            "text": " Hello there.",
            "segments": [
                {
                    "id": 0,
                    "start": 0.0,
                    "end": 1.2,
                    "text": " Hello there.",
                    "words": [
                        {"word": " Hello", "start": 0, "end": 0.5, "probability": 0.9}
                    ],
                }
            ],
            "language": "en",
        }
    )
    assert (found.language, phrases(found)) == ("en", [("Hello there.", 0.0, 1.2)])
    assert found.segments[0].words == (Word("Hello", 0.0, 0.5, 0.9),)


def test_whisperx_gives_speakers_and_scores() -> None:
    word = {"word": "Yes.", "start": 0.1, "end": 0.4, "score": 0.7, "speaker": "A"}
    segment = {"start": 0.1, "end": 0.4, "text": "Yes.", "words": [word]}
    found = read({"segments": [segment | {"speaker": "A"}], "word_segments": [word]})
    assert found.segments[0].speaker == "A"
    assert found.segments[0].words[0].confidence == 0.7


def test_openai_gives_words_beside_the_text() -> None:
    found = read(
        {
            "task": "transcribe",
            "language": "english",
            "duration": 1.5,
            "text": "Hello you.",
            "words": [
                {"word": "Hello", "start": 0.2, "end": 0.6},
                {"word": "you", "start": 0.7, "end": 0.9},
            ],
        }
    )
    assert phrases(found) == [("Hello you.", 0.2, 0.9)]
    assert found.duration == 1.5


def test_whisper_cpp_counts_in_milliseconds() -> None:
    found = read(
        {
            "result": {"language": "de"},
            "transcription": [{"offsets": {"from": 500, "to": 1500}, "text": " Ja."}],
        }
    )
    assert (found.language, phrases(found)) == ("de", [("Ja.", 0.5, 1.5)])


@pytest.mark.parametrize(
    ("answer", "provider"),
    [
        (
            {
                "source": "https://h/a.wav?sig=x",
                "recognizedPhrases": [
                    {
                        "recognitionStatus": "Success",
                        "channel": 0,
                        "offsetInTicks": 5_000_000,
                        "durationInTicks": 10_000_000,
                        "nBest": [{"display": "Hello.", "confidence": 0.9}],
                    }
                ],
            },
            "azure",
        ),
        (
            {
                "durationMilliseconds": 2000,
                "combinedPhrases": [{"text": "Hello."}],
                "phrases": [
                    {
                        "offsetMilliseconds": 500,
                        "durationMilliseconds": 1000,
                        "text": "Hello.",
                    }
                ],
            },
            "azure",
        ),
        (
            {
                "RecognitionStatus": "Success",
                "DisplayText": "Hello.",
                "Offset": 5_000_000,
                "Duration": 10_000_000,
            },
            "azure",
        ),
        (
            {
                "result_index": 0,
                "results": [
                    {
                        "final": True,
                        "alternatives": [
                            {
                                "transcript": "Hello. ",
                                "timestamps": [["Hello.", 0.5, 1.5]],
                            }
                        ],
                    },
                    {"final": False, "alternatives": [{"transcript": "hell "}]},
                ],
            },
            "watson",
        ),
        (
            {
                "id": "1",
                "text": "Hello.",
                "tokens": [
                    {"text": "Hel", "start_ms": 500, "end_ms": 900},
                    {"text": "lo.", "start_ms": 900, "end_ms": 1500},
                ],
            },
            "soniox",
        ),
        (
            {
                "result": {
                    "duration": 2.0,
                    "results": [
                        {
                            "text": "Hello.",
                            "result": [["Hello.", 0.5, 1.5, 0.9]],
                        }
                    ],
                }
            },
            "scriptix",
        ),
        (
            {"document": [{"start": 500, "stop": 1500, "text": "Hello."}]},
            "scriptix",
        ),
    ],
    ids=["batch", "fast", "short", "watson", "soniox", "scriptix", "document"],
)
@pytest.mark.conformance("CO-28")
def test_every_services_own_answer_is_read(answer: object, provider: str) -> None:
    found = read(answer)
    assert found.provider == provider
    assert phrases(found) == [("Hello.", 0.5, 1.5)]


def test_the_messages_of_one_live_run_are_one_transcript() -> None:
    piece = {"RecognitionStatus": "Success", "Offset": 0, "Duration": 10_000_000}
    found = read([piece | {"DisplayText": "One."}, piece | {"DisplayText": "Two."}])
    assert found.text == "One. Two."


def test_a_live_token_counts_once_it_is_final() -> None:
    early = {"text": "He", "start_ms": 0, "end_ms": 100, "is_final": False}
    final = {"text": "Hello", "start_ms": 0, "end_ms": 200, "is_final": True}
    assert read([{"tokens": [early]}, {"tokens": [final]}]).text == "Hello"


def test_a_result_without_speech_is_still_a_result() -> None:
    (found,) = read_transcripts(b"WEBVTT\n", "a.vtt")
    assert found.status is RecognitionStatus.NO_MATCH


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n",
        b"just words\n",
        b"{}",
        b"[]",
        b"[1, 2]",
        b'{"a": ',
        b"RIFF\xff\xfe\x00\x81",
        b'{"document": {"x": 1}, "segments": 3}',
        b'{"provider": 1, "input": 2, "status": "x", "segments": 3, "timing": 4}',
    ],
)
def test_anything_else_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"what\.bin"):
        read_transcripts(data, "what.bin")


_KEYS = """
    text start end words word segments results result tokens phrases document content
    alternatives transcription offsets from recognizedPhrases nBest RecognitionStatus
    NBest language speaker transcript
""".split()  # noqa: SIM905 - a list of these would fill the page
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(_KEYS) | st.text(max_size=5), inner, max_size=5
        )
    ),
    max_leaves=25,
)


@given(st.one_of(_json.map(json.dumps), st.text()))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = read_transcripts(text.encode("utf-8", "surrogatepass"), "x")
    except UsageError:
        return
    assert found
