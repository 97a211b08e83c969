"""``stt recognize --transport fast``: a form goes up, and the transcript comes back."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.errors import SttError, UnreachableError
from stt_cli.core.events import (
    Ended,
    Identified,
    Notice,
    Phrase,
    Progress,
    Started,
    Transcribed,
)
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.options import JobOptions, RecognizeOptions, Transport
from stt_cli.providers.azure.flavor import AZURE
from stt_cli.providers.azure.provider import AzureProvider
from stt_cli.providers.azure.transport import Ways
from tests.conftest import Runner
from tests.loopback import RESET, Answer, LoopbackServer
from tests.loopback import serving as scripted
from tests.providers.azure.realtime_kit import (
    MemorySource,
    Service,
    provider,
    recognized,
    serving,
    silence,
    tone,
)

KEY = "k-0123456789"
ANSWER = json.dumps(
    {
        "durationMilliseconds": 2000,
        "combinedPhrases": [{"text": "Hi."}],
        "phrases": [
            {"offsetMilliseconds": 0, "durationMilliseconds": 900, "text": "Hi."}
        ],
    }
).encode()


def recording(path: Path, channels: int = 1) -> Path:
    """Write two utterances into a file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(16_000)
        for block in (tone(0.8), silence(0.7), tone(0.8)):
            frames = [block[i : i + 2] * channels for i in range(0, len(block), 2)]
            file.writeframes(b"".join(frames))
    path.write_bytes(buffer.getvalue())
    return path


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(
        "Good morning. | [de-DE] Guten Morgen. | [fr-FR] Bonjour.", key=KEY
    ) as running:
        yield running


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with scripted() as running:
        yield running


def run(stt: Runner, service: Service, *arguments: str | Path) -> Any:
    return stt(
        "recognize", *arguments, "-p", "azure", "--endpoint", service.base_url,
        env={"AZURE_SPEECH_KEY": KEY},
    )  # fmt: skip


@pytest.mark.conformance("AZ-12", "AZ-11")
def test_a_recording_is_recognized_in_one_request(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    done = run(stt, service, recording(tmp_path / "a.wav"), "--transport", "fast")
    assert done.status == 0
    assert done.text == "Good morning.\nGuten Morgen.\nBonjour.\n"
    (sent,) = service.journal.all("fast")
    assert sent["version"] == "2025-10-15"
    assert sent["definition"] == {"locales": ["en-US"]}
    assert sent["size"] == (tmp_path / "a.wav").stat().st_size
    told = sent["headers"]["x-ms-client-request-id"]
    lines = done.stderr.splitlines()
    assert lines[0] == f"client request id: {told}"
    assert [line.partition(":")[0] for line in lines[1:]] == [
        "request id",
        "apim request id",
    ]
    assert KEY not in done.stderr


@pytest.mark.conformance("AZ-12", "AZ-13")
def test_languages_speakers_and_phrases_go_in_the_definition(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    done = run(
        stt, service, recording(tmp_path / "a.wav"), "--transport", "fast",
        "-l", "en-US", "-l", "de-DE", "--max-speakers", "3", "--phrase", "Contoso",
        "--profanity", "raw", "--json",
    )  # fmt: skip
    (sent,) = service.journal.all("fast")
    assert sent["definition"] == {
        "locales": ["en-US", "de-DE"],
        "profanityFilterMode": "None",
        "diarization": {"enabled": True, "maxSpeakers": 3},
        "phraseList": {"phrases": ["Contoso"]},
    }
    found = json.loads(done.text)
    segments = found["segments"]
    assert [s["speaker"] for s in segments] == ["1", "2", "3"]
    # French is none of the candidates: the service answers with one of them.
    assert [s["language"] for s in segments] == ["en-US", "de-DE", "en-US"]
    assert (found["transport"], found["language"]) == ("fast", "en-US")
    assert segments[1]["words"][0]["text"] == "guten"
    assert segments[1]["words"][0]["start"] == segments[1]["start"]


@pytest.mark.conformance("AZ-13")
def test_auto_leaves_the_language_to_the_service(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "a.wav")
    done = run(stt, service, path, "--transport", "fast", "-l", "auto", "--json")
    (sent,) = service.journal.all("fast")
    assert sent["definition"] == {}
    found = json.loads(done.text)
    assert [s["language"] for s in found["segments"]] == ["en-US", "de-DE", "fr-FR"]


@pytest.mark.conformance("AZ-12")
def test_two_channels_are_told_apart_by_the_service(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "stereo.wav", channels=2)
    done = run(stt, service, path, "--transport", "fast", "--channels", "--json")
    (sent,) = service.journal.all("fast")  # one request, not one a channel
    assert sent["definition"]["channels"] == [0, 1]
    segments = json.loads(done.text)["segments"]
    assert [(s["channel"], s["text"]) for s in segments] == [
        (0, "Good morning."),
        (1, "Guten Morgen."),
        (0, "Bonjour."),
    ]
    assert "were mixed" not in done.stderr


@pytest.mark.parametrize(
    ("channels", "more", "words"),
    [
        (3, (), "supports two channels, but"),
        (2, ("--speakers",), "labels speakers only in mono audio"),
    ],
)
def test_what_its_channels_cannot_do_is_said_before_the_upload(
    stt: Runner,
    service: Service,
    tmp_path: Path,
    channels: int,
    more: tuple[str, ...],
    words: str,
) -> None:
    path = recording(tmp_path / "a.wav", channels)
    done = run(stt, service, path, "--transport", "fast", "--channels", *more)
    assert done.status == 2
    assert words in done.stderr
    assert not service.journal.all("fast")


def test_a_dry_run_shows_one_request_for_both_channels(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "stereo.wav", channels=2)
    done = run(stt, service, path, "--transport", "fast", "--channels", "--dry-run")
    assert '"channels": [0, 1]' in done.text
    assert "each channel separately" not in done.text
    assert f"size: {path.stat().st_size} bytes of audio" in done.text


def test_one_channel_says_so(stt: Runner, service: Service, tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav")
    done = run(stt, service, path, "--transport", "fast", "--channels")
    assert "has one channel only" in done.stderr
    (sent,) = service.journal.all("fast")
    assert "channels" not in sent["definition"]


def test_other_transports_get_each_channel_by_itself(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "stereo.wav", channels=2)
    done = run(stt, service, path, "--transport", "websocket", "--channels", "--json")
    found = json.loads(done.text)
    assert {s["channel"] for s in found["segments"]} == {0, 1}
    assert len(service.journal.all("connect")) >= 1
    assert not service.journal.all("fast")


@pytest.mark.conformance("AZ-14")
def test_a_mai_model_is_asked_in_enhanced_mode_and_gives_captions(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "a.wav")
    done = run(stt, service, path, "--model", "mai-transcribe-2", "-f", "srt")
    assert done.status == 0, done.stderr
    (sent,) = service.journal.all("fast")
    assert sent["definition"] == {
        "enhancedMode": {
            "enabled": True,
            "model": "mai-transcribe-2",
            "modelOptions": {"timestamps": "word"},
        }
    }
    assert "00:00:00,000 --> " in done.text


@pytest.mark.conformance("AZ-14")
def test_a_model_without_times_leaves_them_out(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "a.wav")
    done = run(stt, service, path, "--model", "mai-transcribe-1.5", "--json")
    (segment,) = json.loads(done.text)["segments"]
    assert segment["text"] == "Good morning. Guten Morgen. Bonjour."
    assert (segment["start"], segment["end"], segment["words"]) == (None, None, [])
    assert json.loads(done.text)["details"] == {"model": "mai-transcribe-1.5"}


@pytest.mark.conformance("AZ-14")
def test_captions_are_refused_where_a_model_gives_no_times(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path, captions = recording(tmp_path / "a.wav"), tmp_path / "a.srt"
    done = run(stt, service, path, "--model", "mai-transcribe-1.5", "-o", captions)
    assert done.status == 2
    assert "captions need times" in done.stderr
    assert not captions.exists()
    # It was paid for: nothing of it is lost.
    assert json.loads(done.text)["text"] == "Good morning. Guten Morgen. Bonjour."


def test_what_is_no_language_is_said_before_the_upload(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "a.wav")
    done = run(stt, service, path, "--transport", "fast", "-l", "not a tag")
    assert (done.status, "not a language tag" in done.stderr) == (2, True)
    assert not service.journal.all("fast")


@pytest.mark.conformance("AZ-14")
def test_llm_speech_takes_a_prompt(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "a.wav")
    prompt = "Output must be in lexical format."
    done = run(
        stt, service, path, "--model", "llm-speech",
        "--param", f"enhancedMode.prompt={prompt}", "--json",
    )  # fmt: skip
    assert done.status == 0, done.stderr
    (sent,) = service.journal.all("fast")
    assert sent["definition"] == {
        "enhancedMode": {"enabled": True, "task": "transcribe", "prompt": [prompt]}
    }
    assert json.loads(done.text)["segments"][0]["confidence"] is None


@pytest.mark.conformance("AZ-14")
@pytest.mark.parametrize(
    "wish",
    [
        ("--model", "mai-transcribe-2"),
        ("--param", "enhancedMode.task=transcribe"),
        ("--param", "modelOptions.timestamps=word"),
    ],
)
def test_an_address_for_enhanced_mode_is_fetched_by_the_service(
    stt: Runner, service: Service, wish: tuple[str, str]
) -> None:
    address = "https://storage.example/monday.mp3"
    done = stt(
        "batch", "submit", address, "-p", "azure", "--endpoint", service.base_url,
        *wish, env={"AZURE_SPEECH_KEY": KEY},
    )  # fmt: skip
    assert done.status == 0, done.stderr
    (job_id,) = done.lines
    (sent,) = service.journal.all("fast")
    assert sent["definition"]["audioUrl"] == address
    assert sent["size"] == 0
    assert stt("poll", job_id).text == "Good morning.\nGuten Morgen.\nBonjour.\n"


def test_audio_from_a_pipe_goes_up_while_it_is_read(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    data = recording(tmp_path / "a.wav").read_bytes()
    done = stt(
        "recognize", "-", "-p", "azure", "--endpoint", service.base_url,
        "--transport", "fast", stdin=data, env={"AZURE_SPEECH_KEY": KEY},
    )  # fmt: skip
    assert done.text.startswith("Good morning.\n"), done.stderr
    (sent,) = service.journal.all("fast")
    assert sent["size"] == len(data)


def test_headerless_audio_gets_a_header(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = tmp_path / "a.raw"
    path.write_bytes(tone(0.5))
    done = run(stt, service, path, "--transport", "fast", "--raw-rate", "16000")
    assert done.status == 0, done.stderr
    (sent,) = service.journal.all("fast")
    assert sent["size"] == len(tone(0.5)) + 44


def test_a_dry_run_shows_the_form_and_sends_nothing(
    stt: Runner, service: Service, tmp_path: Path
) -> None:
    path = recording(tmp_path / "a.wav")
    done = run(stt, service, path, "--transport", "fast", "-l", "auto", "--dry-run")
    assert "/speechtotext/transcriptions:transcribe?api-version=2025-10-15" in done.text
    assert "definition: {}" in done.text
    assert f"{path.stat().st_size} bytes" in done.text
    assert not service.journal.all("fast")


@pytest.mark.conformance("AZ-12")
def test_going_on_with_an_upload_that_was_cut_off_says_that_it_may_cost_again(
    service: Service,
) -> None:
    cut_off = InterruptedSubmission("upload", datetime(2026, 12, 1, tzinfo=UTC))
    made = provider(service.base_url, key=KEY)
    source = MemorySource(tone(0.3))
    events = list(made.submit(source, JobOptions(interrupted=cut_off)))
    made.close()
    (told,) = [event.message for event in events if isinstance(event, Notice)]
    assert "charges for both" in told
    assert isinstance(events[-1], Transcribed)


@pytest.mark.conformance("AZ-12", "AZ-11")
def test_a_failure_names_every_id(server: LoopbackServer) -> None:
    inner = {"code": "InvalidLocale", "message": "The locale is not supported."}
    body = {"code": "InvalidArgument", "message": "no", "innerError": inner}
    headers = (("apim-request-id", "a-1"), ("X-RequestId", "r-1"))
    server.answers(Answer(400, json.dumps(body).encode(), headers))
    with pytest.raises(SttError, match="The locale is not supported") as raised:
        recognized(server.url, tone(0.3), transport=Transport.FAST)
    ids = raised.value.ids
    sent = server.received[0].header("x-ms-client-request-id")
    assert ids.get("client_request_id") == sent
    assert (ids.get("apim_request_id"), ids.request_id) == ("a-1", "r-1")


@pytest.mark.conformance("AZ-12")
@pytest.mark.parametrize(
    ("lost", "kind"),
    [(RESET, UnreachableError), (Answer(200, ANSWER, torn=30), SttError)],
)
def test_a_lost_answer_is_not_asked_for_again_unasked(
    server: LoopbackServer, lost: Answer | str, kind: type[SttError]
) -> None:
    server.answers(lost, Answer(200, ANSWER))
    with pytest.raises(kind) as raised:
        recognized(server.url, tone(0.3), transport=Transport.FAST)
    assert len(server.received) == 1
    assert "charges for every attempt" in (raised.value.hint or "")
    assert raised.value.ids.get("client_request_id")


@pytest.mark.conformance("AZ-12")
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_was_not_done_is_asked_for_again(
    server: LoopbackServer, status: int
) -> None:
    server.answers(Answer(status, b"{}", (("Retry-After", "0"),)), Answer(200, ANSWER))
    events = recognized(server.url, tone(0.3), transport=Transport.FAST)
    assert [e.segment.text for e in events if isinstance(e, Phrase)] == ["Hi."]
    assert len(server.received) == 2
    names = {r.header("x-ms-client-request-id") for r in server.received}
    assert len(names) == 1  # one request, whichever attempt it was


@pytest.mark.parametrize("status", [408, 502, 504])
def test_what_may_have_been_done_is_not(server: LoopbackServer, status: int) -> None:
    server.answers(Answer(status, b"{}"), Answer(200, ANSWER))
    with pytest.raises(SttError) as raised:
        recognized(server.url, tone(0.3), transport=Transport.FAST)
    assert len(server.received) == 1
    assert "charges for every attempt" in (raised.value.hint or "")


def test_speakers_in_a_long_recording_explain_a_timeout(server: LoopbackServer) -> None:
    server.answers(Answer(408, b'{"code": "Timeout"}'))
    with pytest.raises(SttError) as raised:
        recognized(
            server.url, tone(0.3), model="mai-transcribe-2", speakers=True,
            transport=Transport.AUTO,
        )  # fmt: skip
    assert "remove --speakers" in (raised.value.hint or "")


def test_the_upload_is_told_and_the_ids_come_before_it(server: LoopbackServer) -> None:
    server.answers(Answer(200, ANSWER, (("apim-request-id", "a-1"),)))
    events = recognized(server.url, tone(0.3), transport=Transport.FAST, keep_raw=True)
    kinds = [type(event) for event in events]
    assert kinds[0] is Started
    assert kinds.index(Progress) < kinds.index(Identified) < kinds.index(Phrase)
    end = events[-1]
    assert isinstance(end, Ended)
    assert end.raw == (json.loads(ANSWER),)


@pytest.fixture
def at_westeurope(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the emulator stand for the region's own host."""
    ways = Ways(AZURE.short_audio, "westeurope", has_fast=True)
    monkeypatch.setattr(AzureProvider, "_ways", ways)


@pytest.mark.conformance("AZ-12")
@pytest.mark.usefixtures("at_westeurope")
def test_auto_sends_a_longer_file_the_fast_way() -> None:
    audio = MemorySource(tone(1.0) + silence(15.0))
    with serving("Hello.") as service:
        events = recognized(service, audio, transport=Transport.AUTO, language="en-US")
        assert len(service.journal.all("fast")) == 1
    (started,) = [event for event in events if isinstance(event, Started)]
    assert started.transport == "fast"
    assert started.reason == (
        "it is longer than 15 s and short enough for fast transcription"
    )


@pytest.mark.conformance("AZ-12")
@pytest.mark.usefixtures("at_westeurope")
@pytest.mark.parametrize("status", [400, 404, 422])
def test_where_the_resource_has_none_the_websocket_takes_over(status: int) -> None:
    audio = MemorySource(tone(1.0) + silence(15.0))
    with serving("Hello.", faults=(f"status:{status}:1",)) as service:
        events = recognized(service, audio, transport=Transport.AUTO, language="en-US")
    started = [e.transport for e in events if isinstance(e, Started)]
    assert started == ["fast", "websocket"]
    assert [e.segment.text for e in events if isinstance(e, Phrase)] == ["Hello."]
    told = [e.message for e in events if isinstance(e, Notice)]
    assert "using the websocket instead" in told[0]


@pytest.mark.usefixtures("at_westeurope")
def test_a_refused_key_is_no_reason_to_try_the_websocket() -> None:
    audio = MemorySource(tone(1.0) + silence(15.0))
    with serving("Hello.", key=KEY) as service:
        made = provider(service.base_url, key="k-wrong-wrong")
        with pytest.raises(SttError, match="credentials"):
            list(made.recognize(audio, RecognizeOptions(language="en-US")))
        made.close()
        assert not service.journal.all("connect")
