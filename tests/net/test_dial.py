"""Ways to a host: through proxies of every kind, trusted by every variable."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from websockets.sync.server import ServerConnection, serve

from stt_cli.core.address import parse_address
from stt_cli.core.errors import ConfigurationError, UnreachableError
from stt_cli.core.http_message import HttpRequest
from stt_cli.net import dial as net_dial
from stt_cli.net.client import HttpClient
from stt_cli.net.dial import VARIABLES, ConnectFailed, dial, tls_for
from tests.fake_time import context
from tests.loopback import Answer, self_made_certificate
from tests.loopback import serving as http_serving
from tests.websocket_client import connect

Talk = Callable[[socket.socket, list[str]], None]


@contextlib.contextmanager
def proxying(
    talk: Talk, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Run a proxy; yield its port, and what it was asked for."""
    asked: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve_one(client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if tls is not None:
                client = tls.wrap_socket(client, server_side=True)
            with client:
                talk(client, asked)

    def work() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=serve_one, args=[client], daemon=True).start()

    threading.Thread(target=work, daemon=True).start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        listener.close()


def join(client: socket.socket, port: int) -> None:
    def pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    with socket.create_connection(("127.0.0.1", port)) as target:
        back = threading.Thread(target=pump, args=(target, client), daemon=True)
        back.start()
        pump(client, target)
        back.join(10)


def connect_proxy(client: socket.socket, asked: list[str]) -> None:
    """Speak HTTP's CONNECT."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(4096)
    asked.append(head.decode())
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    join(client, int(head.split()[1].rpartition(b":")[2]))


def socks_proxy(client: socket.socket, asked: list[str]) -> None:
    """Speak SOCKS 5 (RFC 1928) with user and password (RFC 1929)."""
    _, count = client.recv(2)
    methods = client.recv(count)
    client.sendall(bytes([5, 2 if 2 in methods else 0]))
    if 2 in methods:
        client.recv(1)
        user = client.recv(client.recv(1)[0]).decode()
        asked.append(f"{user}:{client.recv(client.recv(1)[0]).decode()}")
        client.sendall(b"\x01\x00")
    *_, kind = client.recv(4)
    if kind == 3:
        host = client.recv(client.recv(1)[0]).decode()
    else:
        host = socket.inet_ntoa(client.recv(4))
    port = int.from_bytes(client.recv(2))
    asked.append(f"{host}:{port}")
    client.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    join(client, port)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def tls(folder: Path) -> ssl.SSLContext:
    return self_made_certificate(folder)


@pytest.fixture
def trusted(folder: Path, tls: ssl.SSLContext) -> dict[str, str]:
    return {"SSL_CERT_FILE": str(folder / "certificate.pem"), "NO_PROXY": "nothing"}


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)


KINDS = ["http", "https", "socks5", "socks5h"]


@contextlib.contextmanager
def proxy_of(kind: str, tls: ssl.SSLContext) -> Iterator[tuple[str, list[str]]]:
    talk = socks_proxy if kind.startswith("socks") else connect_proxy
    with proxying(talk, tls if kind == "https" else None) as (port, asked):
        yield f"{kind}://me:p%40ss@127.0.0.1:{port}", asked


@pytest.mark.parametrize("kind", KINDS)
def test_https_goes_through_a_proxy_of_any_kind(
    kind: str, tls: ssl.SSLContext, trusted: dict[str, str]
) -> None:
    """With https that is TLS within TLS."""
    with http_serving(tls) as server, proxy_of(kind, tls) as (proxy, asked):
        server.answers(Answer(200, b"x" * 300_000))
        client = HttpClient(context(variables={**trusted, "HTTPS_PROXY": proxy}))
        request = HttpRequest("POST", server.url, body=b"y" * 300_000)
        answer = client.send(request, lambda answer: answer)
        client.close()
    assert (answer.status, len(answer.body)) == (200, 300_000)
    assert server.received[0].body == b"y" * 300_000
    assert any(f"127.0.0.1:{server.port}" in line for line in asked)
    wanted = "me:p@ss" if kind.startswith("socks") else "Basic bWU6cEBzcw=="
    assert wanted in asked[0]


@pytest.mark.parametrize("secure", [False, True], ids=["ws", "wss"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_websocket_goes_through_a_proxy_of_any_kind(
    kind: str, secure: bool, tls: ssl.SSLContext, trusted: dict[str, str]
) -> None:
    with serve(echo, "127.0.0.1", 0, ssl=tls if secure else None) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.socket.getsockname()[1]
        with proxy_of(kind, tls) as (proxy, asked):
            scheme = "wss" if secure else "ws"
            connection = connect(
                f"{scheme}://127.0.0.1:{port}/",
                {},
                variables={**trusted, "ALL_PROXY": proxy},
            )
            connection.send_binary(b"x" * 200_000)
            assert connection.receive(30) == b"x" * 200_000
            connection.close()
        server.shutdown()
    assert any(f"127.0.0.1:{port}" in line for line in asked)


def test_plain_http_through_an_https_proxy_names_the_whole_address(
    tls: ssl.SSLContext, trusted: dict[str, str]
) -> None:
    with http_serving(tls) as proxy:
        variables = {**trusted, "HTTP_PROXY": f"https://127.0.0.1:{proxy.port}"}
        client = HttpClient(context(variables=variables))
        request = HttpRequest("GET", "http://speech.example/x?y=1")
        assert client.send(request, lambda answer: answer.status) == 200
        client.close()
    assert proxy.received[0].target == "http://speech.example/x?y=1"
    assert proxy.received[0].header("Host") == "speech.example"


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.mark.parametrize("url", ["http://a.example/", "https://a.example/"])
@pytest.mark.parametrize("kind", ["http", "https", "socks5h"])
@pytest.mark.parametrize("transport", ["http", "websocket"])
def test_a_dead_proxy_is_blamed_by_name_over_every_transport(
    url: str, kind: str, transport: str
) -> None:
    proxy = f"{kind}://me:S3cret@127.0.0.1:{closed_port()}"
    variables = {"ALL_PROXY": proxy}
    client = HttpClient(context(variables=variables))
    with pytest.raises(UnreachableError) as caught:  # noqa: PT012 - one of two
        if transport == "websocket":
            connect(url, {}, variables=variables)
        else:
            client.send(HttpRequest("GET", url), lambda answer: answer)
    shown = proxy.replace("me:S3cret@", "")
    assert f"the proxy {shown} " in caught.value.message
    assert "a.example" not in caught.value.message
    assert "S3cret" not in caught.value.message
    assert caught.value.hint == "check ALL_PROXY"
    assert caught.value.before_request


@pytest.mark.parametrize("what", ["silent", "drips", "closes", "babbles", "refuses"])
def test_a_proxy_that_opens_no_tunnel_is_given_up_in_time(what: str) -> None:
    over = threading.Event()

    def talk(client: socket.socket, asked: list[str]) -> None:
        client.recv(4096)
        if what == "drips":
            while not over.wait(0.01):
                client.sendall(b"H" if not asked else b"x")
        if what == "babbles":
            client.sendall(b"SSH-2.0\r\n\r\n")
        if what == "refuses":
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        if what != "closes":
            over.wait(10)

    with proxying(talk) as (port, _):
        variables = {"HTTPS_PROXY": f"http://127.0.0.1:{port}"}
        with pytest.raises(ConnectFailed) as caught:
            dial(parse_address("https://a.example"), seconds=0.3, variables=variables)
        over.set()
    assert caught.value.kind == "proxy"
    assert f"the proxy http://127.0.0.1:{port}" in caught.value.message


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("transport", ["http", "websocket"])
def test_the_authorities_are_those_of_curl_and_pip(
    variable: str, transport: str, folder: Path, tls: ssl.SSLContext
) -> None:
    place = folder / "certificate.pem"
    if variable == "SSL_CERT_DIR":
        place = hashed(folder)
    with http_serving(tls) as server:
        variables = {variable: str(place)}
        if transport == "http":
            client = HttpClient(context(variables=variables))
            request = HttpRequest("GET", server.url)
            assert client.send(request, lambda answer: answer.status) == 200
            client.close()
        else:  # TLS stands when the server answers at all
            address = parse_address(server.url)
            dial(address, seconds=10, variables=variables).stream.close()


def hashed(folder: Path) -> Path:
    """Return a folder of certificates as `openssl rehash` makes it."""
    import subprocess

    place = folder / "hashed"
    place.mkdir(exist_ok=True)
    certificate = folder / "certificate.pem"
    asked = ["openssl", "x509", "-hash", "-noout", "-in", str(certificate)]
    name = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    (place / f"{name.strip()}.0").write_bytes(certificate.read_bytes())
    return place


def test_what_is_said_first_of_certificates_counts(
    folder: Path, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    right = str(folder / "certificate.pem")
    wrong = str(tmp_path / "none.pem")
    assert tls_for({"SSL_CERT_FILE": right, "CURL_CA_BUNDLE": wrong})
    assert tls_for({"SSL_CERT_FILE": "", "CURL_CA_BUNDLE": right})
    for variable in VARIABLES:
        with pytest.raises(
            ConfigurationError, match="cannot read the certificates"
        ) as caught:
            tls_for({variable: wrong})
        assert variable in (caught.value.hint or "")


@pytest.fixture
def no_settings_yet() -> Iterator[None]:
    """Let TLS be set up anew, here and behind this test."""
    net_dial._settings.cache_clear()
    yield
    net_dial._settings.cache_clear()


def trusts(server_url: str) -> bool:
    address = parse_address(server_url)
    try:
        dial(address, seconds=10, variables={}).stream.close()
    except ConnectFailed:
        return False
    return True


@pytest.mark.usefixtures("no_settings_yet")
def test_without_a_variable_the_systems_own_store_counts(
    folder: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    # OpenSSL itself reads this variable in place of its store.
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "certificate.pem"))
    with http_serving(tls) as server:
        assert trusts(server.url)
        monkeypatch.delenv("SSL_CERT_FILE")
        net_dial._settings.cache_clear()
        assert not trusts(server.url)


@pytest.mark.usefixtures("no_settings_yet")
def test_a_python_from_elsewhere_finds_the_systems_store_all_the_same(
    folder: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = SimpleNamespace(cafile=None, capath=None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nowhere)
    store = str(folder / "certificate.pem")
    monkeypatch.setattr(net_dial, "_STORES", ("/nowhere/ca.pem", store))
    with http_serving(tls) as server:
        assert trusts(server.url)
        net_dial._settings.cache_clear()
        monkeypatch.setattr(net_dial, "_STORES", ("/nowhere/ca.pem",))
        assert not trusts(server.url)  # certifi's own do not know it
