"""Uploads that are cut, refused or left unanswered: repeated where that is safe."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.upload import write_sparse_wav
from tests.conftest import Outcome, Runner
from tests.emulating import KEY, Emulated, emulated
from tests.loopback import Answer, Received, serving


@dataclass(frozen=True)
class Way:
    """A way into a service, and what its emulator's journal calls a job's audio."""

    provider: str
    taken: str
    options: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("-p", self.provider, *self.options)


def scriptix(route: str, taken: str = "upload") -> Way:
    return Way("scriptix", taken, ("-l", "en", "--param", f"upload={route}"))


WAYS = {
    "soniox": Way("soniox", "upload"),
    "watson": Way("watson", "job"),
    "azure": Way("azure", "fast"),
    "blob": scriptix("blob", "blob"),
    "tus": scriptix("tus"),
    "multipart": scriptix("multipart"),
    "legacy": scriptix("legacy"),
}


class Shell:
    """Runs ``stt batch submit``; pauses take no time, and are counted."""

    def __init__(self, run: Runner) -> None:
        self._run = run
        self.slept: list[float] = []

    def __call__(self, way: Way, url: str, path: Path) -> Outcome:
        env = {
            "SONIOX_API_KEY": KEY,
            "SCRIPTIX_TOKEN": KEY,
            "SPEECH_TO_TEXT_BEARER_TOKEN": KEY,
            "AZURE_SPEECH_KEY": KEY,
            "STT_SCRIPTIX_ENDPOINT": url,
            f"STT_{way.provider.upper()}_ENDPOINT": url,
        }
        submit = ("batch", "submit", path, *way.arguments)
        return self._run(*submit, env=env, sleep=self.slept.append, random=lambda: 0.0)


@pytest.fixture
def shell(stt: Runner) -> Shell:
    return Shell(stt)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """More than the buffers on the way hold: a cut is seen while it leaves."""
    path = tmp_path / "meeting.wav"
    write_sparse_wav(path, 16_000_000)
    return path


def taken(service: Emulated, way: Way) -> int:
    """Return how often the service got the recording whole."""
    return len(service.all(way.taken))


@pytest.mark.parametrize("name", WAYS)
def test_an_upload_that_is_cut_in_the_middle_is_sent_again(
    shell: Shell, wav: Path, name: str
) -> None:
    with emulated(WAYS[name].provider, "drop-after:1500000:2") as service:
        done = shell(WAYS[name], service.url, wav)
        assert done.status == 0, done.stderr
        assert taken(service, WAYS[name]) == 1
    assert len(shell.slept) == 2


@pytest.mark.parametrize("name", [name for name in WAYS if name != "tus"])
def test_a_line_that_cuts_every_upload_is_given_up_after_five(
    shell: Shell, wav: Path, name: str
) -> None:
    with emulated(WAYS[name].provider, "drop-after:1500000:1000") as service:
        done = shell(WAYS[name], service.url, wav)
        assert done.status == 8
        assert taken(service, WAYS[name]) == 0
    assert "lost the connection" in done.stderr
    assert "(tried 5 times)" in done.stderr


def test_a_resumable_upload_ends_even_on_a_line_that_always_breaks(
    shell: Shell, wav: Path
) -> None:
    with emulated("scriptix", "drop-after:1500000:1000") as service:
        done = shell(WAYS["tus"], service.url, wav)
        assert done.status == 0, done.stderr
        (whole,) = service.all("upload")
        assert whole["size"] == 16_000_000
        parts = [line for line in service.log if line.startswith("HEAD")]
    assert len(parts) == 16_000_000 // 1_500_000


def resuming(*parts: Answer) -> Callable[[Received], Answer]:
    """Play a service that gives these answers to the parts of an upload."""
    answers = list(parts)

    def play(request: Received) -> Answer:
        match request.method:
            case "POST":
                return Answer(201, headers=(("Location", "/api/v3/files/f"),))
            case "PATCH":
                return answers.pop(0)
            case "HEAD":
                return Answer(200, b"", (("Upload-Offset", "0"),))
            case _:
                return Answer(200, b'{"result": {"session_id": "s"}}')

    return play


@pytest.mark.parametrize("status", [409, 423])
def test_a_part_that_comes_too_early_is_sent_again_from_where_the_service_is(
    shell: Shell, wav: Path, status: int
) -> None:
    size = str(wav.stat().st_size)
    with serving() as service:
        service.play = resuming(
            Answer(status), Answer(204, b"", (("Upload-Offset", size),))
        )
        done = shell(WAYS["tus"], service.url, wav)
    assert done.status == 0, done.stderr
    sent = [request.method for request in service.received]
    assert sent == ["POST", "PATCH", "HEAD", "PATCH", "GET"]


def test_a_resumable_upload_of_which_nothing_is_kept_ends(
    shell: Shell, wav: Path
) -> None:
    with serving() as service:
        service.play = resuming(Answer(204, b"", (("Upload-Offset", "0"),)))
        done = shell(WAYS["tus"], service.url, wav)
    assert done.status == 8
    assert "saved nothing" in done.stderr


@pytest.mark.parametrize("name", ["soniox", "watson", "azure", "multipart"])
def test_a_lost_answer_never_makes_a_second_job(
    shell: Shell, wav: Path, name: str
) -> None:
    way = WAYS[name]
    with emulated(way.provider, "lose-answer:1") as service:
        done = shell(way, service.url, wav)
        if name == "azure":  # no job is made, and each attempt is charged for
            assert done.status == 8, done.stderr
            assert "charges for every attempt" in done.stderr
            return
        assert taken(service, way) == 1
    if name == "soniox":  # found by its reference
        assert done.status == 0, done.stderr
    else:
        assert done.status == 8
        assert shell.slept == []


def test_a_recording_whose_place_is_known_is_put_there_again(
    shell: Shell, wav: Path
) -> None:
    # The session's answer, its address' and the storage's are lost, one each.
    with emulated("scriptix", "lose-answer:3") as service:
        done = shell(WAYS["blob"], service.url, wav)
        assert done.status == 0, done.stderr
        puts = {line for line in service.log if line.startswith("PUT")}
        assert len(puts) == 1
    assert len(shell.slept) == 3


@pytest.mark.parametrize("name", WAYS)
def test_503_while_the_recording_is_sent(shell: Shell, wav: Path, name: str) -> None:
    way = WAYS[name]
    with emulated(way.provider, "status:503:2") as service:
        done = shell(way, service.url, wav)
        if name in ("watson", "multipart"):  # it may have been taken
            assert done.status == 8
            assert shell.slept == []
        else:
            assert done.status == 0, done.stderr
            assert taken(service, way) == 1


@contextmanager
def refusing(answer: bytes) -> Iterator[str]:
    """Answer every request at its head, read nothing more, and hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            with suppress(OSError):
                while True:
                    with listener.accept()[0] as connection:
                        connection.settimeout(5)
                        head = b""
                        while b"\r\n\r\n" not in head:
                            head += connection.recv(4096)
                        connection.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("name", ["soniox", "watson", "azure", "multipart"])
@pytest.mark.parametrize(
    ("told", "status"), [("401 Unauthorized", 4), ("413 Payload Too Large", 10)]
)
def test_a_refusal_in_the_middle_of_an_upload_is_told_as_what_it_is(
    shell: Shell, wav: Path, name: str, told: str, status: int
) -> None:
    head = f"HTTP/1.1 {told}\r\nContent-Length: 2\r\n\r\n{{}}"
    with refusing(head.encode()) as url:
        done = shell(WAYS[name], url, wav)
    assert done.status == status
    assert f"HTTP {told[:3]}" in done.stderr
    assert "lost the connection" not in done.stderr
    assert "use `stt batch submit`" not in done.stderr  # that is what it was
