"""Lists: a table for a person, tab-separated values for a program."""

from __future__ import annotations

import pytest

from tests.ui.terminal import show

JOB = "9f4ffa5113a846eba289aa98b28e766f"
LIST = r"""
from stt_cli.ui.tables import Cell, Column, print_table
print_table(
    [Column("id", whole=True), Column("state"), Column("seconds", right=True)],
    [
        ("9f4ffa5113a846eba289aa98b28e766f", Cell("failed", "red"), 12.5),
        ("[b]x[/b]\x1b[2J", "two\tparts\n", None),
    ],
    world,
)
"""


def test_a_pipe_gets_a_row_a_line_without_header_or_color() -> None:
    seen = show(LIST, stdout_piped=True, env={"FORCE_COLOR": "1"})
    assert seen.piped.decode() == (
        "9f4ffa5113a846eba289aa98b28e766f\tfailed\t12.5\n"
        "[b]x[/b]\\x1b[2J\ttwo parts\t\n"
    )


@pytest.mark.conformance("CO-06")
def test_a_terminal_gets_a_table_with_nothing_obeyed() -> None:
    seen = show(LIST)
    assert seen.rows[0].split() == ["id", "state", "seconds"]
    assert seen.rows[1].split() == [
        "9f4ffa5113a846eba289aa98b28e766f",
        "failed",
        "12.5",
    ]
    assert seen.rows[2].split() == [r"[b]x[/b]\x1b[2J", "two", "parts"]
    assert "\x1b[31mfailed" in seen.raw


def test_ids_are_folded_and_never_cut() -> None:
    assert JOB in show(LIST, columns=44).rows[1]
    folded = show(LIST, columns=30).rows[1:4]
    assert JOB in "".join(row.split(" ")[0] for row in folded)


def test_no_color_means_no_color() -> None:
    assert "\x1b[31m" not in show(LIST, env={"NO_COLOR": "1"}).raw


def test_of_a_path_the_end_is_shown_and_a_sentence_wraps() -> None:
    seen = show(
        """
from stt_cli.ui.tables import Column, print_table
print_table(
    [Column("id", whole=True), Column("input", tail=True), Column("more", roomy=True)],
    [("9f4ffa5113a846eba289aa98b28e766f", "/recordings/of/monday/call.wav", "x")],
    world,
)
print_table(
    [Column("name"), Column("what", wraps=True)],
    [("azure", "needs a key and a region before it can do anything at all")],
    world,
)
""",
        columns=50,
    )
    assert seen.rows[0].split() == ["id", "input"]
    assert seen.rows[1] == f"{JOB}  …monday/call.wav"
    assert " ".join(seen.text.split()).endswith("before it can do anything at all")


def test_an_empty_list_leaves_stdout_empty_and_says_so() -> None:
    seen = show(
        """
from stt_cli.ui.tables import print_table
print_table([], [], world, empty="nothing is here")
""",
        stdout_piped=True,
    )
    assert (seen.piped, seen.text) == (b"", "notice: nothing is here")
