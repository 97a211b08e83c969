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


def test_a_pipe_gets_a_row_a_line_without_header_or_colour() -> None:
    seen = show(LIST, stdout_piped=True, env={"FORCE_COLOR": "1"})
    assert seen.piped.decode() == (
        "9f4ffa5113a846eba289aa98b28e766f\tfailed\t12.5\n"
        "[b]x[/b]\\x1b[2J\ttwo parts\t\n"
    )


@pytest.mark.conformance("CO-06")
def test_a_terminal_gets_a_table_with_nothing_obeyed() -> None:
    seen = show(LIST)
    assert seen.rows[0].split() == ["id", "state", "seconds"]
    assert seen.rows[2].split() == [
        "9f4ffa5113a846eba289aa98b28e766f",
        "failed",
        "12.5",
    ]
    assert seen.rows[3].split() == [r"[b]x[/b]\x1b[2J", "two", "parts"]
    assert "\x1b[31mfailed" in seen.raw


def test_ids_are_folded_and_never_cut() -> None:
    seen = show(LIST, columns=40)
    assert "9f4ffa5113a846eba289aa98b28e766f" in "".join(
        row.split(" ")[0] for row in seen.rows[2:5]
    )


def test_no_colour_means_no_colour() -> None:
    assert "\x1b[31m" not in show(LIST, env={"NO_COLOR": "1"}).raw
