"""Soniox's own Python SDK, unmodified, against our emulator."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from soniox import SonioxClient
from soniox.errors import (
    SonioxAuthenticationError,
    SonioxConflictError,
    SonioxInvalidRequestError,
    SonioxNotFoundError,
    SonioxRateLimitError,
    SonioxServerError,
)
from soniox.types import CreateTranscriptionConfig, RealtimeSTTConfig

from tests.commands.conftest import silent_wav
from tests.emulating import KEY, Emulated, emulated

TEXT = "Good morning everyone. | The meeting begins."


@pytest.fixture
def service() -> Iterator[Emulated]:
    with emulated("soniox", transcripts=(TEXT,)) as running:
        yield running


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    path.write_bytes(silent_wav(2.0))
    return path


def client(service: Emulated, key: str = KEY) -> SonioxClient:
    return SonioxClient(
        api_key=key,
        api_base_url=f"{service.url}/v1",
        websocket_base_url=service.url.replace("http", "ws") + "/transcribe-websocket",
        tts_api_base_url=service.url,
    )


@pytest.mark.conformance("SN-05", "SN-06")
def test_the_sdk_uploads_transcribes_and_cleans_up(
    service: Emulated, wav: Path
) -> None:
    with client(service) as soniox:
        transcript = soniox.stt.transcribe_and_wait_with_tokens(
            file=str(wav), delete_after=True
        )
        assert transcript.text == "Good morning everyone. The meeting begins."
        assert "".join(token.text for token in transcript.tokens) == transcript.text
        assert soniox.files.list().files == []
        assert soniox.stt.list().transcriptions == []
    assert len(service.all("delete file")) == 1


def test_the_sdk_lists_page_by_page(service: Emulated, wav: Path) -> None:
    with client(service) as soniox:
        ids = {soniox.files.upload(str(wav)).id for _ in range(5)}
        first = soniox.files.list(limit=2)
        assert len(first.files) == 2
        assert first.next_page_cursor
        assert {file.id for file in soniox.files.list_all(limit=2)} == ids


def test_the_sdk_reads_every_state_and_deletes(service: Emulated, wav: Path) -> None:
    with client(service) as soniox:
        file = soniox.files.upload(str(wav), client_reference_id="r-1")
        assert file.client_reference_id == "r-1"
        job = soniox.stt.create(
            file_id=file.id,
            config=CreateTranscriptionConfig(
                language_hints=["en"],
                enable_speaker_diarization=True,
                webhook_url="http://127.0.0.1:9/",
                webhook_auth_header_name="X-A",
                webhook_auth_header_value="hush",
            ),
        )
        done = soniox.stt.wait(job.id, interval_sec=0.05)
        assert done.status == "completed"
        assert done.audio_duration_ms == 2000
        assert done.webhook_auth_header_value == "*" * 18
        tokens = soniox.stt.get_transcript(job.id).tokens
        assert {token.speaker for token in tokens} == {"1", "2"}
        soniox.stt.delete(job.id)
        with pytest.raises(SonioxNotFoundError):
            soniox.stt.get(job.id)
        soniox.files.delete(file.id)
        assert soniox.files.get_or_none(file.id) is None


def test_the_sdk_understands_our_errors(wav: Path) -> None:
    with emulated("soniox", delay=5.0) as slow, client(slow) as soniox:
        file = soniox.files.upload(str(wav))
        job = soniox.stt.create(file_id=file.id)
        with pytest.raises(SonioxConflictError):
            soniox.stt.get_transcript(job.id)
        with pytest.raises(SonioxInvalidRequestError) as refused:
            soniox.stt.create(file_id=file.id, model="stt-rt-v5")
        assert "body.payload.model" in str(refused.value)
    with emulated("soniox", "rate-limit", "status:503:1") as busy:
        with client(busy) as soniox, pytest.raises(SonioxRateLimitError):
            soniox.files.list()
        with client(busy) as soniox, pytest.raises(SonioxServerError):
            soniox.files.list()
        with client(busy, "wrong") as soniox, pytest.raises(SonioxAuthenticationError):
            soniox.files.list()


def test_the_sdk_lists_models_limits_and_makes_temporary_keys(
    service: Emulated,
) -> None:
    with client(service) as soniox:
        assert "stt-rt-v5" in [model.id for model in soniox.models.list().models]
        assert soniox.concurrency_limits.get().project is not None
        key = soniox.auth.create_temporary_api_key(
            usage_type="transcribe_websocket", expires_in_seconds=60
        )
        assert key.api_key.startswith("snx_temp_")


@pytest.mark.conformance("SN-08")
def test_the_sdk_streams(service: Emulated, wav: Path) -> None:
    config = RealtimeSTTConfig(
        model="stt-rt-v5",
        audio_format="pcm_s16le",
        num_channels=1,
        sample_rate=16_000,
        enable_endpoint_detection=True,
    )
    pcm = wav.read_bytes()[44:]
    blocks = [pcm[at : at + 3200] for at in range(0, len(pcm), 3200)]
    with warnings.catch_warnings():
        # websockets deprecates the way in which this SDK connects.
        warnings.simplefilter("ignore", DeprecationWarning)
        with (
            client(service) as soniox,
            soniox.realtime.stt.connect(config=config) as session,
        ):
            session.keep_alive()
            session.send_bytes(iter(blocks), finish=True)
            events = list(session.receive_events())
    tokens = [token for event in events for token in event.tokens if token.is_final]
    assert events[-1].finished
    said = "".join(t.text for t in tokens if not t.text.startswith("<"))
    assert said == "Good morning everyone. The meeting begins."
    assert [t.text for t in tokens].count("<end>") == 2
    assert service.all("keepalive")


def test_the_sdk_speaks_and_lists_voices(service: Emulated, tmp_path: Path) -> None:
    out = tmp_path / "hello.wav"
    with client(service) as soniox:
        models = soniox.tts_models.list().models
        assert [voice.id for voice in models[0].voices] == ["Adrian", "Maya"]
        count = soniox.tts.generate_to_file(
            out, text="Hello there.", voice="Maya", language="en"
        )
    assert out.stat().st_size == count
    assert out.read_bytes()[:4] == b"RIFF"


def test_the_sdk_works_with_the_emulate_command(wav: Path) -> None:
    command = [sys.executable, "-m", "stt_cli", "emulate", "soniox"]
    with subprocess.Popen(
        [*command, "--transcript", "Hello.", "--key", KEY],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            with SonioxClient(api_key=KEY, api_base_url=f"{url}/v1") as soniox:
                file = soniox.files.upload(str(wav))
                job = soniox.stt.create(file_id=file.id)
                assert soniox.stt.wait(job.id, interval_sec=0.1).status == "completed"
                assert soniox.stt.get_transcript(job.id).text == "Hello."
        finally:
            process.terminate()
    assert process.returncode == 143
