"""``stt compare``: providers side by side, and a limit for CI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.emulating import emulated


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, str]]:
    """Two services that hear different things, by the variables that name them."""
    with (
        emulated("azure", transcripts=("The cat sat on the mat.",), key=None) as azure,
        emulated("soniox", transcripts=("The bat sat on mat.",), key=None) as soniox,
    ):
        yield {"STT_AZURE_ENDPOINT": azure.url, "STT_SONIOX_ENDPOINT": soniox.url}


BOTH = ["-p", "azure", "-p", "soniox"]


@pytest.mark.conformance("CO-30")
def test_a_row_a_provider_and_the_differences_marked(
    stt: Runner, services: dict[str, str], recording: Path
) -> None:
    done = stt("compare", recording, *BOTH, env=services)
    assert done.status == 0, done.stderr
    rows = [line.split("\t") for line in done.lines if "\t" in line]
    assert [(row[0], row[-1]) for row in rows] == [
        ("azure", "The cat sat on the mat."),
        ("soniox", "The bat sat on mat."),
    ]
    assert all(row[1].endswith(" s") for row in rows)
    assert done.lines[-2:] == [
        "soniox:",
        "the [-cat-] {+bat+} sat on [-the-] mat",
    ]
    assert "session id: " in done.stderr
    assert f"(azure: {recording})" in done.stderr


def test_a_reference_gives_rates_and_a_limit(
    stt: Runner, services: dict[str, str], recording: Path, tmp_path: Path
) -> None:
    (tmp_path / "said.txt").write_text("the cat sat on the mat")
    wanted = ["compare", recording, *BOTH, "--reference", tmp_path / "said.txt"]
    done = stt(*wanted, "--json", env=services)
    assert [one["wer"] for one in json.loads(done.text)] == [0, pytest.approx(1 / 3)]
    assert stt(*wanted, "--fail-above", "0.4", env=services).status == 0
    failed = stt(*wanted, "--fail-above", "0.3", env=services)
    assert failed.status == 11
    assert "soniox: word error rate 33.3% is above 30.0%" in failed.stderr


def test_a_provider_that_fails_stops_no_other(
    stt: Runner, services: dict[str, str], recording: Path
) -> None:
    env = {**services, "STT_AZURE_ENDPOINT": "http://127.0.0.1:9"}
    done = stt("compare", recording, *BOTH, "--json", env=env)
    assert done.status == 8
    first, second = json.loads(done.text)
    assert first["transcript"]["error"]["code"] == "unreachable"
    assert second["text"] == "The bat sat on mat."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.wav", "-p", "azure"], "two providers"),
        (["a.wav", "-p", "azure", "-p", "azure"], "given twice"),
        (["-", *BOTH], "cannot compare stdin"),
        (["a.wav", *BOTH, "--fail-above", "0.1"], "requires --reference"),
        (
            ["a.wav", "b.wav", *BOTH, "--reference", "a.txt"],
            "but 2 were given",
        ),
        (["a.wav", *BOTH, "--reference", "none.txt"], "cannot read 'none.txt'"),
        (["a.wav", "-p", "local", "-p", "nobody"], "unknown provider 'nobody'"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_any_request(
    stt: Runner, services: dict[str, str], arguments: list[str], words: str
) -> None:
    done = stt("compare", *arguments, env=services)
    assert (done.status, done.text) == (2, "")
    assert words in done.stderr
    assert "session id" not in done.stderr


def test_the_language_of_the_settings_holds_here_too(
    stt: Runner, services: dict[str, str], recording: Path
) -> None:
    env = {**services, "STT_LANGUAGE": "de-DE"}
    done = stt("compare", recording, *BOTH, "--json", env=env)
    languages = {one["transcript"]["language"] for one in json.loads(done.text)}
    assert "de-DE" in languages
