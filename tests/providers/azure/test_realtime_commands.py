"""What a person at a shell sees of the WebSocket: text forms, turns, wake phrase."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest
import soundfile

from stt_cli.protocols.usp.framing import parse
from stt_cli.version import USER_AGENT
from tests.audio.opus import constant_opus
from tests.audio.tones import WEATHER
from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.providers.azure.realtime_kit import Service, serving


def recognize(
    stt: Runner, service: Service, *more: str | Path, **environment: Any
) -> Outcome:
    where = ("-p", "azure", "--endpoint", service.base_url, "--pace", "fast")
    return stt("recognize", *more, *where, "--transport", "websocket", **environment)


@pytest.mark.conformance("BS-16")
@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("display", "D***, it will rain."),
        ("lexical", "damn it will rain"),
        ("itn", "damn it will rain"),
        ("masked-itn", "d*** it will rain"),
    ],
)
def test_plain_output_has_the_form_that_was_asked_for(
    stt: Runner, form: str, text: str
) -> None:
    with serving("Damn, it will rain.") as service:
        done = recognize(stt, service, WEATHER, "--text-form", form)
    assert (done.status, done.text) == (0, f"{text}\n")


@pytest.mark.conformance("BS-16")
def test_json_has_mode_and_language_beside_the_scores(stt: Runner) -> None:
    with serving("It will rain.") as service:
        done = recognize(
            stt, service, WEATHER, "--detailed", "--json", "--mode", "dictation",
            "-l", "de-DE",
        )  # fmt: skip
    told = json.loads(done.text)
    assert (told["mode"], told["language"]) == ("dictation", "de-DE")
    scores = [each["confidence"] for each in told["segments"][0]["alternatives"]]
    assert told["segments"][0]["confidence"] == scores[0]
    assert all(0 < score <= 1 for score in scores)


@pytest.mark.conformance("BS-16")
@pytest.mark.parametrize("transport", ["rest", "websocket"])
def test_n_best_readings_stand_below_their_phrase(stt: Runner, transport: str) -> None:
    with serving("It will rain.") as service:
        done = stt(
            "recognize", WEATHER, "-p", "azure", "--endpoint", service.base_url,
            "--transport", transport, "--text-form", "n-best",
        )  # fmt: skip
    assert done.lines == [
        "It will rain.",
        "  [1, 0.94] It will rain.",
        "  [2, 0.71] it will rain.",
    ]


def test_a_detailed_table_has_the_readings_and_plain_text_does_not(
    stt: Runner, tmp_path: Path
) -> None:
    with serving("It will rain.") as service:
        done = recognize(
            stt, service, WEATHER, "--detailed", "-f", "text,tsv", "-o", f"{tmp_path}/"
        )
    assert done.status == 0
    assert (tmp_path / f"{WEATHER.stem}.txt").read_text() == "It will rain.\n"
    header, row = (tmp_path / f"{WEATHER.stem}.tsv").read_text().splitlines()
    assert header.endswith("\tconfidence\talternative_2\tconfidence_2")
    assert row.endswith("\t0.94\tit will rain.\t0.71")


def test_saved_results_are_converted_with_their_readings(
    stt: Runner, tmp_path: Path
) -> None:
    saved = tmp_path / "a.json"
    with serving("It will rain.") as service:
        saved.write_text(recognize(stt, service, WEATHER, "--detailed", "--json").text)
    done = stt("convert", saved, "--text-form", "n-best")
    assert done.lines[1:] == ["  [1, 0.94] It will rain.", "  [2, 0.71] it will rain."]


@pytest.mark.conformance("BS-42")
def test_the_files_of_one_command_go_over_one_connection(
    stt: Runner, tmp_path: Path
) -> None:
    other = tmp_path / "b.wav"
    other.write_bytes(WEATHER.read_bytes())
    with serving("One.", "Two.") as service:
        done = recognize(stt, service, WEATHER, other, "--json")
        connects = service.journal.all("connect")
        turns = {turn["request_id"] for turn in service.journal.all("turn")}
    told = json.loads(done.text)
    assert [each["text"] for each in told] == ["One.", "Two."]
    assert (len(connects), len(turns)) == (1, 2)
    sessions = {each["ids"]["session_id"] for each in told}
    assert sessions == {connects[0]["session"]}


@pytest.mark.conformance("BS-43")
def test_a_wake_phrase_of_the_command_line_opens_the_way(stt: Runner) -> None:
    with serving("It will rain.") as service:
        done = recognize(stt, service, WEATHER, "--wake", "like today")
        telemetry = service.journal.wait_for("telemetry")[0]["body"]
        sent = service.pcm_of(service.journal.all("turn")[0]["request_id"])
    assert (done.status, done.text) == (0, "It will rain.\n")
    assert 0 < len(sent) < WEATHER.stat().st_size - 32_000
    names = [metric["Name"] for metric in telemetry["Metrics"]]
    assert names == ["Connection", "ListeningTrigger", "Microphone"]
    with serving("It will rain.") as service:
        unheard = recognize(stt, service, WEATHER, "--wake", "hey computer")
        assert service.journal.all("connect") == []
    assert (unheard.status, unheard.text) == (3, "")


@pytest.mark.conformance("BS-40")
@pytest.mark.parametrize(
    ("name", "bit_rate"),
    [("16k.ogg", 16_000), ("32k.ogg", 32_000), ("a.silk", 0), ("a.wav", 0)],
)
def test_a_compressed_file_goes_as_it_is_by_the_socket_that_auto_chose(
    stt: Runner, tmp_path: Path, name: str, bit_rate: int
) -> None:
    path = tmp_path / name
    path.write_bytes(compressed(name, bit_rate))
    with serving("It will rain.") as service:
        done = stt("recognize", path, "-p", "azure", "--endpoint", service.base_url)
        sent = [
            parse(entry["data"])
            for entry in service.journal.all()
            if "data" in entry.facts
        ]
    audio = [message for message in sent if message.path == "audio"]
    assert b"".join(message.body for message in audio) == path.read_bytes()
    kind = {".ogg": "audio/ogg", ".silk": "audio/silk", ".wav": "audio/x-wav"}
    assert {m.header("Content-Type") for m in audio} == {kind[path.suffix]}
    if bit_rate:
        assert (done.status, done.text) == (0, "It will rain.\n")


def compressed(name: str, bit_rate: int) -> bytes:
    """Return real Opus, or what only a service can decode."""
    if name.endswith(".silk"):
        return b"#!SILK_V3" + b"\x12\0abcdef" * 900
    if name.endswith(".wav"):
        head = struct.pack("<HHIIHH", 0x28F, 1, 16_000, 3_000, 60, 0)
        body = b"fmt \x10\0\0\0" + head + b"data" + struct.pack("<I", 6_000)
        body += bytes(range(250)) * 24
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body
    samples, rate = soundfile.read(WEATHER)
    return constant_opus(samples, rate, bit_rate)


@pytest.mark.conformance("BS-40")
@pytest.mark.parametrize(
    ("channels", "why"), [(1, "its bit rate varies"), (2, "it has 2 channels")]
)
def test_opus_that_the_service_does_not_take_is_converted_and_said(
    stt: Runner, tmp_path: Path, channels: int, why: str
) -> None:
    samples, rate = soundfile.read(WEATHER, always_2d=True)
    path = tmp_path / "call.ogg"
    both = samples.repeat(channels, axis=1)
    soundfile.write(path, both, rate, format="OGG", subtype="OPUS")
    with serving("It will rain.") as service:
        done = recognize(stt, service, path)
        sent = [
            parse(entry["data"])
            for entry in service.journal.all()
            if "data" in entry.facts
        ]
    kinds = {each.header("Content-Type") for each in sent if each.path == "audio"}
    assert (done.status, done.text, kinds) == (0, "It will rain.\n", {"audio/x-wav"})
    assert f"call.ogg to PCM: {why}" in done.stderr


@pytest.mark.conformance("BS-39")
@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ("close:1007:9", 4, "Quota exceeded"),
        ("close:1000:9", 8, "1000"),
        ("close:1011:9", 8, "Internal server error"),
        ("close:1002:9", 8, "Missing/Empty header"),
    ],
)
def test_a_close_is_told_with_its_reason_and_has_its_exit_status(
    stt: Runner, fault: str, status: int, words: str
) -> None:
    with serving("Hi.", faults=(fault,)) as service:
        done = recognize(stt, service, WEATHER, sleep=lambda _seconds: None)
        session = service.journal.all("connect")[0]["session"]
    assert (done.status, done.text) == (status, "")
    assert words in done.stderr
    assert f"session id: {session}" in done.stderr


@pytest.mark.conformance("BS-03")
def test_the_languages_of_a_mode_are_listed(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BING_SPEECH_KEY", "0123456789abcdef")
    of_all = stt("languages", "-p", "bing", "--json")
    assert len(json.loads(of_all.text)) == 29
    for mode, count in (("interactive", 29), ("dictation", 29), ("conversation", 10)):
        done = stt("languages", "-p", "bing", "--mode", mode, "--json")
        assert len(json.loads(done.text)) == count


@pytest.mark.conformance("BS-09")
def test_help_says_that_lexical_forms_are_never_masked(stt_process: Runner) -> None:
    done = stt_process("recognize", "--help", env={"COLUMNS": "200"})
    assert "Lexical and ITN text is never masked" in done.text


@pytest.mark.conformance("BS-18")
def test_a_long_utterance_is_told_of_on_stderr(stt: Runner, tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(silent_wav(16))
    with serving("Hi.") as service:
        told = recognize(stt, service, path, "--mode", "interactive").stderr
        quiet = recognize(stt, service, path, "--mode", "dictation").stderr
    assert "at most 15 s" in told
    assert "--mode conversation" in told
    assert "15 s" not in quiet


def test_verbose_shows_the_handshake_and_the_text_messages_without_the_key(
    stt: Runner,
) -> None:
    key = "a-key-that-is-nobodys"
    with serving("It will rain.", key=key) as service:
        done = recognize(stt, service, WEATHER, "-v", env={"AZURE_SPEECH_KEY": key})
    lines = [line.partition(" ")[2] for line in done.stderr.splitlines()]
    for line in (
        "> Upgrade: websocket",
        "> Sec-WebSocket-Version: 13",
        "> Ocp-Apim-Subscription-Key: ***",
        "> Path: speech.config",
        "> Path: speech.context",
        "> Path: telemetry",
        "< Path: speech.phrase",
        "< Path: speech.endDetected",
    ):
        assert line in lines
    assert any(line.startswith("received speech.endDetected ") for line in lines)
    agents = [line for line in lines if line.lower().startswith("> user-agent")]
    assert agents == [f"> User-Agent: {USER_AGENT}"]
    assert any(line.startswith('< {"') and "It will rain." in line for line in lines)
    assert key not in done.stderr


def test_verbose_shows_how_a_body_is_sent(stt: Runner) -> None:
    with serving("It will rain.") as service:
        where = ("-p", "azure", "--endpoint", service.base_url, "--transport", "rest")
        done = stt("recognize", WEATHER, *where, "-v")
    lines = [line.partition(" ")[2] for line in done.stderr.splitlines()]
    assert f"> User-Agent: {USER_AGENT}" in lines
    assert "> Transfer-Encoding: chunked" in lines
    assert "> Expect: 100-continue" in lines
