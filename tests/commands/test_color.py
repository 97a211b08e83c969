"""``--color``: wherever it stands, for every command, over what variables say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Runner


@pytest.mark.parametrize("place", ["before", "behind", "joined"])
def test_always_colors_a_pipe(stt: Runner, place: str) -> None:
    words = {
        "before": ["--color", "always", "recognize", "none.wav"],
        "behind": ["recognize", "none.wav", "--color", "always"],
        "joined": ["recognize", "--color=always", "none.wav"],
    }[place]
    done = stt(*words, env={"NO_COLOR": "1"})
    assert "\x1b[1;31merror\x1b[0m: none.wav" in done.stderr


def test_never_colors_no_terminal(stt_terminal: Runner) -> None:
    colored = stt_terminal("providers", "--color", "auto")
    plain = stt_terminal("providers", "--color", "never", env={"FORCE_COLOR": "1"})
    assert "\x1b[1m" in colored.text
    assert "\x1b[1m" not in plain.text


def test_another_word_is_a_usage_error(stt: Runner) -> None:
    for words in (["--color", "blue", "providers"], ["providers", "--color"]):
        done = stt(*words)
        assert done.status == 2
        assert "for --color\nhint: choose from auto, always, never\n" in done.stderr


def test_behind_two_dashes_it_is_a_text(stt: Runner, tmp_path: Path) -> None:
    done = stt("tts", "-o", tmp_path / "a.wav", "--", "--color", "blue")
    assert done.status == 0
