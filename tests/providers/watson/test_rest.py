"""Recognition without a session: one request, every result at its end."""

from __future__ import annotations

import io
import json
import wave
from dataclasses import replace
from pathlib import Path

import pytest

from stt_cli.protocols.watson.models import default_model, is_of_2018
from tests.commands.conftest import silent_wav
from tests.conftest import Runner
from tests.emulating import emulated
from tests.loopback import Answer, serving
from tests.providers.watson.conftest import Shell

SAID = ("good day | how are you",)


@pytest.mark.conformance("WA-01")
def test_audio_is_the_body_and_parameters_are_the_query(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(
            emulator, "recognize", wav, "--transport", "rest", "--words", "--detailed"
        )
        (sent,) = emulator.journal.all("recognize")
    assert (done.status, done.lines) == (0, ["good day", "how are you"])
    assert sent["content_type"] == "audio/wav"
    query = set(sent["query"].split("&"))
    assert query == {
        "model=en-US",
        "timestamps=true",
        "word_confidence=true",
        "max_alternatives=5",
    }


@pytest.mark.conformance("WA-01")
def test_the_body_is_the_file_and_a_pipe_is_streamed(stt: Runner, wav: Path) -> None:
    env = {"SPEECH_TO_TEXT_BEARER_TOKEN": "made-up", "STT_PROVIDER": "watson"}
    result = b'{"results": [{"final": true, "alternatives": [{"transcript": "x "}]}]}'
    with serving() as service:
        service.play = lambda _request: Answer(200, result)
        rest = ("--transport", "rest", "--endpoint", service.url)
        stt("recognize", wav, *rest, env=env)
        stt("recognize", "-", *rest, env=env, stdin=wav.read_bytes())
    file, pipe = service.received
    assert file.body == wav.read_bytes()
    assert file.header("Content-Length") == str(len(file.body))
    # Nobody knows how long a pipe is: its audio goes as it comes.
    assert pipe.header("Transfer-Encoding") == "chunked"
    assert len(pipe.body) >= 64_000


@pytest.mark.conformance("WA-01")
def test_partials_over_rest_are_refused_with_the_way_out(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, "--transport", "rest", "--interim")
        moved = shell.json(emulator, "recognize", wav, "--interim")
    assert done.status == 2
    assert "--transport websocket or session" in done.stderr
    assert moved["transport"] == "websocket"


@pytest.mark.conformance("WA-03")
def test_parameters_too_long_for_a_url_become_a_form(shell: Shell, wav: Path) -> None:
    words = [f"keyword-{number:04}-{'x' * 40}" for number in range(200)]
    params = [f"--param=keywords={word}" for word in words]
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(
            emulator, "recognize", wav, "--transport", "rest", *params,
            "--param", "keywords_threshold=0.5",
        )  # fmt: skip
        (sent,) = emulator.journal.all("recognize")
        (metadata,) = emulator.journal.all("metadata")
    assert (done.status, done.lines) == (0, ["good day", "how are you"])
    assert sent["content_type"].startswith("multipart/form-data")
    assert sent["query"] == "model=en-US"
    assert metadata["keywords"] == words
    assert metadata["keywords_threshold"] == 0.5


@pytest.mark.conformance("WA-15")
def test_words_alternatives_keywords_and_speakers_reach_the_json(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        known = shell.json(
            emulator, "recognize", wav, "--transport", "rest", "--words",
            "--detailed", "--speakers", "--param=keywords=day",
            "--param=keywords_threshold=0.5",
            "--param=split_transcript_at_phrase_end=true",
        )  # fmt: skip
    first, second = known["segments"]
    assert (first["text"], first["speaker"]) == ("good day", "0")
    assert (second["text"], second["speaker"]) == ("how are you", "1")
    assert [word["text"] for word in first["words"]] == ["good", "day"]
    assert first["words"][0]["confidence"] == 0.9
    assert len(first["alternatives"]) == 3
    assert known["details"]["keywords_result"][0]["day"][0]["confidence"] == 0.9
    assert known["details"]["end_of_utterance"] == ["silence", "silence"]


@pytest.mark.conformance("WA-19")
def test_the_transaction_id_is_kept_on_success_and_on_failure(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        known = shell.json(emulator, "recognize", wav, "--transport", "rest")
        bad = shell(
            emulator, "recognize", wav, "--transport", "rest", "--model", "no-model"
        )
    assert len(known["ids"]["transaction_id"]) == 32
    # The gateway repeats it under another name, which is no second ID.
    assert "watson_transaction_id" not in known["ids"]
    assert bad.status == 5
    assert "Model no-model not found" in bad.stderr
    assert "transaction id: " in bad.stderr
    assert "run id: " in bad.stderr


@pytest.mark.conformance("WA-19")
def test_the_gateways_trace_has_its_own_name(shell: Shell, wav: Path) -> None:
    shell.variables = {
        "SPEECH_TO_TEXT_BEARER_TOKEN": "a-wrong-token",
        "SPEECH_TO_TEXT_APIKEY": "",
    }
    with emulated("watson") as emulator:
        done = shell(emulator, "recognize", wav, "--transport", "rest")
    assert done.status == 4
    assert "trace id: " in done.stderr
    assert "a-wrong-token" not in done.stderr


@pytest.mark.conformance("WA-20")
def test_a_parameter_is_typed_and_put_where_its_document_has_it(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        wrong = shell(emulator, "recognize", wav, "--param", "timestamps=perhaps")
        misplaced = shell(
            emulator, "recognize", wav, "--transport", "rest",
            "--param", "processing_metrics=true",
        )  # fmt: skip
        assert emulator.journal.all("recognize") == []
        shell(
            emulator, "recognize", wav, "--transport", "websocket",
            "--param", "processing_metrics=true", "--param", "base_model_version=x",
            "--param", "max_alternatives=2",
        )  # fmt: skip
        (socket,) = emulator.journal.all("socket")
        (start,) = emulator.journal.all("start")
    assert wrong.status == misplaced.status == 2
    assert "true or false" in wrong.stderr
    assert "no effect over rest" in misplaced.stderr
    assert "base_model_version=x" in socket["query"]
    assert start["values"]["processing_metrics"] is True
    assert start["values"]["max_alternatives"] == 2
    assert "base_model_version" not in start["values"]


PRIVATE = (
    "--param=x-watson-learning-opt-out=true",
    "--param=x-watson-metadata=customer_id=c1",
)


@pytest.mark.conformance("WA-20")
@pytest.mark.parametrize("command", [("recognize",), ("batch", "submit")])
def test_opting_out_and_labels_are_headers_of_a_request(
    shell: Shell, wav: Path, command: tuple[str, ...]
) -> None:
    shell.variables = {"SPEECH_TO_TEXT_BEARER_TOKEN": "made-up"}
    with serving() as service:
        service.play = lambda _request: Answer(
            200, b'{"results": [], "id": "j", "status": "waiting"}'
        )
        shell(service, *command, wav, *PRIVATE)  # type: ignore[arg-type]
        request = service.received[0]
    assert request.header("X-Watson-Learning-Opt-Out") == "true"
    assert request.header("X-Watson-Metadata") == "customer_id=c1"
    assert "x-watson" not in request.target


@pytest.mark.conformance("WA-20")
def test_opting_out_and_labels_are_in_the_address_of_a_websocket(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, "--transport", "websocket", *PRIVATE)
        (socket,) = emulator.all("socket")
        (start,) = emulator.all("start")
    assert done.status == 0
    assert "x-watson-learning-opt-out=true" in socket["query"]
    assert "x-watson-metadata=customer_id%3Dc1" in socket["query"]
    assert not any("x-watson" in name for name in start["values"])


def test_what_a_service_says_moves_no_cursor(shell: Shell, wav: Path) -> None:
    shell.variables = {"SPEECH_TO_TEXT_BEARER_TOKEN": "made-up"}
    evil = "\x1b]0;owned\x07\x1b[2J"
    body = json.dumps(
        {
            "warnings": [evil],
            "results": [
                {"final": True, "alternatives": [{"transcript": f"hello {evil}"}]}
            ],
        }
    ).encode()
    refusal = json.dumps({"error": f"no {evil}", "code": 400}).encode()
    with serving() as service:
        service.play = lambda _request: Answer(200, body)
        said = shell(service, "recognize", wav)  # type: ignore[arg-type]
        service.play = lambda _request: Answer(400, refusal)
        failed = shell(service, "recognize", wav)  # type: ignore[arg-type]
    assert "hello" in said.text
    assert failed.status != 0
    for words in (said.text, said.stderr, failed.stderr):
        assert "\x1b" not in words
        assert "\x07" not in words


def test_what_the_service_does_not_know_is_a_warning_not_a_failure(
    shell: Shell, wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(
            emulator, "recognize", wav, "--transport", "rest", "--param", "foo=1"
        )
    assert done.status == 0
    assert "Watson warns: Unknown url query arguments: foo." in done.stderr


@pytest.mark.conformance("WA-22")
@pytest.mark.parametrize(
    ("language", "rate", "of_2018", "model"),
    [
        ("en-US", 16_000, False, "en-US"),
        ("en-US", 8_000, False, "en-US"),
        ("it-IT", 44_100, False, "it-IT_Multimedia"),
        ("it-IT", 8_000, False, "it-IT_Telephony"),
        ("sv-SE", 16_000, False, "sv-SE_Telephony"),
        ("en-US", 16_000, True, "en-US_BroadbandModel"),
        ("en-US", 8_000, True, "en-US_NarrowbandModel"),
    ],
)
def test_the_default_model_is_one_that_the_service_has(
    language: str, rate: int, of_2018: bool, model: str
) -> None:
    assert default_model(language, rate, of_2018=of_2018) == model


@pytest.mark.conformance("WA-22")
@pytest.mark.parametrize(
    ("base", "old"),
    [
        ("https://stream.watsonplatform.net/speech-to-text/api", True),
        ("http://127.0.0.1:5000/speech-to-text/api/", True),
        ("https://api.us-south.speech-to-text.watson.cloud.ibm.com", False),
        ("http://127.0.0.1:5000", False),
    ],
)
def test_an_endpoint_of_2018_is_known_by_its_address(base: str, old: bool) -> None:
    assert is_of_2018(base) is old


@pytest.mark.conformance("WA-22")
def test_narrowband_audio_gets_a_narrowband_model_at_an_endpoint_of_2018(
    shell: Shell, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(16_000))
    path = tmp_path / "phone.wav"
    path.write_bytes(buffer.getvalue())
    with emulated("watson", transcripts=SAID) as emulator:
        old = replace(emulator, url=f"{emulator.url}/speech-to-text/api")
        done = shell(old, "recognize", path, "--transport", "rest")
        (sent,) = emulator.journal.all("recognize")
    assert done.status == 0
    assert "model=en-US_NarrowbandModel" in sent["query"]


@pytest.mark.parametrize(
    ("fault", "status", "word"),
    [
        ("status:413", 10, "the limit is 100 MB"),
        ("status:408", 0, ""),
        ("status:503", 0, ""),
        ("status:503:20", 8, "busy"),
        ("rate-limit:20", 9, "wait a moment"),
        ("drop-after:1000:20", 8, "lost the connection"),
        ("truncated:20", 8, "not JSON"),
        ("garbage:20", 8, "not JSON"),
    ],
)
def test_faults_are_retried_or_told_with_their_exit_code(
    shell: Shell, wav: Path, fault: str, status: int, word: str
) -> None:
    with emulated("watson", fault, transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, "--transport", "rest")
    assert done.status == status
    assert word in done.stderr
    assert bool(done.lines) == (status == 0)


def test_too_little_audio_is_the_services_word_and_exit_10(
    shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "short.wav"
    path.write_bytes(silent_wav(0.001))
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", path, "--transport", "rest")
    assert done.status == 10
    assert "needs to be at least 100 bytes" in done.stderr


@pytest.mark.conformance("WA-21")
def test_auto_takes_the_websocket_for_long_audio_and_says_so(
    shell: Shell, wav: Path, tmp_path: Path
) -> None:
    long = tmp_path / "long.wav"
    long.write_bytes(silent_wav(75.0))
    with emulated("watson", transcripts=SAID) as emulator:
        short = shell.json(emulator, "recognize", wav)
        told = shell(emulator, "recognize", long, "--pace", "fast", "-v")
        other = shell.json(emulator, "recognize", long, "--pace", "fast")
    assert (short["transport"], other["transport"]) == ("rest", "websocket")
    assert "using websocket: the recording is long" in told.stderr


@pytest.mark.parametrize("transport", ["rest", "session", "websocket", "auto"])
def test_more_than_one_request_takes_is_refused_before_it_is_sent(
    shell: Shell, tmp_path: Path, transport: str
) -> None:
    path = tmp_path / "hour.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        for _ in range(60):
            file.writeframes(bytes(60 * 32_000))
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", path, "--transport", transport)
        assert not [e for kind in ("recognize", "session", "socket")
                    for e in emulator.all(kind)]  # fmt: skip
    assert done.status == 10
    assert "but this is 110 MB" in done.stderr
    assert "stt batch submit" in done.stderr


@pytest.mark.conformance("WA-21")
def test_auto_sends_what_is_small_only_while_compressed_as_it_is(
    shell: Shell, tmp_path: Path
) -> None:
    import numpy
    import soundfile

    path = tmp_path / "hour.flac"
    with soundfile.SoundFile(path, "w", 16_000, 1) as file:
        for _ in range(60):
            file.write(numpy.zeros(60 * 16_000, dtype="int16"))
    shell.variables = {"SPEECH_TO_TEXT_BEARER_TOKEN": "made-up"}
    with serving() as service:
        service.play = lambda _request: Answer(200, b'{"results": []}')
        done = shell(service, "recognize", path, "-v")  # type: ignore[arg-type]
    assert service.received[0].body == path.read_bytes()
    assert "using rest: it is larger than the WebSocket limit of 100 MB" in done.stderr


@pytest.mark.conformance("WA-13")
def test_models_are_listed_with_their_features(shell: Shell) -> None:
    with emulated("watson") as emulator:
        listed = json.loads(shell(emulator, "models", "-l", "de-DE", "--json").text)
        one = shell.json(emulator, "models", "de-DE_Telephony")
        unknown = shell(emulator, "models", "no-model")
    assert [model["id"] for model in listed] == [
        "de-DE",
        "de-DE_BroadbandModel",
        "de-DE_Multimedia",
        "de-DE_NarrowbandModel",
        "de-DE_Telephony",
    ]
    assert [model["id"] for model in one] == ["de-DE_Telephony"]
    assert one[0]["details"]["rate"] == 8_000
    assert unknown.status == 5
    assert "Model no-model not found" in unknown.stderr
    assert listed[2]["details"]["rate"] == 16_000
    assert listed[2]["details"]["supported_features"]["low_latency"] is True
