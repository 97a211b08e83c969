"""REST for short audio: requests exact to the documents, every answer understood."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.errors import (
    AudioError,
    ConfigurationError,
    CredentialsError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UnreachableError,
    UsageError,
)
from stt_cli.core.events import (
    Ended,
    Identified,
    Notice,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.options import Mode, Profanity, TextForm, Transport
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.providers.azure import provider
from stt_cli.providers.azure.flavor import BING
from tests.conftest import Runner
from tests.loopback import RESET, Answer, LoopbackServer
from tests.loopback import serving as scripted
from tests.providers.azure.realtime_kit import (
    MemorySource,
    Service,
    recognized,
    serving,
    silence,
    tone,
)

SESSION = "9f4ffa5113a846eba289aa98b28e766f"
SIMPLE = {
    "RecognitionStatus": "Success",
    "DisplayText": "Remind me to buy 5 pencils.",
    "Offset": "7000000",
    "Duration": 12_000_000,
}


def rest(service: Service | str, audio: Any = None, **more: Any) -> list[Any]:
    """Recognize by REST."""
    audio = tone(1.0) if audio is None else audio
    return recognized(service, audio, **{"transport": Transport.REST, **more})


def only(events: list[RecognitionEvent], kind: type) -> Any:
    (found,) = [event for event in events if isinstance(event, kind)]
    return found


@pytest.fixture
def scripted_server() -> Iterator[LoopbackServer]:
    with scripted() as server:
        yield server


def answering(server: LoopbackServer, body: object, status: int = 200) -> str:
    server.answers(Answer(status, json.dumps(body).encode()))
    return server.url


@pytest.mark.conformance("BS-01", "BS-04", "BS-05", "ID-06")
@pytest.mark.parametrize("bing", [True, False])
def test_the_request_is_the_documents_own(
    scripted_server: LoopbackServer, bing: bool
) -> None:
    url = answering(scripted_server, SIMPLE)
    scripted_server.play, plain = (
        lambda request: (
            Answer(200, b"jwt.to.ken")
            if "issueToken" in request.target
            else plain(request)
        ),
        scripted_server.play,
    )
    events = rest(
        url,
        bing=bing,
        mode=Mode.INTERACTIVE,
        session_id="9F4FFA51-13A8-46EB-A289-AA98B28E766F",
        given={"key": "0123456789abcdef"},
    )
    request = scripted_server.received[-1]
    assert request.method == "POST"
    assert request.target == (
        "/speech/recognition/interactive/cognitiveservices/v1?language=en-US"
        f"&format=simple&profanity=masked&X-ConnectionId={SESSION}"
    )
    word = "codec" if bing else "codecs"
    expected = f"audio/wav; {word}=audio/pcm; samplerate=16000"
    assert request.header("Content-Type") == expected
    assert request.header("Accept") == "application/json"
    assert request.header("Transfer-Encoding") == "chunked"
    assert request.header("Expect") == "100-continue"
    if bing:
        assert request.header("Authorization") == "Bearer jwt.to.ken"
    else:
        assert request.header("Ocp-Apim-Subscription-Key") == "0123456789abcdef"
    assert request.body[:4] == b"RIFF"
    assert request.body[44:] == tone(1.0)
    assert request.chunks == (3_244, *[3_200] * 9)
    assert only(events, Started).ids.session_id == SESSION
    assert only(events, Started).transport == "rest"


@pytest.mark.conformance("ID-06")
def test_a_session_id_of_our_own_is_hex_without_dashes_and_the_service_keeps_it() -> (
    None
):
    with serving("Hello.") as service:
        events = rest(service)
    told = only(events, Started).ids.session_id
    (seen,) = service.journal.all("rest")
    assert seen["session_id"] == told
    assert len(told) == 32
    assert int(told, 16)


@pytest.mark.conformance("BS-02")
def test_an_unknown_mode_is_refused_before_any_request(
    stt: Runner, recording: Path
) -> None:
    done = stt("recognize", recording, "-p", "bing", "--mode", "casual")
    assert done.status == 2
    assert "interactive" in done.stderr


@pytest.mark.conformance("BS-03")
@pytest.mark.parametrize(
    ("language", "mode", "words"),
    [
        ("en-UK", Mode.INTERACTIVE, "did you mean"),
        ("da-DK", Mode.CONVERSATION, "--mode interactive"),
        ("xx-YY", Mode.DICTATION, "stt languages -p bing"),
    ],
)
def test_bing_refuses_a_language_its_mode_lacks(
    language: str, mode: Mode, words: str
) -> None:
    with pytest.raises(UsageError) as raised:
        rest("http://127.0.0.1:9", bing=True, language=language, mode=mode)
    assert words in (raised.value.hint or "")


@pytest.mark.conformance("BS-03")
def test_a_language_is_sent_as_the_document_spells_it(
    scripted_server: LoopbackServer,
) -> None:
    url = answering(scripted_server, SIMPLE)
    rest(url, bing=True, language="IT-it", mode=Mode.CONVERSATION)
    assert "language=it-IT" in scripted_server.received[0].target


@pytest.mark.conformance("BS-06", "BS-08")
def test_a_simple_answer_with_numbers_as_strings(
    scripted_server: LoopbackServer,
) -> None:
    events = rest(answering(scripted_server, SIMPLE), keep_raw=True)
    segment = only(events, Phrase).segment
    assert segment.text == "Remind me to buy 5 pencils."
    assert (segment.start, segment.end) == (0.7, pytest.approx(1.9))
    assert only(events, Ended).raw == (SIMPLE,)


DETAILED_2018 = b"""{
  "RecognitionStatus": "Success",
  "Offset": "1236645672289",
  "Duration": "1236645672289",
  "NBest": [
      {
        "Confidence" : "0.87",
        "Lexical" : "remind me to buy five pencils",
        "ITN" : "remind me to buy 5 pencils",
        "MaskedITN" : "remind me to buy 5 pencils",
        "Display" : "Remind me to buy 5 pencils.",
      },
      {
        "Confidence" : "0.54",
        "Lexical" : "rewind me to buy five pencils",
        "ITN" : "rewind me to buy 5 pencils",
        "MaskedITN" : "rewind me to buy 5 pencils",
        "Display" : "Rewind me to buy 5 pencils.",
      }
  ]
}"""


@pytest.mark.conformance("BS-06", "BS-60")
def test_the_detailed_answer_of_the_document_is_read_with_its_commas(
    scripted_server: LoopbackServer,
) -> None:
    url = answering(scripted_server, SIMPLE)
    scripted_server.answers(Answer(200, DETAILED_2018))
    segment = only(rest(url, detailed=True), Phrase).segment
    assert segment.text == "Remind me to buy 5 pencils."
    assert [other.confidence for other in segment.alternatives] == [0.87, 0.54]


@pytest.mark.conformance("BS-06")
def test_a_detailed_answer_keeps_the_services_order(
    scripted_server: LoopbackServer,
) -> None:
    best = [
        {"Confidence": "0.905", "Lexical": "five", "ITN": "5", "MaskedITN": "5",
         "Display": "Five."},
        {"Confidence": 0.925, "Lexical": "fife", "ITN": "fife", "MaskedITN": "f***",
         "Display": "Fife."},
    ]  # fmt: skip
    body = {**SIMPLE, "NBest": best}
    del body["DisplayText"]
    events = rest(answering(scripted_server, body), detailed=True)
    assert "format=detailed" in scripted_server.received[0].target
    segment = only(events, Phrase).segment
    assert (segment.text, segment.confidence) == ("Five.", 0.905)
    second = segment.alternatives[1]
    assert (second.lexical, second.masked_itn, second.confidence) == (
        "fife",
        "f***",
        0.925,
    )


@pytest.mark.conformance("BS-07")
@pytest.mark.parametrize(
    ("word", "status", "words"),
    [
        ("[nomatch]", "no_match", "check the language"),
        ("[silence]", "initial_silence", "codec"),
        ("[babble]", "babble", "noise"),
    ],
)
def test_each_empty_result_has_its_own_status_hint_and_exit_3(
    stt: Runner, recording: Path, word: str, status: str, words: str
) -> None:
    with serving(word) as service:
        done = stt(
            "recognize", recording, "-p", "azure", "--transport", "rest",
            "--endpoint", service.base_url, "--json",
        )  # fmt: skip
    assert done.status == 3
    assert json.loads(done.stdout)["status"] == status
    assert words in done.stderr


@pytest.mark.conformance("BS-07")
def test_an_error_of_the_service_is_retried_then_exit_8(
    scripted_server: LoopbackServer,
) -> None:
    good = Answer(200, json.dumps(SIMPLE).encode())
    bad = Answer(200, b'{"RecognitionStatus": "Error"}')
    scripted_server.answers(bad, bad, good)
    assert only(rest(scripted_server.url), Phrase)
    scripted_server.answers(bad)
    with pytest.raises(ProviderError) as raised:
        rest(scripted_server.url)
    assert raised.value.exit_status == 8


@pytest.mark.conformance("BS-09")
@pytest.mark.parametrize(
    ("profanity", "text"),
    [
        (None, "What the c*** is it."),
        (Profanity.REMOVED, "What the is it."),
        (Profanity.RAW, "What the crap is it."),
    ],
)
def test_profanity_is_masked_by_default_and_never_in_the_lexical_form(
    profanity: Profanity | None, text: str
) -> None:
    with serving("What the crap is it.") as service:
        events = rest(service, profanity=profanity, text_form=TextForm.LEXICAL)
    segment = only(events, Phrase).segment
    assert segment.text == text
    assert "crap" in segment.alternatives[0].lexical


@pytest.mark.conformance("BS-09")
def test_only_profanity_that_is_removed_is_no_match(
    scripted_server: LoopbackServer, stt: Runner, recording: Path
) -> None:
    url = answering(scripted_server, {**SIMPLE, "DisplayText": ""})
    done = stt(
        "recognize", recording, "-p", "azure", "--transport", "rest", "--endpoint",
        url, "--profanity", "removed", "--json",
    )  # fmt: skip
    assert done.status == 3
    assert json.loads(done.stdout)["status"] == "no_match"


@pytest.mark.conformance("BS-10")
@pytest.mark.parametrize(
    ("seconds", "bing", "transport"),
    [(5, True, "rest"), (11, True, "websocket"), (61, False, "websocket")],
)
def test_auto_takes_the_websocket_above_the_limit_and_says_why(
    seconds: float, bing: bool, transport: str
) -> None:
    with serving("Hello.", bing=bing) as service:
        audio = tone(1.0) + silence(seconds - 1)
        events = rest(service, audio, bing=bing, transport=Transport.AUTO)
    assert only(events, Started).transport == transport
    limit = 10 if bing else 15
    word = "shorter" if transport == "rest" else "longer"
    assert only(events, Started).reason == f"it is {word} than {limit} s"


@pytest.mark.conformance("BS-10", "AZ-02")
def test_rest_by_name_warns_above_10_s_and_refuses_above_15() -> None:
    with serving("Hello.", bing=True) as service:
        events = rest(service, tone(1.0) + silence(11), bing=True)
        notices = [event for event in events if isinstance(event, Notice)]
        assert "limit of 10 s" in notices[0].message
        with pytest.raises(UsageError, match="REST takes at most 15 s") as raised:
            rest(service, silence(16), bing=True)
        assert "websocket" in (raised.value.hint or "")
        assert len(service.journal.all("rest")) == 1
    with serving("Hello.") as service:
        assert only(rest(service, tone(1.0) + silence(20)), Phrase)
        with pytest.raises(UsageError, match="REST takes at most 60 s"):
            rest(service, silence(61))


def test_live_audio_by_rest_stops_at_the_limit() -> None:
    with (
        serving("Hello.", bing=True) as service,
        pytest.raises(UsageError, match="REST takes at most 15 s"),
    ):
        rest(service, MemorySource(silence(16), live=True), bing=True)


@pytest.mark.conformance("BS-10")
def test_a_bing_request_is_given_up_after_14_s_in_all(
    scripted_server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BING.short_audio.answer_seconds == 14
    hasty = replace(BING.short_audio, answer_seconds=0.6)
    monkeypatch.setattr(provider, "BING", replace(BING, short_audio=hasty))
    over = threading.Event()
    scripted_server.play = lambda _request: Answer() if over.wait(30) else RESET

    def speak_slowly(at: int) -> None:
        if at:
            time.sleep(0.02)  # the audio has its part of the time too

    try:
        with pytest.raises(UnreachableError, match="did not respond in time") as raised:
            rest(
                scripted_server.url,
                MemorySource(tone(1.5), live=True, before_block=speak_slowly),
                bing=True,
                given={"token": "jwt.to.ken"},
            )
    finally:
        over.set()
    assert raised.value.exit_status == 8
    assert len(scripted_server.received) <= 1  # tried once, and no more


def test_a_result_that_stops_early_is_told() -> None:
    with serving("Hello.") as service:
        events = rest(service, tone(1.0) + silence(8))
    assert "the result ends at 1.0 s of 9.0 s" in only(events, Notice).message


@pytest.mark.conformance("BS-11", "BS-40")
def test_any_recording_is_converted_to_pcm_wav(
    stt: Runner, tmp_path: Path, scripted_server: LoopbackServer
) -> None:
    import numpy as np
    import soundfile

    path = tmp_path / "stereo.ogg"
    samples = np.zeros((22_050, 2), dtype=np.float32)
    soundfile.write(path, samples, 22_050)
    url = answering(scripted_server, SIMPLE)
    done = stt(
        "recognize", path, "-p", "azure", "--transport", "rest", "--endpoint", url
    )
    assert done.status == 0
    body = scripted_server.received[0].body
    assert body[20:36] == bytes.fromhex("0100 0100 803e0000 007d0000 0200 1000")
    assert abs(len(body) - 44 - 32_000) < 400


@pytest.mark.conformance("BS-11")
def test_unreadable_audio_is_10_and_nothing_is_sent(
    stt: Runner, tmp_path: Path, scripted_server: LoopbackServer
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"this is no recording at all" * 10)
    done = stt(
        "recognize", path, "-p", "bing", "--transport", "rest", "--endpoint",
        scripted_server.url,
    )  # fmt: skip
    assert done.status == 10
    assert scripted_server.received == []


GATEWAY = {"error": {"code": "401", "message": "Access denied."}}


@pytest.mark.conformance("BS-12")
@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "hint"),
    [
        (400, b"Invalid language", UsageError, 2, "language"),
        (400, b"Invalid audio", AudioError, 10, "audio may be invalid"),
        (401, json.dumps(GATEWAY).encode(), CredentialsError, 4, "AZURE_SPEECH_KEY"),
        (403, b"", CredentialsError, 4, "region westeurope"),
        (403, b"Out of call volume quota", QuotaError, 4, "both keys"),
        (404, b"", ConfigurationError, 2, "--mode"),
        (408, b"", AudioError, 10, "empty"),
        (415, b"", AudioError, 10, "WAV"),
        (429, b"", RateLimitedError, 9, "-j"),
        (500, b"", ProviderError, 8, "try again"),
        (503, b"<html><title>Busy</title></html>", ProviderError, 8, "try again"),
    ],
)
def test_every_refusal_is_the_right_error_with_what_to_do(
    scripted_server: LoopbackServer,
    status: int,
    body: bytes,
    kind: type[SttError],
    code: int,
    hint: str,
) -> None:
    headers = (("apim-request-id", "a-1"),)
    scripted_server.answers(Answer(status, body, headers))
    with pytest.raises(kind) as raised:
        rest(
            scripted_server.url,
            given={"key": "0123456789", "region": "westeurope"},
        )
    error = raised.value
    assert error.exit_status == code
    assert error.http_status == status
    assert hint in (error.hint or "")
    assert error.ids.get("apim_request_id") == "a-1"
    retried = status in (408, 429, 500, 503)
    assert len(scripted_server.received) == (5 if retried else 1)


@pytest.mark.conformance("BS-12")
def test_bings_refusal_names_its_own_causes(scripted_server: LoopbackServer) -> None:
    scripted_server.answers(Answer(403))
    with pytest.raises(CredentialsError) as raised:
        rest(scripted_server.url, bing=True, given={"token": "abc.def.ghi"})
    for word in ("BING_SPEECH_TOKEN", "expired", "10 minutes", "both keys share"):
        assert word in (raised.value.hint or "")


@pytest.mark.conformance("AZ-11")
def test_custom_endpoint_and_the_ids_of_the_answer(
    scripted_server: LoopbackServer,
) -> None:
    cid = "75e2b5ee-9a5e-4a5f-8d5a-f9ea4bd4d4e0"
    headers = (("X-RequestId", "r" * 32), ("apim-request-id", "a-1"))
    scripted_server.answers(Answer(200, json.dumps(SIMPLE).encode(), headers))
    events = rest(scripted_server.url, model=cid)
    assert f"cid={cid}" in scripted_server.received[0].target
    ids = only(events, Identified).ids
    assert (ids.request_id, ids.get("apim_request_id")) == ("r" * 32, "a-1")


@pytest.mark.conformance("BS-19")
def test_interim_moves_to_the_websocket_or_is_refused() -> None:
    with serving("Hello.") as service:
        events = rest(service, interim=True, transport=Transport.AUTO)
        assert only(events, Started).transport == "websocket"
        with pytest.raises(UsageError, match="--interim requires more") as raised:
            rest(service, interim=True)
        assert "websocket" in (raised.value.hint or "")


@pytest.mark.conformance("AZ-02")
def test_the_emulator_is_strict_about_what_the_service_is_strict_about() -> None:
    import http.client
    from urllib.parse import urlsplit

    def status(target: str, body: bytes, **headers: str) -> int:
        peer = http.client.HTTPConnection(urlsplit(service.base_url).netloc, timeout=9)
        named = {"Content-Type": "audio/wav; samplerate=16000"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        peer.request("POST", target, body, named)
        with contextlib.closing(peer):
            return peer.getresponse().status

    path = "/speech/recognition/conversation/cognitiveservices/v1"
    with serving("Hello.", key="k-0123456789") as service:
        key = {"Ocp_Apim_Subscription_Key": "k-0123456789"}
        assert status(f"{path}?language=en-US", b"x") == 403
        wrong = {"Ocp_Apim_Subscription_Key": "wrong"}
        assert status(f"{path}?language=en-US", b"x", **wrong) == 401
        assert status(path, b"x", **key) == 400
        assert status(f"{path}?language=en-US", b"", **key) == 408
        assert status(f"{path}?language=en-US", b"no wav", **key) == 400
        assert status(f"{path}?language=en-US&format=odd", b"x", **key) == 400
        text = {**key, "Content_Type": "text/plain"}
        assert status(f"{path}?language=en-US", b"x", **text) == 415
        other = path.replace("conversation", "casual")
        assert status(f"{other}?language=en-US", b"x", **key) == 404


@pytest.mark.parametrize("fault", ["truncated:2", "status:500:3", "rate-limit:2"])
def test_passing_faults_are_survived(fault: str) -> None:
    with serving("Hello.", faults=(fault,)) as service:
        assert only(rest(service), Phrase).segment.text == "Hello."


def test_an_upload_that_is_cut_is_sent_again() -> None:
    with serving("Hello.", faults=("drop-after:5000:2",)) as service:
        assert only(rest(service), Phrase).segment.text == "Hello."


def test_bytes_that_mean_nothing_are_a_failure_of_the_service() -> None:
    with (
        serving("Hello.", faults=("garbage:9",)) as service,
        pytest.raises(ProviderError, match="not JSON"),
    ):
        rest(service)


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(UnreachableError):
        rest("http://127.0.0.1:9")


def test_a_success_is_seen_as_one() -> None:
    with serving("Hello.") as service:
        events = rest(service)
    assert only(events, Ended).status is RecognitionStatus.SUCCESS
    assert only(events, Phrase).segment.end == pytest.approx(1.0, abs=0.05)
