"""Handshake, configuration, turns and telemetry: what goes over the wire."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stt_cli.core.errors import CredentialsError, UsageError
from stt_cli.core.events import Ended, Notice, Partial, Phrase, Started
from stt_cli.core.options import Mode, Pace, Profanity, TextForm
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.net.cookies import CookieJar
from stt_cli.protocols.usp.framing import parse
from stt_cli.protocols.usp.limits import PACE, UNPACED_SECONDS
from stt_cli.providers.azure.languages import (
    bing_language,
    bing_languages,
    default_mode,
)
from stt_cli.providers.pacing import Pacer
from tests.audio.opus import constant_opus
from tests.providers.azure.realtime_kit import (
    SECOND,
    MemorySource,
    Service,
    over_websocket,
    provider,
    recognized,
    serving,
    silence,
    texts,
    tone,
)

HEX = re.compile(r"[0-9a-f]{32}")
TWO_PHRASES = tone(1) + silence(0.7) + tone(1)


def messages(service: Service) -> list[Any]:
    """Return every message that the client sent, parsed, in order."""
    return [
        parse(entry["data"]) for entry in service.journal.all() if "data" in entry.facts
    ]


@pytest.mark.conformance("BS-20")
@pytest.mark.parametrize("bing", [False, True])
def test_the_handshake_shows_session_id_credentials_and_wishes(bing: bool) -> None:
    with serving("Hi.", key="swordfish", bing=bing) as service:
        given = {"key": "swordfish"}
        events = recognized(
            service,
            tone(1),
            bing=bing,
            given=given,
            detailed=True,
            profanity=Profanity.REMOVED,
            mode=Mode.DICTATION,
            language="de-de",
        )
        connect = service.journal.all("connect")[0]
    headers = connect["headers"]
    assert HEX.fullmatch(headers["x-connectionid"])
    started = events[0]
    assert isinstance(started, Started)
    assert started.ids.session_id == headers["x-connectionid"]
    assert connect["path"] == "/speech/recognition/dictation/cognitiveservices/v1"
    query = connect["query"]
    assert (query["format"], query["profanity"]) == ("detailed", "removed")
    assert query["language"] == ("de-DE" if bing else "de-de")
    if bing:
        assert headers["authorization"].startswith("Bearer ")
        assert headers["origin"] == service.base_url
        assert "ocp-apim-subscription-key" not in headers
    else:
        assert headers["ocp-apim-subscription-key"] == "swordfish"


@pytest.mark.conformance("BS-20")
def test_a_session_id_of_ones_own_is_sent_without_dashes() -> None:
    with serving("Hi.") as service:
        recognized(
            service, tone(0.5), session_id="9F4FFA51-13A8-46EB-A289-AA98B28E766F"
        )
        connect = service.journal.all("connect")[0]
    assert connect["session"] == "9f4ffa5113a846eba289aa98b28e766f"


@pytest.mark.conformance("BS-09")
def test_profanity_is_masked_unless_asked_otherwise() -> None:
    with serving("Damn good.") as service:
        events = recognized(service, tone(2), detailed=True)
        query = service.journal.all("connect")[0]["query"]
        raw = recognized(service, tone(2), profanity=Profanity.RAW)
    assert query["profanity"] == "masked"
    assert texts(events) == ["D*** good."]
    phrase = next(event for event in events if isinstance(event, Phrase))
    best = phrase.segment.alternatives[0]
    assert (best.lexical, best.itn) == ("damn good", "damn good")
    assert best.masked_itn == "d*** good"
    assert not [e for e in events if isinstance(e, Partial) and "damn" in e.text]
    assert texts(raw) == ["Damn good."]
    assert [event for event in raw if isinstance(event, Partial)]


@pytest.mark.conformance("BS-09")
@pytest.mark.parametrize("mode", [Mode.INTERACTIVE, Mode.CONVERSATION])
def test_a_turn_of_profanity_alone_is_no_match(mode: Mode) -> None:
    with serving("Damn!") as service:
        ended = recognized(service, tone(1), mode=mode, profanity=Profanity.REMOVED)[-1]
    assert isinstance(ended, Ended)
    assert ended.status is RecognitionStatus.NO_MATCH


@pytest.mark.conformance("BS-21")
def test_cookies_come_back_on_the_next_handshake() -> None:
    with serving("Hi.", faults=("close:1011",)) as service:
        recognized(service, tone(0.5))
        first, second = service.journal.all("connect")
    assert "cookie" not in first["headers"]
    assert second["headers"]["cookie"].startswith("SpeechServiceToken=")


@pytest.mark.conformance("BS-21")
def test_a_redirected_handshake_is_followed() -> None:
    with serving("Hi.", faults=("redirect",), key="k" * 8) as service:
        events = recognized(service, tone(0.5), given={"key": "k" * 8})
        connects = service.journal.all("connect")
    assert texts(events) == ["Hi."]
    assert connects[1]["query"]["redirected"] == "1"
    assert connects[1]["headers"]["ocp-apim-subscription-key"] == "k" * 8


def test_cookies_keep_to_their_host_path_and_line() -> None:
    jar = CookieJar()
    jar.take("wss://speech.platform.bing.com/a/b", ["T=1; domain=bing.com; path=/"])
    jar.take("wss://speech.platform.bing.com/a/b", ["S=2; Secure", "P=3; Path=/a/b"])
    jar.take("wss://speech.platform.bing.com/", ["evil=1; domain=example.com", "x"])
    assert jar.header_for("wss://speech.platform.bing.com/a/b") == "T=1; S=2; P=3"
    assert jar.header_for("wss://speech.platform.bing.com/a/c") == "T=1; S=2"
    assert jar.header_for("ws://speech.platform.bing.com/a/b") == "T=1; P=3"
    assert jar.header_for("wss://other.bing.com/x") == "T=1"
    assert jar.header_for("wss://example.com/") is None
    jar.take("wss://x.bing.com/", ["T=; domain=bing.com; path=/; Max-Age=0"])
    assert jar.header_for("wss://other.bing.com/x") is None


@pytest.mark.conformance("BS-25")
@pytest.mark.parametrize("bing", [False, True])
def test_speech_config_comes_first_and_once_with_the_truth(bing: bool) -> None:
    with serving("Hi.", bing=bing) as service:
        client = provider(service.base_url, bing=bing)
        for _ in range(2):
            list(client.recognize(MemorySource(tone(0.5)), over_websocket()))
        client.close()
        paths = [message.path for message in messages(service)]
        body = service.journal.all("speech.config")[0]["body"]
    assert paths[0] == "speech.config"
    assert paths.count("speech.config") == 1
    context = body["context"]
    assert context["system"]["version"]
    assert all(context["os"][name] for name in ("platform", "name", "version"))
    assert all(context["device"][n] for n in ("manufacturer", "model", "version"))


@pytest.mark.conformance("BS-26")
def test_audio_goes_in_chunks_of_100_ms_after_a_riff_header_and_ends_empty() -> None:
    audio = tone(1.25)
    with serving("Hi.") as service:
        recognized(service, audio)
        service.journal.wait_for("telemetry")
        sent = [m for m in messages(service) if m.path == "audio"]
        turn = service.journal.all("turn")[0]["request_id"]
    assert all(m.is_binary and m.header("Content-Type") for m in sent)
    assert all(m.header("X-RequestId") and m.header("X-Timestamp") for m in sent)
    assert sent[0].body[:4] == b"RIFF"
    assert [len(m.body) for m in sent[1:]] == [3200] * 12 + [1600, 0]
    assert {m.request_id for m in sent} == {turn}
    assert service.pcm_of(turn) == audio


@pytest.mark.conformance("BS-33", "BS-34")
def test_one_telemetry_message_a_turn_tells_receipts_and_metrics() -> None:
    with serving("One. | Two.") as service:
        client = provider(service.base_url)
        for _ in range(2):
            list(client.recognize(MemorySource(TWO_PHRASES), over_websocket()))
        client.close()
        telemetry = service.journal.wait_for("telemetry", 2)
        turns = service.journal.all("turn")
        entries = service.journal.all()
        kinds = [entry.kind for entry in entries]
        ended = next(
            at
            for at, entry in enumerate(entries)
            if entry.kind == "sent" and entry["path"] == "turn.end"
        )
        told = [entry["path"] for entry in service.journal.all("sent")]
        session = service.journal.all("connect")[0]["session"]
    assert [t["request_id"] for t in telemetry] == [t["request_id"] for t in turns]
    assert kinds.index("telemetry") > ended
    first, second = (entry["body"] for entry in telemetry)
    received = {name: at for e in first["ReceivedMessages"] for name, at in e.items()}
    once = told[: told.index("turn.end") + 1]
    for path in set(once):
        receipts = received[path]
        count = len(receipts) if isinstance(receipts, list) else 1
        assert count == once.count(path)
    names = [metric["Name"] for metric in first["Metrics"]]
    assert names == ["Connection", "Microphone"]
    assert first["Metrics"][0]["Id"] == session
    assert [metric["Name"] for metric in second["Metrics"]] == ["Microphone"]
    microphone = first["Metrics"][1]
    end_detected = received["speech.endDetected"]
    assert microphone["Start"] <= microphone["End"]
    assert microphone["End"] >= end_detected
    for metric in first["Metrics"]:
        assert all(value.endswith("Z") for n, value in metric.items() if n == "Start")


@pytest.mark.conformance("BS-42", "BS-27")
def test_files_of_one_run_share_a_connection_and_never_a_request_id() -> None:
    with serving("One.", "Two.") as service:
        client = provider(service.base_url)
        first = list(client.recognize(MemorySource(tone(0.5)), over_websocket()))
        second = list(client.recognize(MemorySource(tone(0.5)), over_websocket()))
        client.close()
        connects = service.journal.all("connect")
        turns = [turn["request_id"] for turn in service.journal.all("turn")]
    assert texts(first) + texts(second) == ["One.", "Two."]
    assert len(connects) == 1
    assert len(set(turns)) == 2
    assert all(HEX.fullmatch(turn) for turn in turns)
    ids = [events[0].ids.session_id for events in (first, second)]  # type: ignore[union-attr]
    assert ids == [connects[0]["session"]] * 2


@pytest.mark.conformance("BS-42")
def test_turns_take_one_utterance_after_the_other_over_one_connection() -> None:
    with serving("One.", "Two.") as service:
        events = recognized(
            service, TWO_PHRASES + silence(0.7), mode=Mode.INTERACTIVE, turns=2
        )
        assert len(service.journal.all("connect")) == 1
        assert len(service.journal.all("turn")) == 2
    assert texts(events) == ["One.", "Two."]
    phrases = [event.segment for event in events if isinstance(event, Phrase)]
    assert [p.start for p in phrases] == [
        pytest.approx(0.0, abs=0.05),
        pytest.approx(1.7, abs=0.05),
    ]


@pytest.mark.conformance("BS-18")
def test_a_long_interactive_utterance_warns_and_names_the_other_modes() -> None:
    with serving("Hi.") as service:
        events = recognized(service, tone(1) + silence(15), mode=Mode.INTERACTIVE)
        dictated = recognized(
            service, tone(0.2) + silence(16), mode=Mode.DICTATION, bing=True
        )
    notices = [event for event in events if isinstance(event, Notice)]
    assert "at most 15 s" in notices[0].message
    assert notices[0].hint == "use --mode conversation for longer audio"
    assert "recognized one utterance, up to 1.0 s of 16.0 s" in notices[1].message
    assert not [event for event in dictated if isinstance(event, Notice)]


@pytest.mark.conformance("BS-16")
@pytest.mark.parametrize("form", [TextForm.LEXICAL, TextForm.ITN, TextForm.MASKED_ITN])
def test_another_text_form_asks_for_detailed_results(form: TextForm) -> None:
    with serving("Hi.") as service:
        events = recognized(service, tone(0.5), text_form=form)
        assert service.journal.all("connect")[0]["query"]["format"] == "detailed"
    phrase = next(event for event in events if isinstance(event, Phrase))
    assert phrase.segment.alternatives[0].lexical == "hi"


@pytest.mark.conformance("BS-14")
@pytest.mark.parametrize("bing", [False, True])
def test_an_expired_token_is_renewed_once_in_the_middle_of_a_session(
    bing: bool,
) -> None:
    faults = ("close:1011", "expire-token")
    with serving("Hi.", faults=faults, key="swordfish", bing=bing) as service:
        given = {"key": "swordfish", "auth": "token"}
        events = recognized(service, tone(0.5), bing=bing, given=given)
        tokens = [
            connect["headers"]["authorization"]
            for connect in service.journal.all("connect")
        ]
    assert texts(events) == ["Hi."]
    assert len(set(tokens)) >= 2


def test_a_wrong_key_is_exit_4_with_the_session_id() -> None:
    with serving("Hi.", key="swordfish") as service:
        with pytest.raises(CredentialsError, match="HTTP 401") as caught:
            recognized(service, tone(0.5), given={"key": "wrong", "region": "westus"})
        connects = service.journal.all("connect")
    assert "region westus" in (caught.value.hint or "")
    assert caught.value.ids.session_id == connects[0]["session"]
    assert len(connects) == 1


@pytest.mark.conformance("BS-40")
@pytest.mark.parametrize(
    ("container", "codec", "content_type"),
    [
        ("ogg", "opus", "audio/ogg"),
        ("silk", "silk", "audio/silk"),
        ("wav", "siren", "audio/x-wav"),
    ],
)
def test_what_the_service_decodes_is_sent_as_it_is(
    container: str, codec: str, content_type: str
) -> None:
    from stt_cli.audio.source import AudioEncoding

    head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" if container == "wav" else b"xxxx"
    audio = head + bytes(range(256)) * 60
    encoding = AudioEncoding(container, codec, 16_000, 1, content_type)
    source = MemorySource(audio, encoding=encoding)
    with serving("Hi.") as service:
        events = recognized(service, source)
        sent = [m for m in messages(service) if m.path == "audio"]
    assert b"".join(m.body for m in sent) == audio
    assert {m.header("Content-Type") for m in sent} == {content_type}
    assert max(len(m.body) for m in sent) <= 8192
    assert texts(events) == ["Hi."] or container == "wav"


@pytest.mark.conformance("BS-37")
def test_compressed_audio_starts_over_and_phrases_are_told_once() -> None:
    import numpy as np

    from stt_cli.audio.source import AudioEncoding

    samples = np.frombuffer(TWO_PHRASES, dtype="<i2").astype(np.float32) / 32768
    opus = constant_opus(samples, 16_000, 32_000)
    encoding = AudioEncoding("ogg", "opus", 16_000, 1, "audio/ogg")
    source = MemorySource(opus, encoding=encoding)
    with serving("One. | Two.", faults=("drop-after:4096",)) as service:
        events = recognized(service, source)
        turn = service.journal.wait_for("turn", 2)[1]["request_id"]
        assert service.pcm_of(turn) == opus
    assert texts(events) == ["One.", "Two."]


@pytest.mark.conformance("BS-02", "BS-03")
def test_bing_takes_its_own_languages_in_each_mode() -> None:
    listed = list(bing_languages())
    assert len(listed) == 29
    assert sum("conversation" in language.modes for language in listed) == 10
    assert bing_language("IT-it", "conversation") == "it-IT"
    assert (default_mode("en-US"), default_mode("en-GB")) == (
        "conversation",
        "dictation",
    )
    with pytest.raises(UsageError) as elsewhere:
        bing_language("en-GB", "conversation")
    assert elsewhere.value.hint == "use --mode interactive"
    with pytest.raises(UsageError) as near:
        bing_language("en_US", "dictation")
    assert "did you mean en-US?" in (near.value.hint or "")
    with serving("Hi.", bing=True) as service:
        with pytest.raises(UsageError, match="does not recognize xx-XX"):
            recognized(service, tone(0.5), bing=True, language="xx-XX")
        assert service.journal.all("connect") == []


@pytest.mark.conformance("BS-29")
def test_in_dictation_fragments_are_partials() -> None:
    with serving("One two three.") as service:
        events = recognized(service, tone(2), mode=Mode.DICTATION)
        told = {entry["path"] for entry in service.journal.all("sent")}
    assert "speech.fragment" in told
    assert [event for event in events if isinstance(event, Partial)]
    assert texts(events) == ["One two three."]


@pytest.mark.conformance("AZ-03")
def test_azure_gets_a_context_every_turn_and_bing_none() -> None:
    with serving("Hi.") as service:
        recognized(
            service, tone(0.5), words=True, phrases=("Contoso",), language="fr-FR"
        )
        context = service.journal.all("speech.context")[0]
        turn = service.journal.all("turn")[0]
    assert context["request_id"] == turn["request_id"]
    body = context["body"]
    assert body["phraseDetection"]["language"] == "fr-FR"
    assert body["phraseOutput"]["detailed"]["options"] == [
        "WordTimings",
        "WordConfidence",
    ]
    assert body["dgi"]["Groups"][0]["Items"] == [{"Text": "Contoso"}]
    with serving("Hi.", bing=True) as service:
        recognized(service, tone(0.5), bing=True)
        assert service.journal.all("speech.context") == []


def test_words_have_times_in_the_whole_input() -> None:
    with serving("One two. | Three.") as service:
        events = recognized(service, TWO_PHRASES, words=True)
    words = [w for e in events if isinstance(e, Phrase) for w in e.segment.words]
    assert [w.text for w in words] == ["one", "two", "three"]
    assert words[2].start == pytest.approx(1.7, abs=0.05)


@pytest.mark.parametrize(
    ("pace", "sent", "elapsed", "delay"),
    [
        (Pace.AUTO, 5.0, 0.0, 0.0),
        (Pace.AUTO, 9.0, 0.0, 2.0),
        (Pace.AUTO, 9.0, 1.5, 0.5),
        (Pace.REALTIME, 1.0, 0.25, 0.75),
        (Pace.FAST, 3600.0, 0.0, 0.0),
    ],
)
def test_audio_is_paced(pace: Pace, sent: float, elapsed: float, delay: float) -> None:
    ahead, speed = UNPACED_SECONDS, PACE
    recorded = Pacer.of(pace, live=False, ahead=ahead, speed=speed)
    assert recorded.delay(sent, elapsed) == delay
    live = Pacer.of(pace, live=True, ahead=ahead, speed=speed)
    assert live.delay(sent, elapsed) == 0.0


def test_realtime_pace_takes_as_long_as_it_was_spoken() -> None:
    import time

    with serving("Hi.") as service:
        began = time.monotonic()
        recognized(service, tone(0.6), pace=Pace.REALTIME)
        assert time.monotonic() - began > 0.45


def test_long_audio_is_read_again_when_the_buffer_has_let_it_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from stt_cli.providers import audio_feed

    monkeypatch.setattr(audio_feed, "_KEPT_BYTES", SECOND)
    audio = tone(4)
    with serving("Hi.", faults=(f"drop-after:{3 * SECOND}",)) as service:
        source = MemorySource(audio)
        events = recognized(service, source)
        turn = service.journal.wait_for("turn", 2)[1]["request_id"]
        assert service.pcm_of(turn) == audio
    assert source.reads == 2
    assert texts(events) == ["Hi."]


@pytest.mark.conformance("BS-37")
def test_live_audio_older_than_the_buffer_is_lost_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from stt_cli.providers import audio_feed

    monkeypatch.setattr(audio_feed, "_KEPT_BYTES", SECOND)
    audio = tone(4)
    with serving("Hi.", faults=(f"drop-after:{3 * SECOND}",)) as service:

        def wait_for_the_break(at: int) -> None:
            """Keep the microphone's time: no audio runs ahead of the service."""
            if 0 < at <= 3 * SECOND:
                service.journal.wait_for("audio", at // 3200)

        source = MemorySource(audio, live=True, before_block=wait_for_the_break)
        events = recognized(service, source)
        turn = service.journal.wait_for("turn", 2)[1]["request_id"]
        second = service.pcm_of(turn)
    told = [event.message for event in events if isinstance(event, Notice)]
    assert "s of audio" in told[0]
    assert audio.endswith(second)
    assert len(second) < len(audio)
    assert source.reads == 1
