"""Soniox's real-time socket through the command line, against the emulator."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.events import Partial, Phrase
from stt_cli.core.options import Pace, RecognizeOptions
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.registry import provider_spec
from tests.emulating import KEY, emulated
from tests.providers.conftest import Shell


@pytest.mark.conformance("SN-08")
def test_config_first_audio_then_an_empty_text(shell: Shell, wav: Path) -> None:
    with emulated("soniox", transcripts=("Good day. | All of you.",)) as service:
        done = shell(service, "recognize", wav, "-p", "soniox")
        assert (done.status, done.text) == (0, "Good day.\nAll of you.\n")
        (config,) = service.all("config")
        kinds = [entry.kind for entry in service.journal.all()]
        sizes = [entry["size"] for entry in service.all("audio")]
    fields = json.loads(config["text"])
    reference = fields.pop("client_reference_id")
    assert fields == {
        "audio_format": "pcm_s16le",
        "sample_rate": 16000,
        "num_channels": 1,
        "enable_endpoint_detection": True,
        "model": "stt-rt-v6",
    }
    assert f"session id: {reference}" in done.stderr
    assert f"client reference id: {reference}" in done.stderr
    assert kinds == ["config", *["audio"] * len(sizes), "end"]
    assert sum(sizes) == 64_000


@pytest.mark.conformance("SN-08")
def test_partials_come_while_audio_flows(wav: Path) -> None:
    from stt_cli.audio.open import open_source

    environment = Environment.of_this_process()
    with emulated("soniox", transcripts=("one two three four five six",)) as service:
        context = ProviderContext(environment, endpoint=service.url, secrets={})
        service_without_key = provider_spec("soniox").open(context)
        options = RecognizeOptions(pace=Pace.REALTIME)
        source = open_source(str(wav), environment)
        with pytest.raises(Exception, match="Incorrect API key"):
            list(service_without_key.recognize(source, options))
    with emulated(
        "soniox", transcripts=("one two three four five six",), key=None
    ) as service:
        context = ProviderContext(environment, endpoint=service.url)
        provider = provider_spec("soniox").open(context)
        events = list(provider.recognize(source, options))
    partials = [event.text for event in events if isinstance(event, Partial)]
    phrases = [event.segment.text for event in events if isinstance(event, Phrase)]
    assert "one" in partials
    assert any(text.startswith("one two three") for text in partials)
    assert phrases == ["one two three four five six"]


@pytest.mark.conformance("SN-08")
def test_a_wrong_key_is_told_after_the_handshake_with_its_request_id(
    shell: Shell, wav: Path
) -> None:
    with emulated("soniox", key="another-key-0002") as service:
        done = shell(service, "recognize", wav, "-p", "soniox")
    assert done.status == 4
    assert re.search(r"^request id: [0-9a-f-]{36}$", done.stderr, re.M)
    assert re.search(r"^session id: [0-9a-f]{32}$", done.stderr, re.M)
    assert KEY not in done.stderr


@pytest.mark.conformance("SN-08")
def test_a_silent_input_is_kept_alive(wav: Path) -> None:
    """Audio stops for longer than the server waits; the keep-alive saves it.

    What was said before the pause is made final, once.
    """
    import os
    import threading

    from stt_cli.audio.stream_source import StreamSource

    environment = Environment.of_this_process()
    fast = _hurried(environment, 40.0)
    read_end, write_end = os.pipe()
    header_and_half = wav.read_bytes()
    pause = threading.Event()

    def speak() -> None:
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(header_and_half[:32_044])
            pipe.flush()
            pause.wait(3.0)
            pipe.write(header_and_half[32_044:])

    heard = "Before the pause. | After it."
    with emulated(
        "soniox", "idle-timeout:2", key=None, transcripts=(heard,)
    ) as service:
        context = ProviderContext(fast, endpoint=service.url)
        provider = provider_spec("soniox").open(context)
        speaker = threading.Thread(target=speak)
        speaker.start()
        with os.fdopen(read_end, "rb") as pipe:
            source = StreamSource(lambda: pipe, name="-")
            events = list(provider.recognize(source, RecognizeOptions()))
        speaker.join()
        assert service.all("keepalive")
        assert not service.all("idle")
        assert len(service.all("finalize")) == 1
        assert sum(entry["size"] for entry in service.all("audio")) == 64_000
    phrases = [event.segment.text for event in events if isinstance(event, Phrase)]
    assert phrases == ["Before the pause.", "After it."]


def _hurried(environment: Environment, factor: float) -> Environment:
    """Return an environment whose clock runs ``factor`` times as fast."""
    from dataclasses import replace

    return replace(environment, monotonic=lambda: environment.monotonic() * factor)


@pytest.mark.conformance("SN-08")
def test_a_broken_stream_goes_on_where_it_was(shell: Shell, wav: Path) -> None:
    with emulated("soniox", "drop-after:20000") as service:
        done = shell(service, "recognize", wav, "-p", "soniox")
        assert (done.status, done.text) == (0, "Hello world.\n")
        assert len(service.all("config")) == 2
    assert "reconnecting" in done.stderr


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("close:1001:100", 8),
        ("drop-after:100:100", 8),
        ("status:503:100", 8),
        ("rate-limit:100", 9),
        ("status:401:100", 4),
        ("garbage:100", 8),
    ],
)
@pytest.mark.conformance("SN-08")
def test_a_stream_that_never_ends_well_has_its_exit_code(
    shell: Shell, wav: Path, fault: str, status: int
) -> None:
    with emulated("soniox", fault) as service:
        done = shell(service, "recognize", wav, "-p", "soniox")
    assert done.status == status, done.stderr
    assert "session id: " in done.stderr


def test_silence_is_no_match(shell: Shell, wav: Path) -> None:
    with emulated("soniox", transcripts=(" ",)) as service:
        done = shell(service, "recognize", wav, "-p", "soniox")
    assert done.status == 3


def test_unreadable_audio_is_exit_10_before_any_connection(
    shell: Shell, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"this is no recording" * 100)
    with emulated("soniox") as service:
        done = shell(service, "recognize", broken, "-p", "soniox")
        assert service.log == []
    assert done.status == 10


def test_speakers_and_raw_answers_are_kept(shell: Shell, wav: Path) -> None:
    with emulated("soniox", transcripts=("Good day. | All of you.",)) as service:
        found = shell.json(
            service, "recognize", wav, "-p", "soniox", "--speakers", "--raw",
            "--session-id", "0123456789abcdef0123456789abcdef",
        )  # fmt: skip
        config = json.loads(service.all("config")[0]["text"])
    assert config["enable_speaker_diarization"] is True
    assert config["client_reference_id"] == "0123456789abcdef0123456789abcdef"
    assert found["raw"][-1]["finished"] is True
    assert found["ids"]["session_id"] == "0123456789abcdef0123456789abcdef"


def test_a_preview_shows_the_first_message_and_sends_nothing(wav: Path) -> None:
    from stt_cli.audio.open import open_source

    environment = Environment.of_this_process()
    context = ProviderContext(environment, endpoint="http://127.0.0.1:1")
    provider = provider_spec("soniox").open(context)
    told = provider.preview(open_source(str(wav), environment), RecognizeOptions())
    assert told.startswith("WebSocket ws://127.0.0.1:1/transcribe-websocket")
    assert '"audio_format": "pcm_s16le"' in told


@pytest.mark.parametrize("fault", ["no-turn-end", "truncated"])
def test_a_missing_last_word_costs_nothing_when_all_audio_has_its_result(
    shell: Shell, wav: Path, fault: str
) -> None:
    with emulated("soniox", fault) as service:
        done = shell(service, "recognize", wav, "-p", "soniox")
        assert len(service.all("config")) == 1
    assert (done.status, done.text) == (0, "Hello world.\n")
    assert "all audio was recognized" in done.stderr


CONVERSATION = "Good day. [fr: Bonjour.] | How are you? [fr: Comment ça va ?]"


@pytest.mark.conformance("SN-10")
def test_translations_are_printed_when_they_are_asked_for(
    shell: Shell, wav: Path
) -> None:
    with emulated("soniox", transcripts=(CONVERSATION,)) as service:
        asked = ("recognize", wav, "-p", "soniox", "-l", "en")
        done = shell(service, *asked, "--translate-to", "fr-CA")
        assert done.lines == [
            "Good day.",
            "  [fr-CA] Bonjour.",
            "How are you?",
            "  [fr-CA] Comment ça va ?",
        ]
        transcript = shell.json(service, *asked, "--translate-to", "fr")
        captions = shell(
            service, *asked, "--translate-to", "fr", "-f", "srt",
            "--caption-language", "fr",
        )  # fmt: skip
        plain = shell(service, *asked)
        configs = [json.loads(entry["text"]) for entry in service.all("config")]
    one_way = {"type": "one_way", "target_language": "fr"}
    assert [config.get("translation") for config in configs] == [one_way] * 3 + [None]
    assert transcript["translations"] == {"fr": "Bonjour. Comment ça va ?"}
    assert [segment["language"] for segment in transcript["segments"]] == ["en", "en"]
    assert captions.lines[2::4] == ["Bonjour.", "Comment ça va ?"]
    assert plain.lines == ["Good day.", "How are you?"]


@pytest.mark.conformance("SN-10")
def test_a_conversation_in_two_languages_is_translated_both_ways(
    shell: Shell, wav: Path
) -> None:
    talk = "Good day. [de: Guten Tag.] | [de-DE] Wie geht's? [en: How are you?]"
    with emulated("soniox", transcripts=(talk,)) as service:
        done = shell(
            service, "recognize", wav, "-p", "soniox", "--translate-to", "en,de"
        )
        (config,) = service.all("config")
        for more in (("-l", "fr"), ("--translate-to", "fr")):
            refused = shell(
                service, "recognize", wav, "-p", "soniox",
                "--translate-to", "en,de", *more,
            )  # fmt: skip
            assert refused.status == 2
            assert "translates into one language" in refused.stderr
    assert done.lines == [
        "Good day.",
        "  [de] Guten Tag.",
        "Wie geht's?",
        "  [en] How are you?",
    ]
    assert json.loads(config["text"])["translation"] == {
        "type": "two_way",
        "language_a": "en",
        "language_b": "de",
    }


@pytest.mark.conformance("SN-10")
def test_a_job_s_translations_come_with_its_transcript(shell: Shell, wav: Path) -> None:
    with emulated("soniox", transcripts=(CONVERSATION,)) as service:
        asked = ("-p", "soniox", "-l", "en", "--translate-to", "fr")
        job = shell(service, "batch", "submit", wav, *asked).text.strip()
        polled = shell(service, "poll", job)
        (created,) = service.all("create")
    assert created["fields"]["translation"]["target_language"] == "fr"
    assert polled.lines[1::2] == ["  [fr] Bonjour.", "  [fr] Comment ça va ?"]
