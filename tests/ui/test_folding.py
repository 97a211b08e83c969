"""Lines on a terminal break between words, and commands stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.ui.style import folded, width_of
from tests.ui.terminal import show


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("abcdefghijkl m", ["abcdefghijkl", "m"]),
        ("do `stt poll --all` now", ["do", "`stt poll --all`", "now"]),
        (
            "to continue, run: stt poll ID -o out/",
            ["to", "continue,", "run:", "stt poll ID -o out/"],
        ),
        ("会議 議事録 書", ["会議", "議事録 書"]),
        ("\x1b[31mone\x1b[0m two", ["\x1b[31mone\x1b[0m two"]),
    ],
)
def test_a_line_breaks_between_words(text: str, lines: list[str]) -> None:
    assert folded(text, 9).split("\n") == lines


def test_parts_are_kept_together_where_there_is_room() -> None:
    text = "session id: 1234 · request id: 5678 · tag: 9"
    assert folded(text, 34, joint=" · ").split("\n") == [
        "session id: 1234 ·",
        "request id: 5678 · tag: 9",
    ]


def test_a_pipe_has_no_width() -> None:
    assert folded("one two three", None) == "one two three"


@given(st.lists(st.text("ab`` é字", max_size=8)).map(" ".join), st.integers(1, 30))
def test_folding_changes_nothing_but_blanks(text: str, columns: int) -> None:
    assert folded(text, columns).split() == text.split()
    if width_of(text) <= columns:
        assert folded(text, columns) == text


def test_hints_notices_and_ids_break_between_words() -> None:
    seen = show(
        """
reporter.ids(Identifiers.of(session_id="a" * 32, request_id="b" * 32))
text = "the recording is shorter than it says it is"
reporter.notice(Notice(text, hint="try again"))
hint = "to continue, run: stt poll 12345678-1234-1234-1234-12345678"
reporter.warning("no result yet", hint)
""",
        columns=38,
    )
    assert seen.rows[:8] == [
        "session id:",
        f"{'a' * 32} ·",
        "request id:",
        "b" * 32,
        "notice: the recording is shorter than",
        "it says it is",
        "hint: try again",
        "warning: no result yet",
    ]
    # The command is one line to the terminal, however often that folds it.
    assert "\r\nstt poll 12345678-1234-1234-1234-12345678\r\n" in seen.raw
