"""Several files: a request each by default, one for all when asked for."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import silent_wav
from tests.emulating import emulated
from tests.loopback import Answer, Received, serving
from tests.providers.watson.conftest import Shell

SAID = ("good day | how are you",)
TOGETHER = ("--together", "--transport", "rest")


def wavs(folder: Path, count: int = 3) -> list[Path]:
    paths = [folder / f"{number}.wav" for number in range(count)]
    for path in paths:
        path.write_bytes(silent_wav(2.0))
    return paths


@pytest.mark.conformance("WA-02")
def test_files_asked_for_together_are_one_chunked_form_each_with_its_results(
    shell: Shell, tmp_path: Path
) -> None:
    paths = wavs(tmp_path)
    with emulated("watson", transcripts=SAID) as emulator:
        known = shell.json(
            emulator, "recognize", *paths, *TOGETHER, "--param=keywords=day",
            "--param=keywords_threshold=0.5",
        )  # fmt: skip
        (sent,) = emulator.all("recognize")
        (metadata,) = emulator.all("metadata")
    assert sent["chunked"]
    assert sent["content_type"].startswith("multipart/form-data; boundary=")
    assert sent["query"] == "model=en-US"
    assert metadata["keywords"] == ["day"]
    assert [each["input"] for each in known] == [str(path) for path in paths]
    assert [each["text"] for each in known] == ["good day how are you"] * 3
    # Times begin again with each file.
    assert [each["segments"][0]["start"] for each in known] == [0.0] * 3
    assert len({each["ids"]["transaction_id"] for each in known}) == 1
    assert len(known[1]["details"]["keywords_result"]) == 1


@pytest.mark.conformance("WA-02")
def test_the_bytes_of_the_form_are_those_of_the_document(
    shell: Shell, tmp_path: Path
) -> None:
    paths = wavs(tmp_path, 2)
    with serving() as service:

        def play(request: Received) -> Answer:
            if request.target == "/identity/token":
                return Answer(200, b'{"access_token": "a.b.c", "expires_in": 3600}')
            return Answer(200, b'{"results": [], "result_index": 0}')

        service.play = play
        shell(service, "recognize", *paths, *TOGETHER)  # type: ignore[arg-type]
        request = service.received[-1]
    assert request.header("Transfer-Encoding") == "chunked"
    assert request.header("Content-Length") is None
    boundary = (request.header("Content-Type") or "").partition("boundary=")[2]
    parts = request.body.split(f"--{boundary}".encode())[1:-1]
    heads = [part.partition(b"\r\n\r\n")[0] for part in parts]
    bodies = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts]
    assert b'name="metadata"' in heads[0]
    assert all(b'name="upload"' in head for head in heads[1:])
    assert json.loads(bodies[0]) == {
        "part_content_type": "audio/wav",
        "data_parts_count": 2,
        "timestamps": True,
    }
    assert bodies[1:] == [path.read_bytes() for path in paths]


@pytest.mark.conformance("WA-02")
def test_mixed_formats_are_refused_before_anything_is_sent(
    shell: Shell, tmp_path: Path
) -> None:
    import soundfile

    (wav,) = wavs(tmp_path, 1)
    flac = tmp_path / "other.flac"
    soundfile.write(flac, [0.0] * 16_000, 16_000)
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, flac, *TOGETHER)
        assert emulator.all("recognize") == []
    assert done.status == 2
    assert "same format, not audio/wav and audio/flac" in done.stderr
    assert "remove --together" in done.stderr


@pytest.mark.conformance("WA-02")
@pytest.mark.parametrize("at_once", [1, 4])
def test_by_default_each_file_is_its_own_request_some_at_a_time(
    shell: Shell, tmp_path: Path, at_once: int
) -> None:
    paths = wavs(tmp_path, 4)
    shell.variables = {"SPEECH_TO_TEXT_BEARER_TOKEN": "made-up"}
    jobs = ("-j", str(at_once)) if at_once > 1 else ()
    all_there = threading.Barrier(at_once)
    with serving() as service:

        def play(_request: Received) -> Answer:
            all_there.wait(timeout=10)  # so many are under way at once
            return Answer(200, answer((0.1, 0.5)))

        service.play = play
        done = shell(
            service,  # type: ignore[arg-type]
            "recognize", *paths, "--transport", "rest", *jobs,
        )  # fmt: skip
    assert done.status == 0, done.stderr
    sent = [request.body for request in service.received]
    assert sent == [path.read_bytes() for path in paths]


@pytest.mark.parametrize("transport", ["websocket", "session"])
def test_side_by_side_each_has_a_connection_of_its_own(
    shell: Shell, tmp_path: Path, transport: str
) -> None:
    paths = wavs(tmp_path, 4)
    with emulated("watson", transcripts=SAID, delay=0.3) as emulator:
        done = shell(emulator, "recognize", *paths, "--transport", transport, "-j", "2")
        opened = emulator.all("socket" if transport == "websocket" else "session")
        deleted = emulator.all("deleted")
    assert done.status == 0, done.stderr
    assert done.text.count("how are you") == 4
    assert len(opened) == 2
    assert len(deleted) == (2 if transport == "session" else 0)


def answer(*times: tuple[float, float]) -> bytes:
    results: list[Any] = [
        {
            "final": True,
            "alternatives": [
                {"transcript": f"word {at} ", "timestamps": [["word", start, end]]}
            ],
        }
        for at, (start, end) in enumerate(times)
    ]
    return json.dumps({"results": results, "result_index": 0}).encode()


@pytest.mark.conformance("WA-02")
def test_results_of_no_certain_file_are_kept_and_said(
    shell: Shell, tmp_path: Path
) -> None:
    paths = wavs(tmp_path, 2)
    shell.variables = {"SPEECH_TO_TEXT_BEARER_TOKEN": "made-up"}
    with serving() as service:
        service.play = lambda _request: Answer(200, answer((0.1, 0.5)))
        done = shell(
            service,  # type: ignore[arg-type]
            "recognize", *paths, *TOGETHER, "--json", "--allow-empty",
        )  # fmt: skip
    first, second = json.loads(done.stdout)
    assert (first["text"], second["text"]) == ("word 0", "")
    assert "does not say which files 1 of the 1 results belong to" in done.stderr


@pytest.mark.conformance("WA-02")
def test_one_failure_is_every_files_failure_with_its_ids(
    shell: Shell, tmp_path: Path
) -> None:
    paths = wavs(tmp_path, 2)
    with emulated("watson", "status:413", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", *paths, *TOGETHER)
    assert done.status == 10
    assert "transaction id: " in done.stderr
    for path in paths:
        assert f"error: {path}: Watson: " in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--together", "--transport", "session"), "--together cannot be used with"),
        (("--together", "--interim"), "all results at the end"),
        (("--together", "--speakers"), "start over with each file"),
        (("--together", "--mic"), "cannot be used with --mic"),
    ],
)
def test_what_one_request_cannot_do_is_refused(
    shell: Shell, tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    paths = [] if "--mic" in arguments else wavs(tmp_path, 2)
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", *paths, *arguments)
        assert emulator.all("recognize") == []
    assert done.status == 2
    assert word in done.stderr


def test_a_provider_without_it_says_so(shell: Shell, wav: Path) -> None:
    with emulated("watson") as emulator:
        done = shell(emulator, "recognize", wav, "--together", "-p", "local")
    assert done.status == 2
    assert "does not support several inputs in one request (--together)" in done.stderr
