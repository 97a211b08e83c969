"""The WebSocket client, over real sockets on loopback."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from stt_cli.core.errors import ConfigurationError
from stt_cli.net import websocket
from stt_cli.net.dial import ConnectFailed, tls_for
from stt_cli.net.websocket import ConnectionBroken
from stt_cli.net.websocket_handshake import HandshakeRejected, redirect_notices
from tests.websocket_client import connect
from tests.worst_answers import SOCKETS, worst

Handler = Callable[[ServerConnection], None]


@contextlib.contextmanager
def serving(handler: Handler, **options: Any) -> Iterator[int]:
    """Run a WebSocket server on a thread; yields its port."""
    server: Server = serve(handler, "127.0.0.1", 0, **options)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.socket.getsockname()[1]
    finally:
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def answering(*conversations: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run a plain TCP server whose connections are handled in order."""
    listener = socket.create_server(("127.0.0.1", 0))

    def work() -> None:
        for conversation in conversations:
            client, _ = listener.accept()
            with client:
                conversation(client)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


def read_head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(4096)
        if not data:
            break
        head += data
    return head


def test_text_and_bytes_come_back_as_they_were_sent() -> None:
    with serving(echo) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        connection.send_text("grüße")
        connection.send_binary(b"\x00\xff" * 70_000)
        assert connection.receive(60) == "grüße"
        assert connection.receive(60) == b"\x00\xff" * 70_000
        connection.close()


def test_headers_credentials_subprotocols_and_answers_are_passed_on() -> None:
    seen: dict[str, str] = {}

    def handler(connection: ServerConnection) -> None:
        seen.update(connection.request.headers.raw_items())  # type: ignore[union-attr]
        connection.send("seen")

    def set_cookie(_c: ServerConnection, _r: Request, answer: Response) -> Response:
        answer.headers["Set-Cookie"] = "a=b"
        return answer

    with serving(handler, subprotocols=["USP"], process_response=set_cookie) as port:
        connection = connect(
            f"http://127.0.0.1:{port}/path?x=1",
            {"X-ConnectionId": "abc"},
            credentials={"Authorization": "Bearer t"},
            subprotocols=["USP"],
        )
        assert connection.subprotocol == "USP"
        assert connection.response.header("set-COOKIE") == "a=b"
        assert connection.receive(60) == "seen"
        connection.close()
    assert seen["X-ConnectionId"] == "abc"
    assert seen["Authorization"] == "Bearer t"


def test_pings_are_answered_while_waiting_for_a_message() -> None:
    ponged: list[bool] = []

    def handler(connection: ServerConnection) -> None:
        ponged.append(connection.ping().wait(60))
        connection.send("after")

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        assert connection.receive(60) == "after"
        connection.close()
    assert ponged == [True]


def test_fragments_become_one_message() -> None:
    def handler(connection: ServerConnection) -> None:
        connection.send(["one ", "two ", "three"])

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        assert connection.receive(60) == "one two three"
        connection.close()


def test_one_thread_sends_while_another_receives() -> None:
    """Neither side reads ahead of the other's full buffers: no deadlock."""
    with serving(echo) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        block = bytes(100_000)

        def send() -> None:
            for _ in range(100):
                connection.send_binary(block)

        sender = threading.Thread(target=send)
        sender.start()
        for _ in range(100):
            assert connection.receive(10) == block
        sender.join()
        connection.close()


def test_silence_is_a_timeout_and_the_connection_lives_on() -> None:
    with serving(echo) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        with pytest.raises(TimeoutError):
            connection.receive(0.05)
        connection.send_text("still here")
        assert connection.receive(60) == "still here"
        connection.close()


def test_the_peers_close_code_and_reason_are_told() -> None:
    def handler(connection: ServerConnection) -> None:
        connection.send("last")
        connection.close(1007, "Quota exceeded")

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        assert connection.receive(60) == "last"
        with pytest.raises(ConnectionBroken, match="1007: Quota exceeded") as caught:
            connection.receive(60)
        assert (caught.value.code, caught.value.reason) == (1007, "Quota exceeded")
        with pytest.raises(ConnectionBroken):
            connection.send_text("too late")
        connection.close()


def test_a_connection_cut_without_a_word_is_broken_without_a_code() -> None:
    def handler(connection: ServerConnection) -> None:
        connection.socket.shutdown(socket.SHUT_RDWR)

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        with pytest.raises(ConnectionBroken) as caught:
            connection.receive(60)
        assert caught.value.code is None
        connection.close()


def test_a_reset_connection_fails_the_sender_too() -> None:
    def handler(connection: ServerConnection) -> None:
        linger = struct.pack("ii", 1, 0)
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.socket.close()

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})

        def send_on() -> None:
            for _ in range(1000):
                connection.send_binary(bytes(100_000))

        with pytest.raises(ConnectionBroken):
            send_on()
        connection.close()


def test_closing_says_goodbye_with_a_code() -> None:
    heard: list[tuple[int | None, str | None]] = []

    def handler(connection: ServerConnection) -> None:
        for _ in connection:
            pass
        heard.append((connection.close_code, connection.close_reason))

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        connection.close(1000, "done")
        connection.close()
    assert heard == [(1000, "done")]


def test_a_peer_that_breaks_the_protocol_ends_the_connection() -> None:
    def handler(connection: ServerConnection) -> None:
        connection.socket.sendall(b"\xff\xff\xff\xff")
        connection.recv()

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        with pytest.raises(ConnectionBroken, match="protocol error"):
            connection.receive(60)
        connection.close()


def test_text_that_is_not_utf8_ends_the_connection() -> None:
    def handler(connection: ServerConnection) -> None:
        connection.socket.sendall(b"\x81\x02\xc3\x28")
        connection.recv()

    with serving(handler) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        with pytest.raises(ConnectionBroken, match="UTF-8"):
            connection.receive(60)


def test_abort_wakes_a_receiver_up() -> None:
    with serving(echo) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        threading.Timer(0.05, connection.abort).start()
        with pytest.raises(ConnectionBroken):
            connection.receive(30)
        connection.close()


def test_a_refusal_carries_status_headers_and_body() -> None:
    def refuse(connection: ServerConnection, _request: Request) -> Response:
        response = connection.respond(403, "no such key")
        response.headers["Retry-After"] = "3"
        return response

    with serving(echo, process_request=refuse) as port:
        with pytest.raises(HandshakeRejected) as caught:
            connect(f"ws://127.0.0.1:{port}/", {})
        assert (caught.value.status, caught.value.response.body) == (
            403,
            b"no such key",
        )
        assert caught.value.response.header("retry-after") == "3"


def redirecting(location: str) -> Callable[[ServerConnection, Request], Response]:
    def redirect(connection: ServerConnection, _request: Request) -> Response:
        response = connection.respond(302, "")
        response.headers["Location"] = location
        return response

    return redirect


@pytest.mark.conformance("BS-21")
def test_a_redirect_on_the_same_host_keeps_the_credentials() -> None:
    seen: list[str | None] = []

    def handler(connection: ServerConnection) -> None:
        assert connection.request is not None
        seen.append(connection.request.headers.get("Authorization"))
        connection.send("seen")

    def redirect(connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/there":
            return None
        response = connection.respond(302, "")
        response.headers["Location"] = "/there"
        return response

    with serving(handler, process_request=redirect) as port:
        connection = connect(
            f"ws://127.0.0.1:{port}/", {}, credentials={"Authorization": "x"}
        )
        assert [answer.status for answer in connection.responses] == [302, 101]
        assert connection.receive(60) == "seen"
        connection.close()
    assert seen == ["x"]


@pytest.mark.conformance("BS-21")
def test_a_redirect_to_another_host_loses_the_credentials() -> None:
    seen: list[tuple[str | None, str | None]] = []

    def handler(connection: ServerConnection) -> None:
        assert connection.request is not None
        headers = connection.request.headers
        seen.append((headers.get("Authorization"), headers.get("X-ConnectionId")))
        connection.send("seen")

    with serving(handler) as target:
        redirect = redirecting(f"http://localhost:{target}/there")
        with serving(echo, process_request=redirect) as port:
            connection = connect(
                f"ws://127.0.0.1:{port}/",
                {"X-ConnectionId": "id"},
                credentials={"Authorization": "x"},
            )
            assert connection.receive(60) == "seen"
            connection.close()
    assert seen == [(None, "id")]


def test_redirects_without_end_are_given_up() -> None:
    def redirect(connection: ServerConnection, _request: Request) -> Response:
        response = connection.respond(307, "")
        response.headers["Location"] = "/again"
        return response

    with (
        serving(echo, process_request=redirect) as port,
        pytest.raises(HandshakeRejected) as caught,
    ):
        connect(f"ws://127.0.0.1:{port}/", {})
    assert caught.value.status == 307


def test_nobody_listening_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectFailed, match="refused the connection") as caught:
        connect(f"ws://127.0.0.1:{port}/", {})
    assert (caught.value.kind, caught.value.transient) == ("refused", True)


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(ConnectFailed, match="cannot resolve") as caught:
        connect("ws://no-such-host.invalid/", {})
    assert caught.value.kind == "dns"


def test_a_server_that_never_answers_is_a_timeout() -> None:
    gone = threading.Event()

    def keep_silent(_client: socket.socket) -> None:
        gone.wait(60)

    with answering(keep_silent) as port:
        with pytest.raises(
            ConnectFailed, match=r"did not complete .* in 0\.1 s"
        ) as late:
            connect(f"ws://127.0.0.1:{port}/", {}, timeout=0.1)
        gone.set()
    assert late.value.kind == "timeout"


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 101"])
def test_a_server_that_speaks_no_http_is_told(answer: bytes) -> None:
    def conversation(client: socket.socket) -> None:
        read_head(client)
        client.sendall(answer)

    with (
        answering(conversation) as port,
        pytest.raises(ConnectFailed) as caught,
    ):
        connect(f"ws://127.0.0.1:{port}/", {})
    assert caught.value.kind == "handshake"


def test_an_address_that_is_no_websocket_is_refused() -> None:
    with pytest.raises(ConnectFailed, match="invalid WebSocket URL"):
        connect("ftp://example/", {})


def test_a_message_that_comes_with_the_handshake_is_not_lost() -> None:
    from websockets.utils import accept_key

    def conversation(client: socket.socket) -> None:
        head = read_head(client).decode()
        key = head.partition("Sec-WebSocket-Key: ")[2].partition("\r\n")[0]
        answer = (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept_key(key)}\r\n\r\n"
        )
        client.sendall(answer.encode() + b"\x89\x00\x81\x05early")
        ponged.append(client.recv(1)[0] == 0x8A)

    ponged: list[bool] = []
    with answering(conversation) as port:
        connection = connect(f"ws://127.0.0.1:{port}/", {})
        assert connection.receive(60) == "early"
        connection.close(timeout=0.1)
    assert ponged == [True]


def proxying(seen: list[str], answer: bytes) -> Callable[[socket.socket], None]:
    """Return a proxy that takes one CONNECT and joins it to the target."""

    def conversation(client: socket.socket) -> None:
        head = read_head(client).decode()
        seen.append(head)
        client.sendall(answer)
        if b" 200 " not in answer:
            return
        port = int(head.split()[1].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as target:
            back = threading.Thread(target=pump, args=(target, client))
            back.start()
            pump(client, target)
            back.join()

    return conversation


def pump(source: socket.socket, sink: socket.socket) -> None:
    while data := source.recv(65536):
        sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def test_a_proxy_is_asked_for_the_way_with_its_own_credentials() -> None:
    seen: list[str] = []
    granted = b"HTTP/1.1 200 Connection established\r\n\r\n"
    with serving(echo) as port, answering(proxying(seen, granted)) as proxy:
        connection = connect(
            f"ws://speech.example:{port}/",
            {},
            variables={"HTTP_PROXY": f"http://me:p%40ss@127.0.0.1:{proxy}"},
        )
        connection.send_text("through")
        assert connection.receive(60) == "through"
        connection.close()
    assert seen[0].startswith(f"CONNECT speech.example:{port} HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic bWU6cEBzcw==" in seen[0]


def test_a_proxy_that_refuses_is_told() -> None:
    refused = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"
    with answering(proxying([], refused)) as proxy:
        variables = {"http_proxy": f"127.0.0.1:{proxy}"}
        with pytest.raises(ConnectFailed, match="407 Proxy Auth") as caught:
            connect("ws://speech.example/", {}, variables=variables)
    assert caught.value.kind == "proxy"


def test_a_proxy_of_another_kind_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigurationError, match="proxy URL in ALL_PROXY"):
        connect("ws://a.example/", {}, variables={"ALL_PROXY": "quic://x:1"})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, its key in the same file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> dict[str, str]:
    return {"SSL_CERT_FILE": str(certificate)}


def test_tls_carries_both_directions_at_once(certificate: Path) -> None:
    with serving(echo, ssl=server_tls(certificate)) as port:
        connection = connect(
            f"wss://localhost:{port}/", {}, variables=trusting(certificate)
        )
        block = bytes(range(256)) * 400

        def send() -> None:
            for _ in range(50):
                connection.send_binary(block)

        sender = threading.Thread(target=send)
        sender.start()
        for _ in range(50):
            assert connection.receive(10) == block
        sender.join()
        connection.close()


@pytest.mark.conformance("BS-22")
def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with (
        serving(echo, ssl=server_tls(certificate)) as port,
        pytest.raises(ConnectFailed, match="is not trusted") as caught,
    ):
        connect(f"wss://localhost:{port}/", {})
    assert (caught.value.kind, caught.value.transient) == ("tls", False)


@pytest.mark.conformance("BS-22")
def test_tls_older_than_1_2_is_refused(certificate: Path) -> None:
    assert tls_for({}).minimum_version is ssl.TLSVersion.TLSv1_2
    assert tls_for({}).verify_mode is ssl.CERT_REQUIRED
    old = server_tls(certificate)
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        serving(echo, ssl=old) as port,
        pytest.raises(ConnectFailed, match="TLS with localhost") as caught,
    ):
        connect(f"wss://localhost:{port}/", {}, variables=trusting(certificate))
    assert caught.value.kind == "tls"


def test_a_clear_text_server_at_a_tls_address_is_told() -> None:
    def conversation(client: socket.socket) -> None:
        client.recv(1000)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with (
        answering(conversation) as port,
        pytest.raises(ConnectFailed, match="TLS with localhost"),
    ):
        connect(f"wss://localhost:{port}/", {})


def test_a_redirect_elsewhere_is_said_before_any_audio() -> None:
    with serving(echo) as target:
        redirect = redirecting(f"http://localhost:{target}/there")
        with serving(echo, process_request=redirect) as port:
            moved = connect(f"ws://127.0.0.1:{port}/", {})
            (notice,) = redirect_notices(moved)
            moved.close()
        stayed = connect(f"ws://localhost:{target}/", {})
        assert list(redirect_notices(stayed)) == []
        stayed.close()
    assert f"127.0.0.1:{port} redirects to localhost:{target}" in notice.message


@pytest.mark.parametrize(
    "location", ["http://[::1/", "ws://a:99999999/", f"http://{'a' * 64}/", "ftp://a/"]
)
def test_a_redirect_to_nowhere_is_told(location: str) -> None:
    with (
        serving(echo, process_request=redirecting(location)) as port,
        pytest.raises(ConnectFailed, match="redirects to an invalid URL") as caught,
    ):
        connect(f"ws://127.0.0.1:{port}/", {})
    assert (caught.value.kind, caught.value.transient) == ("handshake", False)


def test_a_key_goes_over_no_socket_in_clear_text() -> None:
    with pytest.raises(ConfigurationError, match="unencrypted"):
        connect("ws://speech.example/", {}, credentials={"Authorization": "x"})


def test_a_peer_that_takes_nothing_is_given_up_and_wakes_the_receiver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(websocket, "_STALLED_S", 0.3)
    with worst("http://127.0.0.1:9", 0, SOCKETS["deaf socket"]) as server:
        connection = connect(server.url, {})
        woken: list[ConnectionBroken] = []

        def receive() -> None:
            try:
                connection.receive(30)
            except ConnectionBroken as broken:
                woken.append(broken)

        receiver = threading.Thread(target=receive)
        receiver.start()

        def send_on() -> None:
            for _ in range(1000):
                connection.send_binary(bytes(100_000))

        with pytest.raises(ConnectionBroken):
            send_on()
        receiver.join(10)
        assert woken
        connection.close()


def test_a_flood_of_pings_at_whom_takes_no_pongs_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(websocket, "_STALLED_S", 0.3)
    with worst("http://127.0.0.1:9", 0, SOCKETS["pings, deaf"]) as server:
        connection = connect(server.url, {})
        with pytest.raises((ConnectionBroken, TimeoutError)):
            connection.receive(2)
        connection.close(timeout=0.1)
