"""``stt recognize --dry-run``: everything is told, and nothing is sent."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav
from tests.conftest import Runner

SECRET = "made-up-key-that-nobody-may-see"
KEYS = {
    "azure": "AZURE_SPEECH_KEY",
    "bing": "BING_SPEECH_KEY",
    "soniox": "SONIOX_API_KEY",
    "scriptix": "SCRIPTIX_TOKEN",
    "watson": "SPEECH_TO_TEXT_APIKEY",
}
HEADER, SECOND = 44, 32_000


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A server that waits for connections and takes none up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def address(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}"


def nobody_came(server: socket.socket) -> bool:
    try:
        server.accept()
    except BlockingIOError:
        return True
    return False


@pytest.mark.conformance("CO-16")
@pytest.mark.parametrize(
    ("provider", "options", "request_starts", "size"),
    [
        ("azure", ["--transport", "rest"], "POST http://", SECOND),
        ("azure", ["--transport", "websocket"], "GET ws://", SECOND),
        ("bing", ["--transport", "rest"], "POST http://", SECOND),
        ("bing", ["--transport", "websocket"], "GET ws://", SECOND),
        ("soniox", [], "WebSocket ws://", SECOND),
        ("scriptix", [], "WebSocket ws://", SECOND),
        ("watson", ["--transport", "rest"], "POST http://", SECOND + HEADER),
        ("watson", ["--transport", "websocket"], "WebSocket ws://", SECOND),
        ("watson", ["--transport", "session"], "POST http://", SECOND + HEADER),
    ],
)
def test_the_request_is_printed_with_its_size_and_nobody_is_asked(
    stt: Runner,
    recording: Path,
    silent_server: socket.socket,
    provider: str,
    options: list[str],
    request_starts: str,
    size: int,
) -> None:
    done = stt(
        *("recognize", recording, "-p", provider, "--dry-run", *options),
        *("--endpoint", address(silent_server), "-v"),
        env={KEYS[provider]: SECRET},
    )
    assert (done.status, done.stderr) == (0, "")
    assert done.text.startswith(request_starts)
    assert f"127.0.0.1:{silent_server.getsockname()[1]}" in done.text
    assert done.lines[-1] == "length: 1.00 s"
    told = int(done.lines[-2].removeprefix("size: ").removesuffix(" bytes of audio"))
    assert size <= told <= size + 100  # a container's header may come on top
    assert SECRET not in done.text + done.stderr
    assert nobody_came(silent_server)


@pytest.mark.conformance("CO-16")
@pytest.mark.parametrize(
    ("provider", "seconds", "most"), [("azure", 61, 60), ("bing", 16, 15)]
)
def test_a_recording_too_long_for_rest_breaks_a_limit(
    stt: Runner,
    tmp_path: Path,
    silent_server: socket.socket,
    provider: str,
    seconds: int,
    most: int,
) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(silent_wav(seconds))
    command = [
        *("recognize", str(path), "-p", provider, "--transport", "rest"),
        *("--endpoint", address(silent_server), "--dry-run"),
    ]
    done = stt(*command)
    words = f"REST takes at most {most} s of audio, but this is {seconds} s long"
    assert done.status == 2
    assert f"length: {seconds}.00 s\nrefused: {words}\n" in done.text
    assert f"error: {words}\nhint: use --transport websocket" in done.stderr
    known = json.loads(stt(*command, "--json").text)
    assert (known["request"], known["duration"]) == (None, seconds)
    assert known["refusals"][0]["message"] == words
    assert nobody_came(silent_server)


@pytest.mark.conformance("CO-16")
@pytest.mark.parametrize(
    ("provider", "seconds", "words"),
    [
        ("soniox", 300 * 60 + 60, "Soniox accepts at most 300 minutes"),
        ("watson", 3_300, "Watson accepts at most 100 MB per request"),
    ],
)
def test_more_than_a_service_takes_is_told_with_the_request(
    stt: Runner, tmp_path: Path, provider: str, seconds: int, words: str
) -> None:
    path = tmp_path / "long.wav"
    sparse_wav(path, seconds)
    done = stt(
        *("recognize", path, "-p", provider, "--dry-run", "--json"),
        *("--transport", "websocket"),
        *("--endpoint", "http://127.0.0.1:9"),
    )
    assert done.status == 10
    known = json.loads(done.text)
    assert known["request"].startswith("WebSocket ws://")
    assert known["size"] == seconds * SECOND
    assert [each["code"] for each in known["refusals"]] == ["audio"]
    assert known["refusals"][0]["message"].startswith(words)
    assert f"error: {words}" in done.stderr


def test_a_few_bytes_are_too_little_for_watson(stt: Runner, tmp_path: Path) -> None:
    path = tmp_path / "short.wav"
    path.write_bytes(silent_wav(0.001))
    done = stt(
        *("recognize", path, "-p", "watson", "--dry-run"),
        *("--endpoint", "http://127.0.0.1:9"),
    )
    assert done.status == 10
    assert (
        "refused: Watson accepts at least 100 bytes, but this is 76 bytes" in done.text
    )


def test_the_local_engine_sends_nothing_and_says_what_it_would_do(
    stt: Runner, recording: Path
) -> None:
    done = stt("recognize", recording, "--dry-run")
    assert done.status == 0
    assert done.text.startswith("nothing would be sent: whisper recognizes")
    assert done.text.endswith("\nlength: 1.00 s\n")
    assert "size: " not in done.text


def test_several_inputs_stand_under_their_names_and_one_bad_one_gives_its_code(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "b.wav"
    bad.write_bytes(b"this is no recording at all")
    missing = tmp_path / "c.wav"
    done = stt("recognize", recording, bad, missing, "--dry-run")
    assert done.status == 10
    heads = [line for line in done.lines if line.startswith("==> ")]
    assert heads == [f"==> {path} <==" for path in (recording, bad, missing)]
    assert done.text.count("refused: ") == 2
    assert f"2 of 3 failed: {bad}, {missing}" in done.stderr
    array = json.loads(stt("recognize", recording, bad, "--dry-run", "--json").text)
    assert [bool(each["refusals"]) for each in array] == [False, True]
    lines = stt("recognize", recording, bad, "--dry-run", "-f", "jsonl").lines
    assert [json.loads(line)["input"] for line in lines] == [str(recording), str(bad)]


def test_an_address_is_not_fetched(stt: Runner, silent_server: socket.socket) -> None:
    url = f"{address(silent_server)}/a.wav"
    done = stt("recognize", url, "--dry-run")
    assert done.status == 2
    assert "refused: --dry-run cannot be used with URLs" in done.text
    assert nobody_came(silent_server)


def test_nothing_goes_into_the_ledger_and_no_file_is_written(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.json"
    assert stt("recognize", recording, "--dry-run", "-o", target).status == 0
    assert not target.exists()
    assert json.loads(stt("history", "--json").text) == []


@pytest.mark.usefixtures("parrot")
def test_a_provider_without_a_preview_says_so(stt: Runner, recording: Path) -> None:
    done = stt("recognize", recording, "-p", "parrot", "--dry-run")
    assert done.status == 2
    assert "previewing requests" in done.stderr


def test_captions_are_no_form_of_a_request(stt: Runner, recording: Path) -> None:
    done = stt("recognize", recording, "--dry-run", "-f", "srt")
    assert done.status == 2
    assert "--dry-run cannot write srt" in done.stderr


def sparse_wav(path: Path, seconds: int) -> None:
    """Write a WAV of silence that takes no room on the disk."""
    header = bytearray(silent_wav(0))
    size = seconds * SECOND
    header[4:8] = (size + 36).to_bytes(4, "little")
    header[40:44] = size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + size)


@pytest.mark.conformance("CO-16")
@pytest.mark.parametrize("provider", ["azure", "soniox"])
def test_a_submission_shows_no_secret_of_the_recordings_address(
    stt: Runner, silent_server: socket.socket, provider: str
) -> None:
    recording = "https://user:pass-word@example.org/call.wav?sig=sig-nature&x=1"
    done = stt(
        "batch", "submit", recording, "--dry-run", "-p", provider,
        "--endpoint", address(silent_server), env={KEYS[provider]: SECRET},
    )  # fmt: skip
    assert done.status == 0, done.stderr
    assert "example.org/call.wav" in done.text
    told = done.text + done.stderr
    assert not [word for word in ("pass-word", "sig-nature", SECRET) if word in told]
    assert nobody_came(silent_server)
