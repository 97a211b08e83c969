"""The messages of Microsoft's speech protocol: written exactly, read tolerantly."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.protocols.usp.framing import (
    FramingError,
    build_binary,
    build_text,
    is_timestamp,
    parse,
    parse_binary,
    parse_text,
    timestamp,
)
from stt_cli.protocols.usp.limits import LARGEST_HEADERS
from stt_cli.protocols.usp.messages import (
    AudioMessages,
    TurnContext,
    json_message,
    riff_header,
)

NOW = datetime(2026, 11, 20, 14, 3, 5, 123_987, tzinfo=UTC)
REQUEST = "123e4567e89b12d3a456426655440000"
NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ-", min_size=1, max_size=20)
VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40
)
HEADERS = st.dictionaries(NAMES.map(str.lower), VALUES, min_size=1).map(
    lambda named: tuple(named.items())
)


@pytest.mark.conformance("BS-23")
def test_a_text_message_is_header_lines_an_empty_line_and_a_body() -> None:
    message = json_message("speech.config", None, NOW, {"name": "grüße"})
    assert message == (
        "Path: speech.config\r\nX-Timestamp: 2026-11-20T14:03:05.123Z\r\n"
        'Content-Type: application/json; charset=utf-8\r\n\r\n{"name":"grüße"}'
    )


@pytest.mark.conformance("BS-23")
@pytest.mark.parametrize(
    "text",
    [
        "Path:turn.start\r\nX-RequestId:ABC\r\n\r\n{}",
        "path : turn.start \r\nx-requestid:  ABC\r\n\r\n{}",
        "PATH: TURN.START\nX-REQUESTID: abc\n\n{}",
        "X-RequestId: abc\r\nContent-Length: 2\r\nPath: Turn.Start\r\n\r\n{}",
    ],
)
def test_a_text_message_is_read_whatever_its_case_and_spacing(text: str) -> None:
    message = parse_text(text)
    assert (message.path, message.request_id) == ("turn.start", "abc")
    assert message.json() == {}


@given(HEADERS, st.text())
def test_any_text_message_survives_the_way(
    headers: tuple[tuple[str, str], ...], body: str
) -> None:
    message = parse_text(build_text(headers, body))
    assert message.headers == dict(headers)
    assert message.body == body.encode("utf-8", "surrogatepass")


@pytest.mark.conformance("BS-24")
@given(HEADERS, st.binary(max_size=9000))
def test_any_binary_message_survives_the_way(
    headers: tuple[tuple[str, str], ...], body: bytes
) -> None:
    data = build_binary(headers, body)
    size = int.from_bytes(data[:2], "big")
    assert data[2 : 2 + size].decode("ascii").endswith("\r\n")
    message = parse_binary(data)
    assert (message.headers, message.body) == (dict(headers), body)


@given(st.one_of(st.binary(), st.text()))
def test_no_bytes_break_the_parser(data: bytes | str) -> None:
    with contextlib.suppress(FramingError):
        parse(data).json()


@pytest.mark.conformance("BS-24")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00", "Binary message has invalid header size prefix."),
        (b"\x00\x05Path", "Binary message has invalid header size."),
        (b"\x20\x01" + bytes(8193), "Binary message has invalid header size."),
        (
            b"\x00\x02\xff\xfe",
            "Binary message headers decoding into UTF-8 failed.",
        ),
    ],
)
def test_a_broken_binary_message_is_told_as_the_service_tells_it(
    data: bytes, reason: str
) -> None:
    with pytest.raises(FramingError) as caught:
        parse_binary(data)
    assert caught.value.reason == f"Incorrect message format. {reason}"


@pytest.mark.conformance("BS-23")
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "Text message contains no data."),
        (b"\xff\xfe", "Text message decoding into UTF-8 failed."),
        ("Path: x\r\n", "Text message contains no header separator."),
    ],
)
def test_a_broken_text_message_is_told_as_the_service_tells_it(
    data: str | bytes, reason: str
) -> None:
    with pytest.raises(FramingError) as caught:
        parse_text(data)
    assert caught.value.reason == f"Incorrect message format. {reason}"


def test_headers_over_their_limit_are_never_written() -> None:
    with pytest.raises(ValueError, match="bytes of headers"):
        build_binary((("A", "x" * LARGEST_HEADERS),), b"")


@pytest.mark.conformance("BS-26")
def test_every_audio_message_carries_all_headers_and_the_header_is_riff() -> None:
    messages = AudioMessages(REQUEST, "audio/x-wav", riff_header())
    sound, end = b"\x01\x02" * 1600, b""
    built = [*messages.build(NOW, [sound]), *messages.build(NOW, [end])]
    for data, audio in zip(built, (riff_header(), sound, end), strict=True):
        message = parse_binary(data)
        assert message.headers == {
            "path": "audio",
            "x-requestid": REQUEST,
            "x-timestamp": "2026-11-20T14:03:05.123Z",
            "content-type": "audio/x-wav",
        }
        assert message.body == audio
    header = riff_header()
    assert len(header) == 44
    assert (header[:4], header[8:16], header[36:40]) == (b"RIFF", b"WAVEfmt ", b"data")
    assert header[24:28] == (16_000).to_bytes(4, "little")


@pytest.mark.conformance("BS-27")
@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=12, minutes=45)))))
def test_timestamps_are_utc_with_milliseconds(moment: datetime) -> None:
    if moment.year < 1000 or moment.astimezone(UTC).year < 1000:
        return
    text = timestamp(moment)
    assert is_timestamp(text)
    told = datetime.fromisoformat(text)
    assert abs(told - moment) < timedelta(milliseconds=1)


@pytest.mark.conformance("BS-27")
@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2016-08-16T15:03:48.1712345Z", True),
        ("2016-08-16T15:03:48.1Z", True),
        ("2016-08-16T15:03:48Z", True),
        ("2016-08-16T15:03:48.17123456Z", False),
        ("2016-08-16T15:03:48.171", False),
        ("2016-08-16 15:03:48.171Z", False),
        ("2016-13-16T15:03:48.171Z", False),
        ("", False),
    ],
)
def test_a_timestamp_has_one_to_seven_digits(text: str, good: bool) -> None:
    assert is_timestamp(text) is good


def test_the_context_asks_for_what_was_chosen() -> None:
    context = TurnContext(
        mode="dictation",
        language="de-DE",
        detailed=True,
        words=True,
        profanity="removed",
        interim=False,
        phrases=("Contoso",),
        speakers=True,
        session_id="a" * 32,
        extra={"phraseDetection": {"trailingSilenceTimeout": 5}},
    ).to_json()
    assert context == {
        "phraseDetection": {
            "mode": "Dictation",
            "language": "de-DE",
            "enrichment": {"profanity": "Removed"},
            "speakerDiarization": {
                "mode": "Anonymous",
                "audioSessionId": "a" * 32,
                "audioOffsetMs": 0,
            },
            "trailingSilenceTimeout": 5,
        },
        "phraseOutput": {
            "format": "Detailed",
            "detailed": {"options": ["WordTimings", "WordConfidence"]},
            "interimResults": {"resultType": "None"},
        },
        "dgi": {"Groups": [{"Type": "Generic", "Items": [{"Text": "Contoso"}]}]},
    }
