"""Lists of what a provider offers: a table, lines in a pipe, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.language_tags import matches_language
from tests.commands.conftest import silent_wav
from tests.conftest import Runner


@pytest.mark.usefixtures("parrot")
class TestWithAProvider:
    def test_a_pipe_gets_one_model_a_line_parted_by_tabs(self, stt: Runner) -> None:
        done = stt("models", "-p", "parrot")
        assert done.lines == ["gray\ten-US en-GB\tAfrican gray", "ara\tpt-BR\t"]

    def test_models_are_chosen_by_language_and_its_varieties(self, stt: Runner) -> None:
        done = stt("models", "-p", "parrot", "-l", "EN", "--json")
        assert [model["id"] for model in json.loads(done.text)] == ["gray"]

    def test_one_model_may_be_named(self, stt: Runner) -> None:
        assert stt("models", "ara", "-p", "parrot").lines == ["ara\tpt-BR\t"]
        unknown = stt("models", "crow", "-p", "parrot")
        assert unknown.status == 5
        assert "parrot has no model named crow" in unknown.stderr

    def test_languages_of_a_mode_include_those_of_unknown_modes(
        self, stt: Runner
    ) -> None:
        done = stt("languages", "-p", "parrot", "--mode", "conversation", "--json")
        assert [known["tag"] for known in json.loads(done.text)] == ["en-US", "sw"]

    def test_nothing_that_matches_is_exit_5(self, stt: Runner) -> None:
        done = stt("models", "-p", "parrot", "-l", "de", "--json")
        assert (done.status, json.loads(done.text)) == (5, [])
        assert "models match" in done.stderr


def test_a_provider_without_such_a_list_is_a_usage_error(stt: Runner) -> None:
    done = stt("models", "-p", "bing")
    assert done.status == 2
    assert "bing does not support listing models" in done.stderr


@given(st.sampled_from(["en", "en-US", "EN-us"]))
def test_tags_compare_without_case_and_by_language(wanted: str) -> None:
    assert matches_language(wanted, ["de-DE", "en-us"])
    assert matches_language(wanted, ["EN"])
    assert not matches_language(wanted, ["eng", "de"])
    assert matches_language(None, [])


def test_what_is_refused_before_any_work_has_no_session(
    stt: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(silent_wav(0.2))
    refused = stt("recognize", path, "-p", "local", "-l", "xx")
    assert refused.status == 2
    assert "session id" not in refused.stderr
