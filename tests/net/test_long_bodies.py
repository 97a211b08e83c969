"""Recordings on the wire: what the server says meanwhile, and files that change."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import AudioError, SttError, UnreachableError
from stt_cli.core.http_message import FileRange, HttpRequest, HttpResponse, StreamedBody
from stt_cli.net.bodies import FormPart, body_of, multipart, slice_of
from stt_cli.net.client import HttpClient, Timeouts
from stt_cli.net.retry import NEVER
from tests.fake_time import context
from tests.loopback import Answer, self_made_certificate, serving

LONG = 30_000_000  # more than the buffers of both ends take
QUICK = Timeouts(connect=5, read=5, write=0.4)


class Peer:
    """The other end of one connection, played by a test."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.data = b""

    def take_head(self) -> None:
        while b"\r\n\r\n" not in self.data:
            self.data += self.socket.recv(65_536)

    def say(self, status: str, body: bytes = b"", *headers: bytes) -> None:
        length = b"Content-Length: %d" % len(body)
        lines = [b"HTTP/1.1 " + status.encode(), length, *headers, b"", body]
        self.socket.sendall(b"\r\n".join(lines))

    def drain(self) -> int:
        count = len(self.data)
        with suppress(OSError):
            while block := self.socket.recv(1 << 20):
                count += len(block)
        return count


@contextmanager
def playing(*scripts: Callable[[Peer], object]) -> Iterator[str]:
    """Serve one connection after the other, each by a script of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            for script in scripts:
                with listener.accept()[0] as connection:
                    connection.settimeout(10)
                    script(Peer(connection))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


@pytest.fixture
def recording(tmp_path: Path) -> FileRange:
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.truncate(LONG)
    return FileRange(path, 0, LONG, "long.wav")


def put(url: str, body: StreamedBody, told: list[int] | None = None) -> HttpResponse:
    sender = HttpClient(context(), QUICK)
    request = HttpRequest("PUT", f"{url}/blob", (), body)
    on_bytes = told.append if told is not None else None
    try:
        return sender.send(
            request, lambda answer: answer, policy=NEVER, on_bytes=on_bytes
        )
    finally:
        sender.close()


def read_into(body: StreamedBody) -> StreamedBody:
    """The same bytes, as from something that is no file."""
    return StreamedBody(body.blocks, body.length)


@pytest.mark.parametrize("lies_in_a_file", [True, False])
def test_a_refusal_in_the_middle_ends_the_upload(
    recording: FileRange, *, lies_in_a_file: bool
) -> None:
    def refuse_and_read_no_more(peer: Peer) -> None:
        peer.take_head()
        peer.say("401 Unauthorized", b"wrong key")
        over.wait(10)

    over, told = threading.Event(), list[int]()
    body = body_of([recording])
    with playing(refuse_and_read_no_more) as url:
        answer = put(url, body if lies_in_a_file else read_into(body), told)
        over.set()
    assert (answer.status, answer.body) == (401, b"wrong key")
    assert told[-1] < LONG


def test_a_refusal_behind_which_the_server_hangs_up_is_read(
    recording: FileRange,
) -> None:
    def refuse_and_go(peer: Peer) -> None:
        peer.take_head()
        peer.say("413 Payload Too Large", b"too big", b"Connection: close")

    with playing(refuse_and_go) as url:
        answer = put(url, body_of([recording]))
    assert (answer.status, answer.body) == (413, b"too big")


def test_a_good_answer_that_begins_early_does_not_cut_the_recording_short(
    recording: FileRange,
) -> None:
    taken = list[int]()

    def begin_the_answer(peer: Peer) -> None:
        peer.take_head()
        _, _, peer.data = peer.data.partition(b"\r\n\r\n")
        peer.socket.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        peer.socket.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n  ")
        sleep(0.05)
        peer.socket.sendall(b"  ")
        count = len(peer.data)
        while count < LONG:
            count += len(peer.socket.recv(1 << 20))
        taken.append(count)
        peer.socket.sendall(b"{} ")

    with playing(begin_the_answer) as url:
        answer = put(url, body_of([recording]))
    assert taken == [LONG]
    assert answer.json() == {}


@pytest.mark.parametrize("lies_in_a_file", [True, False])
def test_a_server_that_takes_nothing_is_given_up(
    recording: FileRange, *, lies_in_a_file: bool
) -> None:
    def stop_reading(peer: Peer) -> None:
        peer.take_head()
        over.wait(10)

    over, body = threading.Event(), body_of([recording])
    begin = monotonic()
    with playing(stop_reading) as url:
        with pytest.raises(UnreachableError, match="stopped accepting data") as caught:
            put(url, body if lies_in_a_file else read_into(body))
        over.set()
    assert caught.value.transient
    assert monotonic() - begin < 5


def test_a_server_that_hangs_up_without_a_word_is_told(recording: FileRange) -> None:
    with (
        playing(Peer.take_head) as url,
        pytest.raises(UnreachableError, match="lost the connection") as caught,
    ):
        put(url, body_of([recording]))
    assert caught.value.transient
    assert caught.value.before_request  # nobody acts on half a request


def test_what_a_recorder_adds_meanwhile_stays_behind(tmp_path: Path) -> None:
    path = tmp_path / "growing.wav"
    path.write_bytes(b"a" * 2_000_000)
    body = body_of([b"head", FileRange(path, 0, 2_000_000, "growing.wav"), b"tail"])
    path.write_bytes(b"a" * 3_000_000)
    with serving() as server:
        put(server.url, body)
        put(server.url, read_into(body))
    for request in server.received:
        assert request.body == b"head" + b"a" * 2_000_000 + b"tail"


@pytest.mark.parametrize("size", [2_000_000, 1_000])
def test_a_recording_that_becomes_shorter_is_no_fault_of_the_network(
    tmp_path: Path, size: int
) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(bytes(size))
    body = body_of([FileRange(path, 0, size, "cut.wav")])
    path.write_bytes(bytes(size // 2))
    with (
        playing(Peer.drain) as url,
        pytest.raises(AudioError, match=r"cut\.wav was truncated"),
    ):
        put(url, body)


def test_a_recording_that_is_gone_is_named(tmp_path: Path) -> None:
    body = body_of([FileRange(tmp_path / "gone.wav", 0, LONG, "gone.wav")])
    with (
        playing(Peer.drain) as url,
        pytest.raises(AudioError, match=r"gone\.wav: no such file"),
    ):
        put(url, body)


@pytest.mark.skipif(not hasattr(os, "sendfile"), reason="nothing to fall back from")
@pytest.mark.parametrize("after", [0, 1])
def test_a_file_that_the_system_cannot_send_by_itself_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    sound = bytes(range(256)) * 20_000
    path = tmp_path / "a.wav"
    path.write_bytes(sound)
    sendfile, calls = os.sendfile, list[int]()

    def refusing(out: int, file: int, offset: int, count: int) -> int:
        calls.append(offset)
        if len(calls) > after:
            raise OSError(errno.EINVAL, "Invalid argument")
        return sendfile(out, file, offset, min(count, 1_000_000))

    monkeypatch.setattr(os, "sendfile", refusing)
    told = list[int]()
    with serving() as server:
        put(server.url, body_of([FileRange(path, 0, len(sound), "a.wav")]), told)
    assert server.received[0].body == sound
    assert told[-1] == len(sound)
    assert len(calls) == after + 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs such a file")
@pytest.mark.parametrize("length", [1_000, 2_000_000])
def test_a_disk_that_fails_is_no_fault_of_the_network(length: int) -> None:
    broken = FileRange(Path("/proc/self/mem"), 0, length, "broken.wav")
    with (
        playing(Peer.drain) as url,
        pytest.raises(AudioError, match=r"broken\.wav: cannot be read: input/output"),
    ):
        put(url, body_of([broken]))


def test_through_tls_the_same_bytes_arrive_and_a_refusal_is_heard(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.wav"
    sound = bytes(range(256)) * 8_000
    path.write_bytes(sound)
    settings = self_made_certificate(tmp_path)
    variables = {"SSL_CERT_FILE": str(tmp_path / "certificate.pem")}
    body, told = body_of([FileRange(path, 0, len(sound), "a.wav")]), list[int]()
    with serving(settings) as server:
        sender = HttpClient(context(variables=variables), QUICK)
        request = HttpRequest("POST", server.url, (), body)
        answer = sender.send(request, lambda a: a, on_bytes=told.append)
        assert (answer.status, server.received[0].body) == (200, sound)
        server.answers(Answer(503), Answer(200))
        refused = sender.send(request, lambda a: a)
        assert refused.status == 503
        sender.close()
    assert told[0] == 0
    assert told[-1] == len(sound)


def test_an_upload_that_nobody_waits_for_any_more_ends_though_nothing_moves(
    recording: FileRange,
) -> None:
    class StoppedError(SttError):
        pass

    seen = list[int]()

    def on_bytes(count: int) -> None:
        seen.append(count)
        if len(seen) > 2 and seen[-1] == seen[-2]:
            raise StoppedError("stopped")

    def stop_reading(peer: Peer) -> None:
        peer.take_head()
        over.wait(10)

    over = threading.Event()
    with playing(stop_reading) as url:
        sender = HttpClient(context(), Timeouts(write=60))
        request = HttpRequest("PUT", url, (), body_of([recording]))
        with pytest.raises(StoppedError):
            sender.send(request, lambda answer: answer, on_bytes=on_bytes)
        over.set()


_PIECES = st.one_of(
    st.binary(max_size=9), st.tuples(st.integers(0, 9), st.integers(0, 9))
)


@given(st.lists(_PIECES), st.integers(0, 40), st.integers(0, 40))
def test_a_slice_is_what_the_whole_has_there(
    tmp_path_factory: pytest.TempPathFactory,
    pieces: list[bytes | tuple[int, int]],
    begin: int,
    more: int,
) -> None:
    path = tmp_path_factory.getbasetemp() / "digits"
    path.write_bytes(b"0123456789" * 2)
    body = body_of(
        [p if isinstance(p, bytes) else FileRange(path, *p, "digits") for p in pieces]
    )
    whole = b"".join(body.blocks())
    assert body.length == len(whole)
    for one in (body, read_into(body)):
        part = slice_of(one, begin, begin + more)
        assert b"".join(part.blocks()) == whole[begin : begin + more]
    assert slice_of(body, begin, begin + more).length == len(
        whole[begin : begin + more]
    )


def test_a_form_knows_where_its_recording_lies(recording: FileRange) -> None:
    parts = [
        FormPart("model", b"a"),
        FormPart("file", body_of([recording]), None, "long.wav"),
    ]
    _, body = multipart(parts, "b" * 32)
    assert recording in (body.parts or ())
    assert body.length == sum(map(len, body.blocks()))
