"""``examples/provider`` is what a third party copies: installed, it works as it is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.conftest import Runner
from tests.wheels import install_wheel

TEMPLATE = Path(__file__).parents[1] / "examples" / "provider"
WEATHER = TEMPLATE.parent / "weather.wav"
ANSWER = {
    "phrases": [
        {
            "text": "It will rain.",
            "confidence": 0.9,
            "words": [
                {"w": "it", "from": 0.1, "to": 0.2},
                {"w": "will", "from": 0.2, "to": 0.5},
                {"w": "rain", "from": 0.5, "to": 1.1},
            ],
        }
    ]
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as a package of its own, as its pyproject.toml declares it."""
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))
    points = project["project"]["entry-points"]["stt.providers"]
    listed = "\n".join(f"{name} = {target}" for name, target in points.items())
    modules = {
        str(path.relative_to(TEMPLATE)): path.read_text(encoding="utf-8")
        for package in project["tool"]["setuptools"]["packages"]
        for path in (TEMPLATE / package).glob("*.py")
    }
    folder = tmp_path_factory.mktemp("site-packages")
    name = project["project"]["name"]
    install_wheel(folder, name, modules, f"[stt.providers]\n{listed}\n")
    return folder


@pytest.fixture
def acme(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))


class Acme(BaseHTTPRequestHandler):
    """The service: it checks the key, fails once, and hears one sentence."""

    requests: list[tuple[str, dict[str, str], int]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append((self.path, dict(self.headers), len(body)))
        status, answer = 200, json.dumps(ANSWER).encode()
        if self.headers["X-Acme-Key"] != "k-0123456789":
            status, answer = 401, b"who are you?"
        elif len(self.requests) == 1:
            status, answer = 503, b"come again"
        self.send_response(status)
        self.send_header("X-Acme-Request", f"r-{len(self.requests)}")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    Acme.requests.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Acme) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("acme")
def test_it_stands_in_the_list_and_says_what_it_needs(stt_process: Runner) -> None:
    listed = json.loads(stt_process("providers", "--json").text)
    (found,) = (each for each in listed if each["name"] == "acme")
    assert found["title"] == "Acme Speech"
    missing = stt_process("recognize", WEATHER, "-p", "acme")
    assert missing.status == 4
    assert "ACME_KEY" in missing.stderr
    refused = stt_process("batch", "submit", WEATHER, "-p", "acme")
    assert (refused.status, refused.stdout) == (2, b"")


@pytest.mark.usefixtures("acme")
def test_it_recognizes_is_retried_and_tells_its_ids(
    stt_process: Runner, service: str
) -> None:
    key = {"ACME_KEY": "k-0123456789"}
    where = ["-p", "acme", "--endpoint", service]
    done = stt_process("recognize", WEATHER, *where, "--json", env=key)
    assert done.status == 0, done.stderr
    told = json.loads(done.text)
    assert told["text"] == "It will rain."
    assert told["ids"]["request_id"] == "r-2"
    assert [word["text"] for word in told["segments"][0]["words"]] == [
        "it",
        "will",
        "rain",
    ]
    assert "request id: r-2" in done.stderr
    path, headers, size = Acme.requests[1]
    assert path == "/v1/recognize?language=en-US&words=true"
    assert headers["Content-Type"] == "audio/wav"
    assert size == WEATHER.stat().st_size


@pytest.mark.usefixtures("acme")
def test_its_failures_are_told_and_its_key_is_not(
    stt_process: Runner, service: str
) -> None:
    where = ["-p", "acme", "--endpoint", service]
    done = stt_process("recognize", WEATHER, *where, env={"ACME_KEY": "k-wrong-wrong"})
    assert done.status == 4
    assert "error: Acme refused the key: who are you? (HTTP 401)" in done.stderr
    assert "request id: r-1" in done.stderr
    shown = stt_process(
        "recognize", WEATHER, *where, "--dry-run", env={"ACME_KEY": "k-0123456789"}
    )
    assert shown.status == 0, shown.stderr
    assert "POST http://127.0.0.1:" in shown.text
    assert "k-0123456789" not in shown.text
