"""What the services of 2018 and of today refuse, and what they let pass."""

from __future__ import annotations

import http.client
import json
import struct
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from stt_cli.net.websocket_handshake import HandshakeRejected
from stt_cli.protocols.usp.messages import riff_header
from tests.emulating import KEY, Emulated, emulated
from tests.emulator.test_azure_strictness import (
    CONFIG,
    PATH,
    SESSION,
    TURN,
    answered,
    audio,
    ending,
    text,
)
from tests.providers.azure.realtime_kit import tone
from tests.websocket_client import connect

REST = "/speech/recognition/{mode}/cognitiveservices/v1?{query}"
WAV = "audio/wav; codec=audio/pcm; samplerate=16000"
SSML_2018 = (
    "<speak version='1.0' xml:lang='en-US'><voice xml:lang='en-US' "
    "xml:gender='Female' name='Microsoft Server Speech Text to Speech Voice "
    "(en-US, ZiraRUS)'>Microsoft Bing Voice Output API</voice></speak>"
)
NEXT_TURN = "a" * 32


@pytest.fixture(scope="module")
def bing() -> Iterator[Emulated]:
    with emulated("bing") as service:
        yield service


@pytest.fixture(scope="module")
def azure() -> Iterator[Emulated]:
    with emulated("azure") as service:
        yield service


def post(
    service: Emulated, path: str, body: Any, headers: dict[str, str], **more: Any
) -> http.client.HTTPResponse:
    """Send a request and return its answer, read."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=60)
    connection.request("POST", path, body, headers, **more)
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def recognized(
    service: Emulated,
    query: str = "language=en-US",
    mode: str = "interactive",
    body: Any = None,
    **headers: str,
) -> http.client.HTTPResponse:
    given = {"Ocp-Apim-Subscription-Key": KEY, "Content-Type": WAV}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in given.items() if value}
    whole = riff_header() + tone(1) if body is None else body
    return post(service, REST.format(mode=mode, query=query), whole, sent)


def wav(channels: int, rate: int, bits: int) -> bytes:
    return riff_header(rate, channels, bits) + tone(1)


@pytest.mark.conformance("BS-59")
@pytest.mark.parametrize(
    ("query", "mode", "reason"),
    [
        ("language=tlh-KL", "interactive", "language"),
        ("language=", "interactive", "language"),
        ("format=simple", "interactive", "language"),
        ("language=sv-SE", "conversation", "language"),
        ("language=en-US&format=foo", "interactive", "format"),
        ("language=en-US&profanity=loud", "interactive", "profanity"),
    ],
)
@pytest.mark.parametrize("socket", [False, True])
def test_bing_refuses_wrong_parameters_by_name(
    bing: Emulated, query: str, mode: str, reason: str, socket: bool
) -> None:
    if not socket:
        answer = recognized(bing, query, mode)
        assert (answer.status, answer.body) == (  # type: ignore[attr-defined]
            400,
            f"Invalid {reason} parameter".encode(),
        )
        return
    url = f"{bing.url}{REST.format(mode=mode, query=query)}"
    url += f"&X-ConnectionId={SESSION}&Ocp-Apim-Subscription-Key={KEY}"
    with pytest.raises(HandshakeRejected) as refused:
        connect(url, {}, timeout=60)
    assert refused.value.status == 400
    assert reason.encode() in refused.value.response.body


@pytest.mark.conformance("BS-59")
@pytest.mark.parametrize("language", ["sv-SE", "ca-ES"])
def test_a_language_is_taken_in_the_modes_that_have_it(
    bing: Emulated, azure: Emulated, language: str
) -> None:
    query = f"language={language.lower()}"
    assert recognized(bing, query, "dictation").status == 200
    assert recognized(azure, query, "conversation").status == 200


@pytest.mark.conformance("BS-59")
@pytest.mark.parametrize(
    "wrong", [(2, 16_000, 16), (1, 8_000, 16), (1, 44_100, 16), (1, 16_000, 8)]
)
def test_other_rates_channels_and_widths_are_refused(
    bing: Emulated, azure: Emulated, wrong: tuple[int, int, int]
) -> None:
    assert recognized(bing, body=wav(*wrong)).status == 400
    headers = {"X-ConnectionId": SESSION, "Ocp-Apim-Subscription-Key": KEY}
    connection = connect(azure.url + PATH, headers, timeout=60)
    connection.send_text(text("speech.config", CONFIG))
    connection.send_binary(audio(wav(*wrong)[:8_000], Content_Type="audio/x-wav"))
    assert ending(connection) == (1007, "The audio is not 16 kHz 16-bit mono PCM")


@pytest.mark.conformance("BS-59")
@pytest.mark.parametrize(("name", "status"), [("bing", 400), ("azure", 415)])
@pytest.mark.parametrize("kind", ["", "audio/flac", "text/plain"])
def test_rest_wants_the_type_of_the_audio(
    request: pytest.FixtureRequest, name: str, status: int, kind: str
) -> None:
    service: Emulated = request.getfixturevalue(name)
    assert recognized(service, Content_Type=kind).status == status


@pytest.mark.conformance("BS-59")
def test_chunked_bodies_need_no_expect(bing: Emulated) -> None:
    def blocks() -> Iterator[bytes]:
        yield riff_header()
        yield tone(1)

    headers = {"Ocp-Apim-Subscription-Key": KEY, "Content-Type": WAV}
    path = REST.format(mode="interactive", query="language=en-US")
    assert post(bing, path, blocks(), headers, encode_chunked=True).status == 200


@pytest.mark.conformance("BS-59")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Ocp_Apim_Subscription_Key": ""}, 403),
        ({"Ocp_Apim_Subscription_Key": "wrong"}, 403),
        ({"Ocp_Apim_Subscription_Key": "", "Authorization": "Bearer a.b.c"}, 403),
    ],
)
def test_bing_answers_missing_and_wrong_credentials_with_403(
    bing: Emulated, headers: dict[str, str], status: int
) -> None:
    assert recognized(bing, **headers).status == status


@pytest.mark.conformance("BS-59")
@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer a.b.c"}])
def test_bing_answers_a_handshake_without_good_credentials_with_403(
    bing: Emulated, given: dict[str, str]
) -> None:
    url = f"{bing.url}{REST.format(mode='interactive', query='language=en-US')}"
    with pytest.raises(HandshakeRejected) as refused:
        connect(url, {"X-ConnectionId": SESSION, **given}, timeout=60)
    assert refused.value.status == 403


def synthesized(
    service: Emulated, ssml: str = SSML_2018, **more: str
) -> http.client.HTTPResponse:
    """Send the 2018 page's example of a request, which names no application."""
    token = post(
        service, "/sts/v1.0/issueToken", b"", {"Ocp-Apim-Subscription-Key": KEY}
    ).body.decode()  # type: ignore[attr-defined]
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/ssml+xml",
        "X-Microsoft-OutputFormat": "riff-8khz-8bit-mono-mulaw",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return post(service, "/synthesize", ssml.encode(), headers)


@pytest.mark.conformance("BS-60")
def test_the_synthesis_request_of_the_document_is_taken(bing: Emulated) -> None:
    answer = synthesized(bing)
    assert answer.status == 200
    assert answer.body.startswith(b"RIFF")  # type: ignore[attr-defined]
    assert any("no User-Agent" in line for line in bing.log)


@pytest.mark.conformance("BS-59")
def test_a_user_agent_is_short_and_in_strict_mode_required(bing: Emulated) -> None:
    assert synthesized(bing, User_Agent="x" * 254).status == 200
    assert synthesized(bing, User_Agent="x" * 255).status == 400
    with emulated("bing", strict=True) as strict:
        assert synthesized(strict).status == 400
        assert synthesized(strict, User_Agent="x").status == 200


@pytest.mark.conformance("BS-56", "BS-60")
@pytest.mark.parametrize("ssml", ["<speak", "<speak><voice>Hi.</speak>", "", "<a/>"])
def test_bad_ssml_is_answered_as_the_document_shows(bing: Emulated, ssml: str) -> None:
    answer = synthesized(bing, ssml)
    assert (answer.status, answer.reason) == (400, "XML parser error")
    assert answer.headers["Content-Type"] == "text/xml"
    assert answer.headers["Content-Length"] == "0"
    again = synthesized(bing, SSML_2018.replace("ZiraRUS", "Nobody"))
    assert (again.reason, again.body) == (  # type: ignore[attr-defined]
        "Bad Request",
        b"Voice name not supported",
    )


@pytest.mark.conformance("BS-09", "BS-60")
@pytest.mark.parametrize("mode", ["interactive", "conversation"])
def test_profanity_alone_that_is_removed_is_no_match_in_the_emulator(mode: str) -> None:
    with emulated("bing", transcripts=("Damn!",)) as service:
        answer = recognized(service, "language=en-US&profanity=removed", mode)
    body = json.loads(answer.body)  # type: ignore[attr-defined]
    assert body["RecognitionStatus"] == "NoMatch"


# What --strict adds.


def telemetry(request_id: str = TURN, **changed: Any) -> str:
    now = "2026-11-20T14:03:06.000Z"
    body = {
        "ReceivedMessages": [{"turn.start": now}, {"speech.hypothesis": [now, now]}],
        "Metrics": [
            {"Name": "Connection", "Id": SESSION, "Start": now, "End": now},
            {"Name": "Microphone", "Start": now, "End": now},
        ],
    } | changed
    return text("telemetry", body, **{"X-RequestId": request_id})


def one_turn(service: Emulated, config: Any = CONFIG) -> Any:
    headers = {"X-ConnectionId": SESSION, "Ocp-Apim-Subscription-Key": KEY}
    connection = connect(service.url + PATH, headers, timeout=60)
    connection.send_text(text("speech.config", config))
    wave = "audio/x-wav"
    connection.send_binary(audio(riff_header() + tone(0.1), Content_Type=wave))
    connection.send_binary(audio(b"", Content_Type=wave))
    answered(connection)
    return connection


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulated]:
    with emulated("azure", strict=True) as service:
        yield service


@pytest.mark.conformance("BS-59")
@pytest.mark.parametrize(
    ("messages", "code", "reason"),
    [
        ([], 1002, f"Telemetry is missing for {TURN}"),
        ([telemetry(), telemetry()], 1002, f"Telemetry came twice for {TURN}"),
        ([telemetry(Metrics=None)], 1007, "Metrics is not an array of objects"),
        ([telemetry(Metrics=[])], 1007, "the metric Microphone is missing"),
        ([telemetry(ReceivedMessages=None)], 1007, "ReceivedMessages is missing"),
        ([telemetry(ReceivedMessages={"a": "b"})], 1007, "ReceivedMessages is not"),
        (
            [telemetry(Metrics=[{"Name": "Microphone", "Start": "now", "End": "x"}])],
            1007,
            "the metric Microphone has no Start",
        ),
    ],
)
def test_strict_closes_for_telemetry_that_is_missing_doubled_or_malformed(
    strict: Emulated, messages: list[str], code: int, reason: str
) -> None:
    connection = one_turn(strict)
    for message in messages:
        connection.send_text(message)
    more = {"X-RequestId": NEXT_TURN, "Content_Type": "audio/x-wav"}
    if not messages:
        connection.send_binary(audio(riff_header(), **more))
    told, words = ending(connection)
    assert told == code
    assert reason in words


@pytest.mark.conformance("BS-59")
def test_strict_lets_a_client_that_does_as_the_document_says_go_on(
    strict: Emulated,
) -> None:
    connection = one_turn(strict)
    connection.send_text(telemetry())
    more = {"X-RequestId": NEXT_TURN, "Content_Type": "audio/x-wav"}
    connection.send_binary(audio(riff_header() + tone(0.1), **more))
    connection.send_binary(audio(b"", **more))
    assert answered(connection)[-1] == "turn.end"
    connection.close()


@pytest.mark.conformance("BS-59")
def test_an_empty_speech_config_is_for_the_strict_alone(
    azure: Emulated, strict: Emulated
) -> None:
    one_turn(azure, {}).close()
    headers = {"X-ConnectionId": SESSION, "Ocp-Apim-Subscription-Key": KEY}
    connection = connect(strict.url + PATH, headers, timeout=60)
    connection.send_text(text("speech.config", {}))
    assert ending(connection) == (1007, "speech.config has no context")
    connection = connect(strict.url + PATH, headers, timeout=60)
    connection.send_text(text("speech.config", "").removesuffix('""'))
    words = "Incorrect message format. Text message contains no data."
    assert ending(connection) == (1007, words)


CONFIG_2018 = """{
  "context": {
    "system": {
      "version": "2.0.12341",
    },
    "os": {
      "platform": "Linux",
      "name": "Debian",
      "version": "2.14324324"
    },
    "device": {
      "manufacturer": "Contoso",
      "model": "Fabrikan",
      "version": "7.341"
      }
    },
  }
}"""
TELEMETRY_2018 = """{
  "ReceivedMessages": [
    { "speech.hypothesis": [ "2016-08-16T15:03:48.171Z", "2016-08-16T15:03:48.331Z" ] },
    { "speech.endDetected": "2016-08-16T15:03:49.721Z" },
    { "speech.phrase": "2016-08-16T15:03:50.001Z" },
    { "turn.end": "2016-08-16T15:03:51.021Z" }
  ],
  "Metrics": [
    {
      "Name": "Connection",
      "Id": "A140CAF92F71469FA41C72C7B5849253",
      "Start": "2016-08-16T15:03:47.921Z",
      "End": "2016-08-16T15:03:48.000Z",
    },
    {
      "Name": "Microphone",
      "Start": "2016-08-16T15:03:47.921Z",
      "End": "2016-08-16T15:03:51.921Z",
    },
  ],
}"""


@pytest.mark.conformance("BS-60")
def test_the_messages_of_the_document_are_taken_with_their_commas() -> None:
    # The sample of speech.config has a brace too many as well.
    config = CONFIG_2018.removesuffix("\n}")
    with emulated("bing", strict=True) as service:
        token = post(
            service, "/sts/v1.0/issueToken", b"", {"Ocp-Apim-Subscription-Key": KEY}
        ).body.decode()  # type: ignore[attr-defined]
        headers = {"X-ConnectionId": SESSION, "Authorization": f"Bearer {token}"}
        connection = connect(service.url + PATH, headers, timeout=60)
        connection.send_text(text("speech.config", "").replace('""', config))
        for turn in (TURN, NEXT_TURN):
            more = {"X-RequestId": turn, "Content_Type": "audio/x-wav"}
            connection.send_binary(audio(riff_header() + tone(0.1), **more))
            connection.send_binary(audio(b"", **more))
            assert answered(connection)[-1] == "turn.end"
            acknowledged = text("telemetry", "", **{"X-RequestId": turn})
            connection.send_text(acknowledged.replace('""', TELEMETRY_2018))
        connection.close()
        assert len(service.journal.wait_for("telemetry", 2)) == 2


@pytest.mark.conformance("BS-59")
def test_strict_ends_a_connection_that_is_idle_or_too_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from stt_cli.emulator.azure import realtime

    headers = {"X-ConnectionId": SESSION, "Ocp-Apim-Subscription-Key": KEY}
    with emulated("azure", "idle-timeout:0.2", strict=True) as service:
        began = time.monotonic()
        connection = connect(service.url + PATH, headers, timeout=60)
        assert ending(connection)[0] == 1000
        assert time.monotonic() - began >= 0.2
    monkeypatch.setattr(realtime, "CONNECTION_SECONDS", 0.3)
    with emulated("azure", strict=True) as service:
        connection = connect(service.url + PATH, headers, timeout=60)
        assert ending(connection)[0] == 1000
        [closed] = service.journal.wait_for("closed")
    assert closed["why"] == "too old"


def test_the_wav_of_these_tests_says_what_it_is() -> None:
    assert struct.unpack_from("<HHI", wav(2, 8_000, 16), 20) == (1, 2, 8_000)
