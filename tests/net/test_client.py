"""The HTTP client over real sockets: bodies, redirects, faults, secrets."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stt_cli.core.errors import (
    ConfigurationError,
    OutOfTimeError,
    ProviderError,
    SttError,
    UnreachableError,
)
from stt_cli.core.events import Progress
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.secret import Secret
from stt_cli.net.client import HttpClient, Timeouts
from stt_cli.net.retry import REPEATABLE
from tests.fake_time import FakeTime, context
from tests.loopback import (
    RESET,
    Answer,
    LoopbackServer,
    self_made_certificate,
    serving,
)

KEY = (("Ocp-Apim-Subscription-Key", Secret("0123456789abcdef")),)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with serving() as running:
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


SenderMaker = Callable[..., HttpClient]


@pytest.fixture
def make_sender(time: FakeTime) -> Iterator[SenderMaker]:
    """Make senders in environments of their own, closed at the end."""
    made: list[HttpClient] = []

    def make(timeouts: Timeouts | None = None, **environment: Any) -> HttpClient:
        made.append(HttpClient(context(time, **environment), timeouts or Timeouts()))
        return made[-1]

    yield make
    for sender in made:
        sender.close()


@pytest.fixture
def sender(make_sender: SenderMaker) -> HttpClient:
    return make_sender()


def taken(response: HttpResponse) -> HttpResponse:
    """Raise as providers do: 5xx and 429 are transient."""
    if response.is_success:
        return response
    raise ProviderError(
        f"HTTP {response.status}",
        http_status=response.status,
        transient=response.status >= 429,
    )


@pytest.mark.conformance("CO-03")
@pytest.mark.parametrize("faults", [[500, 502, 503], [429], [408]])
def test_transient_statuses_are_retried(
    server: LoopbackServer, sender: HttpClient, time: FakeTime, faults: list[int]
) -> None:
    server.answers(*[Answer(status) for status in faults], Answer(200, b"good"))

    def read(response: HttpResponse) -> bytes:
        if not response.is_success:
            status = response.status
            raise ProviderError("x", http_status=status, transient=True)
        return response.body

    assert sender.send(HttpRequest("GET", server.url), read) == b"good"
    assert len(server.received) == len(faults) + 1
    assert len(time.slept) == len(faults)


@pytest.mark.conformance("CO-03")
def test_a_reset_connection_is_retried(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(RESET, RESET, Answer(200, b"good"))
    assert sender.send(HttpRequest("GET", server.url), taken).body == b"good"


def test_a_reset_post_is_not_sent_twice(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(RESET, Answer(200))
    with pytest.raises(UnreachableError, match="lost the connection"):
        sender.send(HttpRequest("POST", server.url, body=b"x"), taken)
    assert len(server.received) == 1


def test_a_torn_answer_is_retried(server: LoopbackServer, sender: HttpClient) -> None:
    server.answers(Answer(200, b'{"a": 1}', torn=3), Answer(200, b'{"a": 1}'))
    request = HttpRequest("GET", server.url)
    assert sender.send(request, HttpResponse.json_object) == {"a": 1}


def test_a_body_is_streamed_with_its_length_and_told_as_it_leaves(
    server: LoopbackServer, sender: HttpClient
) -> None:
    body = StreamedBody(lambda: (b"x" * 1000 for _ in range(50)), length=50_000)
    told: list[int] = []
    request = HttpRequest("POST", server.url, body=body)
    sender.send(request, taken, on_bytes=told.append)
    assert server.received[0].body == b"x" * 50_000
    assert server.received[0].header("Content-Length") == "50000"
    assert server.received[0].header("Transfer-Encoding") is None
    assert told == [0, *range(1000, 50_001, 1000)]


def test_a_body_of_unknown_length_goes_chunked(
    server: LoopbackServer, sender: HttpClient
) -> None:
    body = StreamedBody(lambda: iter([b"one", b"two"]))
    sender.send(HttpRequest("POST", server.url, body=body), taken)
    assert server.received[0].header("Transfer-Encoding") == "chunked"
    assert server.received[0].chunks == (3, 3)


def test_a_streamed_body_is_read_anew_for_a_retry(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(Answer(503), Answer(200))
    body = StreamedBody(lambda: iter([b"one", b"two"]))
    request = HttpRequest("POST", server.url, body=body)
    sender.send(request, taken, policy=REPEATABLE)
    assert [request.body for request in server.received] == [b"onetwo", b"onetwo"]


def test_live_audio_is_never_sent_twice(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(Answer(503), Answer(200))
    body = StreamedBody(lambda: iter([b"one"]), repeatable=False)
    with pytest.raises(ProviderError):
        sender.send(
            HttpRequest("POST", server.url, body=body), taken, policy=REPEATABLE
        )
    assert len(server.received) == 1


@pytest.mark.parametrize("expect_continue", [False, True])
def test_an_upload_holds_a_few_blocks_in_memory(
    server: LoopbackServer, sender: HttpClient, expect_continue: bool
) -> None:
    block, count = b"x" * 65_536, 300
    received = [0]
    server.play = lambda request: Answer()
    body = StreamedBody(lambda: (block for _ in range(count)))
    request = HttpRequest(
        "POST", _discarding(received), body=body, expect_continue=expect_continue
    )
    tracemalloc.start()
    try:
        sender.send(request, taken)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert received[0] >= len(block) * count
    assert peak < 6_000_000


def _discarding(received: list[int]) -> str:
    """Start a server that reads one request and forgets it; return its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with listener, listener.accept()[0] as peer:
            end = b""
            while True:
                block = peer.recv(65_536)
                end = (end + block)[-7:]
                received[0] += len(block)
                if b"Expect" in block:
                    peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                if end == b"\r\n0\r\n\r\n" or not block:
                    break
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_upload_yields_progress_and_returns_the_answer(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(Answer(200, b"good"))
    body = StreamedBody(lambda: (b"x" * 1000 for _ in range(10)), length=10_000)
    upload = sender.upload(HttpRequest("POST", server.url, body=body), taken)
    seen = []
    while True:
        try:
            seen.append(next(upload))
        except StopIteration as end:
            answer = end.value
            break
    assert answer.body == b"good"
    assert seen[-1] == Progress(10_000, 10_000, "bytes")


def test_closing_an_upload_breaks_it_off(
    server: LoopbackServer, sender: HttpClient
) -> None:
    stopped = threading.Event()
    going = threading.Event()

    def blocks() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 100
                going.wait(0.01)
        finally:
            stopped.set()

    upload = sender.upload(
        HttpRequest("POST", server.url, body=StreamedBody(blocks)), taken
    )
    next(upload)
    upload.close()
    assert stopped.wait(60)


def test_a_redirect_is_followed(server: LoopbackServer, sender: HttpClient) -> None:
    server.answers(Answer(307, headers=(("Location", "/there?a=1"),)), Answer(200))
    request = HttpRequest("POST", server.url, body=b"x", credentials=KEY)
    sender.send(request, taken)
    there = server.received[1]
    assert (there.method, there.target, there.body) == ("POST", "/there?a=1", b"x")
    assert there.header("Ocp-Apim-Subscription-Key") == "0123456789abcdef"


def test_a_redirect_takes_no_credential_to_another_host(
    server: LoopbackServer, sender: HttpClient
) -> None:
    with serving() as other:
        server.answers(Answer(302, headers=(("Location", other.url),)))
        sender.send(HttpRequest("GET", server.url, credentials=KEY), taken)
    assert server.received[0].header("Ocp-Apim-Subscription-Key")
    assert other.received[0].header("Ocp-Apim-Subscription-Key") is None


def test_a_redirect_that_would_lose_the_body_is_told(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(Answer(302, headers=(("Location", "/elsewhere"),)))
    with pytest.raises(ProviderError, match="redirects the POST request") as raised:
        sender.send(HttpRequest("POST", server.url, body=b"x"), taken)
    assert "--endpoint" in (raised.value.hint or "")


def test_a_circle_of_redirects_ends(server: LoopbackServer, sender: HttpClient) -> None:
    server.answers(Answer(302, headers=(("Location", "/"),)))
    with pytest.raises(ProviderError, match="in a loop"):
        sender.send(HttpRequest("GET", server.url), taken)


def test_a_key_never_leaves_in_clear_text(sender: HttpClient) -> None:
    request = HttpRequest("GET", "http://speech.example/x", credentials=KEY)
    with pytest.raises(ConfigurationError, match="unencrypted") as raised:
        sender.send(request, taken)
    assert "--insecure" in (raised.value.hint or "")


def test_an_address_without_scheme_is_a_configuration_error(sender: HttpClient) -> None:
    with pytest.raises(ConfigurationError, match="it does not start with http"):
        sender.send(HttpRequest("GET", "speech.example/x"), taken)


def test_a_refused_connection_is_tried_again_even_for_a_post(
    sender: HttpClient, time: FakeTime
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    for expect in (False, True):
        time.slept.clear()
        request = HttpRequest(
            "POST", f"http://127.0.0.1:{port}/", body=b"x", expect_continue=expect
        )
        with pytest.raises(UnreachableError, match="refused the connection") as raised:
            sender.send(request, taken)
        assert raised.value.before_request
        assert len(time.slept) == 4
        assert "tried 5 times" in raised.value.message


def test_a_name_that_does_not_exist_is_told_with_a_hint(
    sender: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_name(*_args: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    for expect in (False, True):
        request = HttpRequest("GET", "https://nowhere.invalid/", expect_continue=expect)
        with pytest.raises(
            UnreachableError, match=r"cannot resolve nowhere\.invalid"
        ) as fault:
            sender.send(request, taken)
        assert "region" in (fault.value.hint or "")


@pytest.mark.parametrize("expect", [False, True])
def test_an_untrusted_certificate_is_refused_and_a_trusted_one_taken(
    make_sender: SenderMaker, tmp_path: Path, expect: bool
) -> None:
    with serving(self_made_certificate(tmp_path)) as server:
        request = HttpRequest("GET", server.url, expect_continue=expect)
        with pytest.raises(UnreachableError, match="is not trusted") as raised:
            make_sender().send(request, taken)
        assert "SSL_CERT_FILE" in (raised.value.hint or "")
        assert server.received == []
        trusting = {"SSL_CERT_FILE": str(tmp_path / "certificate.pem")}
        sender = make_sender(variables=trusting)
        assert sender.send(request, taken).status == 200
        sender.close()


@pytest.mark.parametrize("expect", [False, True])
def test_a_host_that_speaks_no_tls_is_told(
    server: LoopbackServer, sender: HttpClient, expect: bool
) -> None:
    request = HttpRequest(
        "GET", server.url.replace("http:", "https:"), expect_continue=expect
    )
    with pytest.raises(UnreachableError, match="TLS with 127"):
        sender.send(request, taken)


@pytest.mark.parametrize("expect", [False, True])
def test_requests_go_through_the_proxy_that_the_variables_name(
    server: LoopbackServer, make_sender: SenderMaker, expect: bool
) -> None:
    variables = {"http_proxy": server.url.replace("//", "//me:secret@")}
    sender = make_sender(variables=variables)
    request = HttpRequest("GET", "http://speech.example/x?y=1", expect_continue=expect)
    sender.send(request, taken)
    assert server.received[0].target == "http://speech.example/x?y=1"
    assert server.received[0].header("Proxy-Authorization") == "Basic bWU6c2VjcmV0"


@pytest.mark.parametrize("expect", [False, True])
def test_a_proxy_that_refuses_the_tunnel_is_named_without_its_password(
    server: LoopbackServer, make_sender: SenderMaker, expect: bool
) -> None:
    variables = {"HTTPS_PROXY": server.url.replace("//", "//me:secret@")}
    server.answers(Answer(403))
    request = HttpRequest("GET", "https://speech.example/x", expect_continue=expect)
    with pytest.raises(UnreachableError, match="proxy") as raised:
        make_sender(variables=variables).send(request, taken)
    assert "secret" not in raised.value.message
    assert f"127.0.0.1:{server.port}" in raised.value.message


@pytest.mark.parametrize("expect", [False, True])
def test_a_silent_host_is_given_up(make_sender: SenderMaker, expect: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        sender = make_sender(Timeouts(read=0.05))
        request = HttpRequest("POST", url, body=b"x", expect_continue=expect)
        with pytest.raises(UnreachableError, match="did not respond in time"):
            sender.send(request, taken)


def test_the_deadline_of_the_command_ends_a_request(
    server: LoopbackServer, sender: HttpClient, time: FakeTime
) -> None:
    time.seconds = 10
    with pytest.raises(OutOfTimeError):
        sender.send(HttpRequest("GET", server.url), taken, deadline=9.0)
    assert server.received == []


def test_the_log_shows_the_exchange_and_no_secret(
    server: LoopbackServer, make_sender: SenderMaker
) -> None:
    log: list[str] = []
    sender = make_sender(log=log)
    server.answers(Answer(200, headers=(("Set-Cookie", "a=very-secret"),)))
    request = HttpRequest(
        "GET", server.url + "/x", headers=(("Accept", "text/plain"),), credentials=KEY
    )
    sender.send(request, taken)
    text = "\n".join(log)
    assert f"> GET {server.url}/x" in text
    assert "> Accept: text/plain" in text
    assert "< 200 OK after" in text
    assert "0123456789abcdef" not in text
    assert "very-secret" not in text


def test_an_answer_is_read_while_it_arrives(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(Answer(503), Answer(200, b"x" * 200_000))

    def fault(response: HttpResponse) -> SttError | None:
        try:
            taken(response)
        except SttError as error:
            return error
        return None

    with sender.stream(HttpRequest("GET", server.url), fault) as answer:
        assert sum(map(len, answer.blocks())) == 200_000


def test_answers_that_are_no_json_are_told_in_one_short_line() -> None:
    page = b"<html><head><title>502 Bad\nGateway</title></head>" + b"x" * 10_000
    response = HttpResponse(502, body=page, url="https://speech.example/x")
    with pytest.raises(ProviderError, match=r"HTTP 502 .*: 502 Bad Gateway$"):
        response.json()


def test_threads_may_send_their_first_request_at_once(server: LoopbackServer) -> None:
    script = f"""
import threading
from stt_cli.core.http_message import HttpRequest
from stt_cli.net.client import HttpClient
from tests.fake_time import context

sender, done = HttpClient(context()), []
def run():
    done.append(sender.send(HttpRequest("GET", {server.url!r}), lambda a: a.status))
threads = [threading.Thread(target=run) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
sender.close()
print(done)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip() == str([200] * 16), ran.stderr
