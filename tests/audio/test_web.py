"""Addresses: nothing is fetched until bytes are needed, then once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stt_cli.audio.open import open_source
from stt_cli.core.environment import Environment
from stt_cli.core.errors import AudioError, UnreachableError, UsageError
from tests.audio.tones import pcm16, tone, wav
from tests.fake_time import FakeTime, fake_environment

TONE = pcm16(tone(0.2))
ENVIRONMENT = Environment.of_this_process()


class Server(ThreadingHTTPServer):
    """Serves /a.wav, /raw.pcm and a redirect; counts what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Server)
        self.server.asked.append(self.path)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/a.wav?token=1")
            self.end_headers()
            return
        path = self.path.partition("?")[0]
        body = {"/a.wav": wav(TONE), "/raw.pcm": TONE, "/words": b"words"}.get(path)
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_arguments: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_a_service_that_fetches_by_itself_costs_no_download(server: Server) -> None:
    source = open_source(f"{server.url}/a.wav", ENVIRONMENT)
    assert source.url == f"{server.url}/a.wav"
    assert (source.duration, source.size, source.notices) == (None, None, ())
    assert (source.path, source.live) == (None, False)
    assert server.asked == []


def test_its_bytes_are_fetched_once(server: Server) -> None:
    source = open_source(f"{server.url}/moved", ENVIRONMENT)
    assert source.encoding.sample_rate == 16_000
    assert b"".join(source.pcm()) == TONE
    assert b"".join(source.original()) == wav(TONE)
    assert source.duration == 0.2
    assert server.asked == ["/moved", "/a.wav?token=1"]


def test_raw_pcm_by_its_address(server: Server) -> None:
    with pytest.raises(UsageError, match="sample rate"):
        open_source(f"{server.url}/raw.pcm?x=1", ENVIRONMENT)
    source = open_source(f"{server.url}/raw.pcm?x=1", ENVIRONMENT, raw_rate=16_000)
    assert b"".join(source.pcm()) == TONE


def test_what_is_not_there_is_an_audio_error(server: Server) -> None:
    with pytest.raises(AudioError, match="404 Not Found") as caught:
        list(open_source(f"{server.url}/b.wav", ENVIRONMENT).pcm())
    assert caught.value.http_status == 404


def test_what_is_no_audio_is_named_by_its_address(server: Server) -> None:
    with pytest.raises(AudioError, match=r"/words: this is text, not audio"):
        list(open_source(f"{server.url}/words", ENVIRONMENT).pcm())


def test_a_host_that_does_not_answer_is_unreachable(server: Server) -> None:
    server.server_close()
    with pytest.raises(UnreachableError, match="download failed"):
        list(open_source(f"{server.url}/a.wav", fake_environment()).pcm())


def test_a_download_is_retried_and_stands_in_the_log_and_the_trail() -> None:
    from stt_cli.net.http_trace import Trail
    from tests.loopback import RESET, Answer, serving

    log: list[str] = []
    time = FakeTime()
    environment = replace(fake_environment(time), log=log.append)
    recording = wav(TONE)
    with serving() as flaky:
        flaky.answers(
            Answer(503), RESET, Answer(200, recording, torn=100), Answer(200, recording)
        )
        trail = Trail(environment.now).open()
        source = open_source(f"{flaky.url}/a.wav", environment)
        assert b"".join(source.pcm()) == TONE
        assert len(flaky.received) == 4
        assert flaky.received[0].header("Accept") is not None
    assert len(time.slept) == 3
    assert f"> GET {flaky.url}/a.wav" in log
    assert any(line.startswith("< 503") for line in log)
    assert trail.decisive is not None
    assert trail.decisive.url == f"{flaky.url}/a.wav"


@pytest.mark.parametrize(
    "url",
    ["http://[::1/", "http://a..b/x.wav", f"http://{'a' * 64}.example/", "http://h:x/"],
)
def test_an_address_that_is_none_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match="invalid URL"):
        open_source(url, ENVIRONMENT)
