"""What takes the inputs, and which failures it is meant to tell.

A target raises nothing but the errors that its callers expect; anything else is found.
"""

from __future__ import annotations

import io
import re
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import AudioError, SttError, UsageError
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.identifiers import Identifiers

Target = Callable[[bytes], object]
_MOST_PCM = 2 * 16_000 * 600  # ten minutes: then it was believed, whatever it claims
_TIME = datetime(2026, 11, 20, 12, tzinfo=UTC)


def audio(data: bytes) -> None:
    """Read a file as a recording, whole."""
    from stt_cli.audio.file_source import FileSource

    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(data)
        file.flush()
        with suppress(AudioError):
            source = FileSource(Path(file.name))
            heard = 0
            for block in source.pcm():
                heard += len(block)
                if heard > _MOST_PCM:
                    break
            assert source.duration is None or source.duration >= 0


def piped_audio(data: bytes) -> None:
    """Read a recording from a pipe."""
    from stt_cli.audio.open import open_source

    with suppress(SttError):
        source = open_source("-", _environment(io.BytesIO(data)))
        heard = 0
        for block in source.pcm():
            heard += len(block)
            if heard > _MOST_PCM:
                break


def results(data: bytes) -> None:
    """Read a service's saved answer, or a file of captions."""
    from stt_cli.formats.caption_options import CaptionOptions
    from stt_cli.formats.reading import read_transcripts
    from stt_cli.formats.registry import WriteOptions, writer_for

    options = WriteOptions(captions=CaptionOptions(interpolate=True))
    with suppress(UsageError):
        found = read_transcripts(data, "a.json")
        for name in ("text", "json", "srt", "vtt", "tsv"):
            for _ in writer_for(name)(found, options):
                pass


def answers(data: bytes) -> None:
    """Read the answer of every service's every request."""
    response = HttpResponse(200, (("Content-Type", "application/json"),), data)
    for read_response in _response_readers():
        with suppress(SttError):
            read_response(response)
    try:
        body = response.json()
    except SttError:
        return
    for read in _readers() if isinstance(body, dict) else ():
        with suppress(SttError):
            read(body)


def _readers() -> Iterator[Callable[[Any], object]]:
    from stt_cli.protocols.azure_rest import batch, webhook
    from stt_cli.protocols.azure_rest import errors as azure_errors
    from stt_cli.protocols.azure_rest import results as azure_results
    from stt_cli.protocols.scriptix import documents, session
    from stt_cli.protocols.scriptix import results as scriptix_results
    from stt_cli.protocols.soniox import objects
    from stt_cli.protocols.watson import jobs, models
    from stt_cli.protocols.watson import results as watson_results

    yield from (
        batch.parse_job, batch.parse_page, batch.reference_of, webhook.parse_webhook,
        azure_errors.parse_error,
        lambda body: azure_results.parse_batch_result(body, Identifiers()),
        lambda body: azure_results.parse_fast_result(
            body, Identifiers(), name="a.wav", language=None
        ),
        documents.read_document, session.read_session, session.read_page,
        scriptix_results.read_result, objects.read_job, objects.read_models,
        objects.File.read, objects.TranscriptBody.read,
        lambda body: objects.Page.read(body, "transcriptions"),
        models.read_models, models.read_voices, jobs.read_job,
        watson_results.read_results,
    )  # fmt: skip


def _response_readers() -> Iterator[Callable[[HttpResponse], object]]:
    from stt_cli.protocols.azure_rest import short_audio
    from stt_cli.protocols.azure_tts import request as azure_speech
    from stt_cli.protocols.scriptix import documents
    from stt_cli.protocols.soniox import errors as soniox_errors
    from stt_cli.protocols.watson import errors as watson_errors
    from stt_cli.protocols.watson import iam, session

    yield from (
        short_audio.read_result, azure_speech.read_voices, documents.read_export,
        soniox_errors.read_failure, watson_errors.error_of, iam.read_token,
        session.read_created, session.read_state,
    )  # fmt: skip


def messages(data: bytes) -> None:
    """Take a message of every streaming service, as text and as bytes."""
    from stt_cli.protocols.scriptix import realtime as scriptix
    from stt_cli.protocols.soniox import realtime as soniox
    from stt_cli.protocols.usp import framing
    from stt_cli.protocols.usp.client_turn import (
        ClientTurn,
        PhraseFault,
        TurnStateError,
    )
    from stt_cli.protocols.watson import realtime as watson

    start = framing.parse_text("Path: turn.start\r\nX-RequestId: a\r\n\r\n{}")
    for message in (data, data.decode("utf-8", "replace")):
        for read in (soniox.read_update, scriptix.read_message, watson.read_message):
            with suppress(SttError):
                read(message)
        turn = ClientTurn("a", translate_to=("de", "fr"))
        turn.receive(start, _TIME)
        with suppress(framing.FramingError, PhraseFault, TurnStateError, SttError):
            turn.receive(framing.parse(message), _TIME)


def http(data: bytes) -> None:
    """Take these bytes as what an HTTP server says."""
    from stt_cli.net.client import HttpClient
    from stt_cli.net.messages import Timeouts
    from stt_cli.net.retry import NEVER

    client = HttpClient(_Context(), Timeouts(connect=5, read=0.2))
    with _saying(data) as url:
        with suppress(SttError):
            request = HttpRequest("GET", url)
            client.send(request, lambda response: response, policy=NEVER)
        client.close()


def websocket(data: bytes) -> None:
    """Take these bytes as the frames behind a WebSocket's handshake."""
    from stt_cli.net.websocket import ConnectionBroken
    from stt_cli.net.websocket_handshake import connect

    with _saying(data, handshake=True) as url, suppress(ConnectionBroken, TimeoutError):
        request = HttpRequest("GET", url.replace("http", "ws", 1))
        connection = connect(request, _Context())
        try:
            while True:
                connection.receive(timeout=0.2)
        finally:
            connection.close(timeout=0.05)


class _Context:
    insecure = False

    def __init__(self) -> None:
        self.environment = _environment(None)

    @staticmethod
    def log(line: str) -> None:
        """Take a line of the log."""


@contextmanager
def _saying(data: bytes, *, handshake: bool = False) -> Iterator[str]:
    """Run a server that says this to its only client, and hangs up."""

    def serve() -> None:
        with suppress(OSError):
            client, _ = listener.accept()
            with client:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += client.recv(65_536) or b"\r\n\r\n"
                if handshake:
                    client.sendall(_accepted(request))
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                while client.recv(65_536):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _accepted(request: bytes) -> bytes:
    from websockets.utils import accept_key

    found = re.search(rb"Sec-WebSocket-Key: (\S+)", request, re.I)
    key = found[1].decode() if found else ""
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept_key(key)}\r\n\r\n"
    ).encode()


def config(data: bytes) -> None:
    """Read a config file, and what every command asks it."""
    from stt_cli.providers.registry import provider_spec
    from stt_cli.settings import Settings

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "config"
        folder.mkdir()
        (folder / "config.toml").write_bytes(data)
        with suppress(SttError):
            settings = Settings.load(_environment(None, {"STT_HOME": home}))
            for name in ("provider", "language", "format"):
                settings.value(name)
            spec = provider_spec(settings.provider_name(None))
            settings.require(spec, None)
            settings.context_for(spec)


def manifest(data: bytes) -> None:
    """Read a manifest in every kind."""
    from stt_cli.workflows.manifest.reading import Kind, read_manifest

    for kind in (None, *Kind):
        with suppress(UsageError):
            read_manifest(io.BytesIO(data), kind)


def logs(data: bytes) -> None:
    """Search a file for IDs."""
    from stt_cli.ids.encoding import Utf8Source
    from stt_cli.ids.extract import Finder
    from stt_cli.ids.finding import KINDS

    finder = Finder(frozenset(KINDS))
    for finding in finder.find("a.log", Utf8Source(io.BytesIO(data)).read_into):
        assert finding.id


def ssml(data: bytes) -> None:
    """Read an SSML document, and divide it for a service."""
    from stt_cli.protocols import ssml as reading

    with suppress(UsageError):
        reading.check(reading.decode(data))


def _environment(
    stdin: io.BytesIO | None, variables: dict[str, str] | None = None
) -> Environment:
    return Environment(
        variables=variables or {},
        directories=Directories.named_by(variables or {"STT_HOME": "/nowhere"}),
        stdin=stdin,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        now=lambda: _TIME,
    )


TARGETS: dict[str, Target] = {
    "audio": audio,
    "piped-audio": piped_audio,
    "results": results,
    "answers": answers,
    "messages": messages,
    "http": http,
    "websocket": websocket,
    "config": config,
    "manifest": manifest,
    "logs": logs,
    "ssml": ssml,
}
SEEDS_OF = {"piped-audio": "audio"}
"""Targets that share another's seeds."""
