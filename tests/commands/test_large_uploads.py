"""Recordings far larger than memory allows are uploaded in little of it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from benchmarks.pairs import run_once
from benchmarks.servers import serving
from benchmarks.upload import KEYS, ROUTES, write_sparse_wav

MOST_MEGABYTES = 80
LARGE = 150_000_000  # bytes: far more than that, and quick
STT = [sys.executable, "-m", "stt_cli"]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """A server that takes every upload and throws it away."""
    with serving("benchmarks.discarding") as (url, _):
        yield url


def peak_of_submitting(path: Path, route: str, service: str, home: Path) -> float:
    """Return the megabytes of a process of its own that submits a recording."""
    submit = ["batch", "submit", str(path), "-p", *ROUTES[route]]
    command = [*STT, *submit, "--endpoint", service]
    return run_once(command, {**KEYS, "STT_HOME": str(home)}).memory


@pytest.mark.conformance("CO-07")
def test_two_gigabytes_are_uploaded_in_constant_memory(
    service: str, tmp_path: Path
) -> None:
    path = tmp_path / "long.wav"
    write_sparse_wav(path, 2_000_000_000)
    peak = peak_of_submitting(path, "scriptix-blob", service, tmp_path / "home")
    assert peak < MOST_MEGABYTES


@pytest.mark.conformance("CO-07")
@pytest.mark.parametrize("route", ROUTES)
def test_no_way_into_a_service_reads_a_recording_whole(
    service: str, tmp_path: Path, route: str
) -> None:
    path = tmp_path / "long.wav"
    write_sparse_wav(path, LARGE)
    assert peak_of_submitting(path, route, service, tmp_path / "home") < MOST_MEGABYTES


@pytest.mark.conformance("CO-07")
@pytest.mark.parametrize(
    "head", [b"\0\0\0\x20ftypisom", b"ID3\x04\0\0\0\0\0\0"], ids=["mp4", "broken mp3"]
)
def test_what_cannot_be_decoded_here_is_not_read_whole_either(
    service: str, tmp_path: Path, head: bytes
) -> None:
    path = tmp_path / "long.bin"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(LARGE)
    peak = peak_of_submitting(path, "soniox", service, tmp_path / "home")
    assert peak < MOST_MEGABYTES


@pytest.mark.conformance("CO-07")
def test_a_recording_from_a_pipe_goes_through_and_does_not_pile_up(
    service: str, tmp_path: Path
) -> None:
    path, pipe = tmp_path / "long.wav", tmp_path / "pipe"
    write_sparse_wav(path, LARGE)
    os.mkfifo(pipe)
    feeder = Thread(target=feed, args=(path, pipe), daemon=True)
    feeder.start()
    peak = peak_of_submitting(pipe, "watson", service, tmp_path / "home")
    feeder.join(10)
    assert peak < MOST_MEGABYTES


def feed(path: Path, pipe: Path) -> None:
    with path.open("rb") as recording, pipe.open("wb") as end:
        shutil.copyfileobj(recording, end)
