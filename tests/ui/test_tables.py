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
    environment,
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
    assert JOB in show(LIST, columns=60).rows[1]
    assert JOB in show(LIST, columns=34).rows
    folded = show(LIST, columns=30).rows
    assert JOB in "".join(row.split(" ")[0] for row in folded)


HISTORY = r"""
from stt_cli.ui.tables import Column, print_table
print_table(
    [
        Column("when", whole=True),
        Column("command", roomy=True),
        Column("id", whole=True),
        Column("input", tail=True),
        Column("nothing"),
        Column("reason", wraps=True),
    ],
    [
        ("12-01 03:06", "recognize", "9f4ffa5113a846eba289aa98b28e766f",
         "/recordings/monday.wav", None,
         "the service refused the key that it was given"),
        ("12-01 03:05", "recognize", "", "b.wav", None, None),
    ],
    environment,
)
"""


def test_a_table_that_fits_has_all_its_columns_and_no_empty_one() -> None:
    rows = show(HISTORY, columns=200).rows
    assert rows[0].split() == ["when", "command", "id", "input", "reason"]
    assert rows[1].endswith("the service refused the key that it was given")
    assert rows[2].split() == ["12-01", "03:05", "recognize", "b.wav"]


def test_where_there_is_less_room_sentences_move_below_their_row() -> None:
    rows = show(HISTORY, columns=70).rows
    assert rows[0].split() == ["when", "id", "input"]
    assert rows[1] == f"12-01 03:06  {JOB}  /recordings/monday.wav"
    assert rows[2] == "  the service refused the key that it was given"
    assert rows[3].split() == ["12-01", "03:05", "b.wav"]


def test_where_there_is_little_room_each_row_is_a_record() -> None:
    assert show(HISTORY, columns=38).text.splitlines() == [
        "when     12-01 03:06",
        "command  recognize",
        "id",
        JOB,
        "input    /recordings/monday.wav",
        "reason   the service refused the key",
        "         that it was given",
        "",
        "when     12-01 03:05",
        "command  recognize",
        "input    b.wav",
    ]


@pytest.mark.parametrize("columns", [20, 38, 60, 80, 100, 200])
def test_no_row_is_wider_than_the_terminal(columns: int) -> None:
    seen = show(HISTORY, columns=columns)
    printed = seen.raw.replace("\x1b[1m", "").replace("\x1b[0m", "").split("\r\n")
    assert max(map(len, printed)) <= max(columns, len(JOB))


def test_no_color_means_no_color() -> None:
    assert "\x1b[31m" not in show(LIST, env={"NO_COLOR": "1"}).raw


def test_of_a_path_the_end_is_shown_and_a_sentence_wraps() -> None:
    seen = show(
        """
from stt_cli.ui.tables import Column, print_table
print_table(
    [Column("id", whole=True), Column("input", tail=True), Column("more", roomy=True)],
    [("9f4ffa5113a846eba289aa98b28e766f", "/recordings/of/monday/call.wav", "x")],
    environment,
)
print_table(
    [Column("name"), Column("what", wraps=True)],
    [("azure", "needs a key and a region before it can do anything at all")],
    environment,
)
""",
        columns=46,
    )
    assert seen.rows[0].split() == ["id", "input"]
    assert seen.rows[1] == f"{JOB}  …ay/call.wav"
    assert " ".join(seen.text.split()).endswith("before it can do anything at all")


def test_an_empty_list_leaves_stdout_empty_and_says_so() -> None:
    seen = show(
        """
from stt_cli.ui.tables import print_table
print_table([], [], environment, empty="nothing is here")
""",
        stdout_piped=True,
    )
    assert (seen.piped, seen.text) == (b"", "notice: nothing is here")
