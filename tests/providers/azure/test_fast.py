"""Fast transcription: a local recording goes up, a job of ours comes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path

import pytest

from stt_cli.core.errors import (
    AudioError,
    CredentialsError,
    ProviderError,
    SttError,
    UsageError,
)
from stt_cli.core.events import Identified, Progress, Transcribed
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import Profanity
from stt_cli.protocols.azure_rest.results import parse_fast_result
from tests.conftest import Runner
from tests.loopback import Answer, LoopbackServer
from tests.loopback import serving as scripted
from tests.providers.azure.job_kit import client, options, transcribed
from tests.providers.azure.realtime_kit import MemorySource, provider, silence, tone

RESULT = {
    "durationMilliseconds": 2000,
    "combinedPhrases": [{"text": "Hi. Bye."}],
    "phrases": [
        {"offsetMilliseconds": 900, "durationMilliseconds": 500, "text": "Bye.",
         "speaker": 1, "locale": "de-DE", "confidence": "0.8", "channel": 1,
         "words": [{"text": "Bye", "offsetMilliseconds": 900,
                    "durationMilliseconds": 400}]},
        {"offset": 100, "duration": 300, "text": "Hi.", "speaker": 0},
    ],
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with scripted() as running:
        yield running


@pytest.mark.conformance("AZ-08")
def test_a_recording_and_its_definition_go_in_one_form(server: LoopbackServer) -> None:
    server.answers(Answer(200, json.dumps(RESULT).encode()))
    made = provider(server.url, key="k-0123456789")
    audio = tone(0.2)
    transcribed(
        made,
        audio,
        language="de-DE",
        speakers=True,
        profanity=Profanity.REMOVED,
        params={"channels": ("0", "1"), "diarization.maxSpeakers": "4"},
    )
    made.close()
    (request,) = server.received
    assert request.target == (
        "/speechtotext/transcriptions:transcribe?api-version=2025-10-15"
    )
    assert request.header("Ocp-Apim-Subscription-Key") == "k-0123456789"
    assert request.header("Transfer-Encoding") is None
    head = f"Content-Type: {request.header('Content-Type')}\r\n\r\n".encode()
    parts = list(message_from_bytes(head + request.body, policy=HTTP).iter_parts())
    names = [p.get_param("name", header="content-disposition") for p in parts]
    assert names == ["definition", "audio"]
    assert json.loads(parts[0].get_content()) == {
        "locales": ["de-DE"],
        "profanityFilterMode": "Removed",
        "diarization": {"enabled": True, "maxSpeakers": 4},
        "channels": [0, 1],
    }
    assert parts[1].get_payload(decode=True) == audio
    assert parts[1].get_filename() == "memory.wav"


@pytest.mark.conformance("AZ-08", "AZ-11")
def test_the_answer_becomes_a_transcript_with_its_ids(server: LoopbackServer) -> None:
    headers = (("apim-request-id", "a-1"),)
    server.answers(Answer(200, json.dumps(RESULT).encode(), headers))
    made = provider(server.url)
    events = list(made.submit(MemorySource(tone(0.2)), options()))
    made.close()
    last = events[-1]
    assert isinstance(last, Transcribed)
    first, second = last.transcript.segments
    assert (first.text, first.start, first.end, first.speaker) == ("Hi.", 0.1, 0.4, "0")
    assert (second.start, second.confidence, second.language) == (0.9, 0.8, "de-DE")
    assert second.words[0].end == pytest.approx(1.3)
    assert last.transcript.duration == 2.0
    assert [e.ids.get("apim_request_id") for e in events if isinstance(e, Identified)]
    assert [e.total for e in events if isinstance(e, Progress)][-1]


@pytest.mark.conformance("AZ-08")
def test_phrases_ask_for_the_version_that_knows_them() -> None:
    with client("Hello Contoso.") as (made, service):
        found = transcribed(made, tone(0.5), phrases=("Contoso",))
        (sent,) = service.journal.all("fast")
    assert found.text == "Hello Contoso."
    assert sent["version"] == "2025-10-15"
    assert sent["definition"]["phraseList"] == {"phrases": ["Contoso"]}


@pytest.mark.conformance("AZ-08")
def test_a_local_file_becomes_a_job_that_any_shell_reads(
    stt: Runner, recording: Path
) -> None:
    with client("Hello there.") as (_, service):
        done = stt(
            "batch", "submit", recording, "-p", "azure", "--endpoint", service.base_url
        )
    assert done.status == 0
    (job_id,) = done.lines
    assert job_id.startswith("stt-")
    assert "apim request id: " in done.stderr
    assert stt("poll", job_id).text == "Hello there.\n"


@dataclass
class HugeSource(MemorySource):
    """A recording that says how large it is, and is never read."""

    audio: bytes = b""
    bytes_: int = 0
    seconds: float = 0.0

    @property
    def size(self) -> int | None:
        """Its length in bytes."""
        return self.bytes_

    @property
    def duration(self) -> float | None:
        """Its length in seconds."""
        return self.seconds


@pytest.mark.conformance("AZ-08")
@pytest.mark.parametrize(
    ("source", "words"),
    [
        (HugeSource(bytes_=600_000_000, seconds=60), "500 MB"),
        (HugeSource(bytes_=1_000, seconds=6 * 3600), "5 hours"),
    ],
)
def test_what_does_not_fit_says_which_upload_is_needed(
    source: HugeSource, words: str
) -> None:
    made = provider("http://127.0.0.1:9")
    with pytest.raises(UsageError, match=words) as raised:
        list(made.submit(source, options()))
    made.close()
    assert "SAS URL" in (raised.value.hint or "")
    assert source.reads == 0


@pytest.mark.conformance("AZ-08")
def test_what_the_service_finds_too_large_says_the_same(server: LoopbackServer) -> None:
    server.answers(Answer(413))
    made = provider(server.url)
    with pytest.raises(AudioError) as raised:
        transcribed(made, silence(0.1))
    made.close()
    assert "SAS URL" in (raised.value.hint or "")


def test_no_web_hook_for_what_answers_at_once() -> None:
    made = provider("http://127.0.0.1:9")
    with pytest.raises(UsageError, match="does not support webhooks"):
        transcribed(made, tone(0.1), webhook_url="https://w.example")


@pytest.mark.parametrize("fault", ["status:503:2", "rate-limit:1", "status:500:1"])
def test_passing_faults_are_survived(fault: str) -> None:
    with client("Hello.", faults=(fault,)) as (made, _):
        assert transcribed(made, tone(0.3)).text == "Hello."


@pytest.mark.parametrize(
    ("key", "kind"), [("k-wrong-wrong", CredentialsError), ("", CredentialsError)]
)
def test_a_wrong_key_is_told(key: str, kind: type[SttError]) -> None:
    with client("Hello.", key="k-0123456789") as (_, service):
        made = (
            provider(service.base_url, key=key) if key else provider(service.base_url)
        )
        with pytest.raises(kind):
            transcribed(made, tone(0.1))
        made.close()


def test_audio_that_the_service_cannot_read_is_refused_in_its_words() -> None:
    with client() as (made, _), pytest.raises(UsageError, match="decoded"):
        transcribed(made, b"no audio at all")


def test_an_answer_that_is_no_transcript_is_told() -> None:
    with pytest.raises(ProviderError, match="not a transcript"):
        parse_fast_result([], Identifiers(), name="a", language=None)


def test_a_dry_run_shows_form_and_size(stt: Runner, recording: Path) -> None:
    done = stt(
        "batch", "submit", recording, "-p", "azure", "--dry-run",
        env={"AZURE_SPEECH_KEY": "k-0123456789", "AZURE_SPEECH_REGION": "westeurope"},
    )  # fmt: skip
    assert done.status == 0
    assert f"{recording.stat().st_size} bytes" in done.text
    assert "k-0123456789" not in done.text
