"""A job is not lost by one look at the wrong place; case 03."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Runner
from tests.emulating import Emulated, emulated

VERSION = "api-version=2024-11-15"
URL = "https://recordings.example/monday.wav"


@pytest.fixture
def places(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[Emulated, Emulated]]:
    """Two services of Azure's; the second stands for another region."""
    monkeypatch.chdir(tmp_path)
    with emulated("azure", key=None) as here, emulated("azure", key=None) as there:
        yield here, there


def submit(stt: Runner, service: Emulated) -> str:
    done = stt("batch", "submit", URL, "-p", "azure", "--endpoint", service.url, "-q")
    assert done.status == 0, done.stderr
    return done.text.strip()


def history(stt: Runner) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(stt("history", "--json").text)
    return found


def is_collected(stt: Runner) -> bool:
    done = stt("poll", "--all", "-o", "res/", "--interval", "0.05")
    assert done.status == 0, done.stderr
    return [path.name for path in Path("res").glob("*")] == ["monday.txt"]


@pytest.mark.conformance("CO-24")
def test_a_404_of_another_place_leaves_the_job_open(
    stt: Runner, places: tuple[Emulated, Emulated]
) -> None:
    here, there = places
    job = submit(stt, here)
    looked = stt("status", job, "-p", "azure", "--endpoint", there.url)
    assert looked.status == 5
    assert f"submitted to {here.url}" in looked.stderr
    assert "stays open" in looked.stderr
    deleted = stt("batch", "delete", job, "-p", "azure", "--endpoint", there.url)
    assert deleted.status == 0  # Azure answers 204 whether or not it knew the job
    assert is_collected(stt)


def test_a_404_of_its_own_place_ends_it(
    stt: Runner, places: tuple[Emulated, Emulated]
) -> None:
    here, _ = places
    job = submit(stt, here)
    gone = httpx.delete(f"{here.url}/speechtotext/transcriptions/{job}?{VERSION}")
    assert gone.status_code == 204
    assert stt("status", job).status == 5
    (row,) = history(stt)
    assert (row["status"], row["ended"] is None) == ("not found", False)


def test_an_id_in_the_other_case_is_asked_for_as_it_was_given(
    stt: Runner, places: tuple[Emulated, Emulated]
) -> None:
    here, _ = places
    job = submit(stt, here)
    assert job != job.upper()
    looked = stt("status", job.upper())
    assert looked.status == 0, looked.stderr
    assert is_collected(stt)


def test_a_job_that_was_thought_gone_is_open_again_when_it_is_seen(
    stt: Runner, places: tuple[Emulated, Emulated], stt_home: Path
) -> None:
    here, _ = places
    job = submit(stt, here)
    # As a version that believed any 404 has left it.
    with sqlite3.connect(stt_home / "state" / "ledger.sqlite") as ledger:
        ledger.execute(
            "UPDATE operations SET status = 'not found', error_code = 'not_found', "
            "error = 'no such job', ended = '2026-11-30T00:00:00.000Z'"
        )
    ledger.close()
    assert stt("status").text == ""
    assert stt("status", job).status == 0
    (row,) = history(stt)
    assert (row["ended"], row["error"]) == (None, None)
    assert is_collected(stt)
    (row,) = history(stt)
    assert (row["status"], row["ended"] is None) == ("succeeded", False)
