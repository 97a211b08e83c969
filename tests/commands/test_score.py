"""``stt score``: error rates in a table, in JSON, and as an exit code for CI."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.test_convert import RESULT
from tests.conftest import Runner


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    path = tmp_path / "reference.txt"
    path.write_text("The cat sat on the mat.\n", encoding="utf-8")
    return path


@pytest.fixture
def result(tmp_path: Path) -> Path:
    path = tmp_path / "result.srt"
    text = "1\n00:00:00,000 --> 00:00:01,000\nthe bat sat on mat\n"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_tells_the_rates_and_the_errors(
    stt: Runner, reference: Path, result: Path
) -> None:
    done = stt("score", reference, result)
    assert done.status == 0
    name, wer, _cer, *counts = done.lines[0].split("\t")
    assert (name, wer) == (str(result), "33.3%")
    assert counts == ["1", "1", "0", "6", "basic"]


@pytest.mark.conformance("CO-30")
def test_the_differences_are_marked_as_git_marks_words(
    stt: Runner, reference: Path, result: Path
) -> None:
    marked = "the [-cat-] {+bat+} sat on [-the-] mat"
    assert marked in stt("score", reference, result).lines
    hidden = stt("score", reference, result, "--no-alignment")
    assert marked not in hidden.lines


def test_a_terminal_gets_a_header_and_colors(
    stt_terminal: Runner, reference: Path, result: Path
) -> None:
    text = stt_terminal("score", str(reference), str(result)).text
    assert "WER" in text
    assert "\x1b[32mbat" in text


def test_json_has_the_alignment(stt: Runner, reference: Path, result: Path) -> None:
    (found,) = json.loads(stt("score", reference, result, "--json").text)
    assert found["wer"] == pytest.approx(1 / 3, abs=1e-5)
    assert found["alignment"][1] == {
        "type": "substituted",
        "reference": "cat",
        "hypothesis": "bat",
    }


@pytest.mark.parametrize(("limit", "status"), [("0.4", 0), ("0.3", 11), ("0", 11)])
def test_a_limit_decides_the_exit_code(
    stt: Runner, reference: Path, result: Path, limit: str, status: int
) -> None:
    done = stt("score", reference, result, "--fail-above", limit)
    assert done.status == status
    assert ("is above" in done.stderr) == (status == 11)


def test_without_normalization_case_counts(
    stt: Runner, reference: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("the cat sat on the mat")
    rows = [
        stt("score", reference, tmp_path / "a.txt", "--normalize", how).lines[0]
        for how in ("basic", "none")
    ]
    assert [row.split("\t")[1] for row in rows] == ["0.0%", "33.3%"]


def test_an_empty_reference_and_a_binary_result_are_refused(
    stt: Runner, reference: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_text("...")
    assert stt("score", tmp_path / "empty.txt", reference).status == 2
    (tmp_path / "a.bin").write_bytes(b"\x00\xff\xfe")
    done = stt("score", reference, tmp_path / "a.bin")
    assert done.status == 2
    assert "is not a text file" in done.stderr


def test_the_results_of_several_recordings_are_not_scored_as_one(
    stt: Runner, tmp_path: Path
) -> None:
    several = [{**RESULT, "input": name} for name in ("a.wav", "b.wav")]
    (tmp_path / "two.json").write_text(json.dumps(several))
    (tmp_path / "said.txt").write_text("good evening")
    refused = stt("score", tmp_path / "said.txt", tmp_path / "two.json")
    assert refused.status == 2
    assert "contains the results of 2 recordings" in refused.stderr
