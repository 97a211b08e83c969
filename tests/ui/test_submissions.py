"""The live table of a submission: all of few rows, of many those that matter."""

from __future__ import annotations

import re

import pytest

from tests.ui.terminal import Seen, show

ID = "00000000-0000-4000-8000-000000000001"
SCRIPT = f"""
from stt_cli.ui.submissions import End
names = [f"calls/monday/recording-{{i:04}}.wav" for i in range(%d)]
with reporter.submissions(names) as table:
    def end(index, end, words="{ID}"):
        table.end(index, end, words)
    def upload(index, done=1e6, total=4e6):
        table.step(index, "uploading")
        table.at(index).update(done, total, "bytes")
    %s
    leave()
"""


def seen(count: int, script: str, **more: object) -> Seen:
    lines = "\n    ".join(script.strip().splitlines())
    return show(SCRIPT % (count, lines), **more)  # type: ignore[arg-type]


FIVE = """
end(0, End.CREATED)
end(1, End.KNOWN)
end(2, End.FAILED, "Azure refused the key, and explained at length why it did so")
upload(3)
"""


@pytest.mark.parametrize("columns", [80, 120])
def test_ids_are_whole_and_rows_are_not_wrapped(columns: int) -> None:
    rows = seen(5, FIVE, columns=columns).text.splitlines()
    assert len(rows) == 7
    assert [row.split()[1] for row in rows[:5]] == [
        "created",
        "known",
        "failed",
        "uploading",
        "waiting",
    ]
    assert rows[0].endswith(ID)
    assert rows[2].split("failed", 1)[1].strip().startswith("Azure refused the key")
    assert re.search(r" 25% +1.0 of 4.0 MB", rows[3])
    assert rows[5] == (
        "3 of 5 done: 1 created, 1 known, 1 failed, 1 in progress, 1 waiting"
    )
    assert rows[6].startswith("0:0")


def test_of_thousands_the_last_done_and_those_under_way_are_shown() -> None:
    script = """
for index in range(3000):
    end(index, End.CREATED)
for index in range(3000, 3016):
    upload(index)
"""
    rows = seen(5000, script).text.splitlines()
    assert len(rows) == 14
    assert [row.split()[0][-8:] for row in rows[:5]] == [
        "2996.wav",
        "2997.wav",
        "2998.wav",
        "2999.wav",
        "3000.wav",
    ]
    told = "3,000 of 5,000 done: 3,000 created, 16 in progress, 1,984 waiting"
    assert rows[-2] == told


def test_one_recording_has_one_row() -> None:
    assert len(seen(1, "upload(0)").text.splitlines()) == 1


@pytest.mark.parametrize("columns", [20, 30, 50])
def test_a_narrow_terminal_wraps_nothing(columns: int) -> None:
    assert len(seen(5, FIVE, columns=columns).text.splitlines()) == 7


def test_a_low_terminal_keeps_the_totals() -> None:
    rows = seen(12, FIVE, rows=6).text.splitlines()
    assert len(rows) == 5
    assert "3 of 12 done" in rows[-2]


def test_it_leaves_no_trace() -> None:
    script = """
with reporter.submissions(["a.wav", "b.wav"]) as table:
    table.step(0, "uploading")
print("done")
"""
    assert show(script).text == "done"


def test_without_color_it_has_none() -> None:
    plain = seen(5, FIVE, env={"NO_COLOR": "1"})
    assert "\x1b[3" not in plain.raw
    assert plain.text.splitlines()[1].split()[1] == "known"


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": "unknown"}])
def test_nothing_is_drawn_where_nothing_can_be(env: dict[str, str]) -> None:
    assert seen(5, FIVE, env=env).raw == ""


def test_a_recording_cannot_command_the_terminal() -> None:
    script = 'end(0, End.FAILED, "\\x1b[2J[red]no[/]\\nmore")'
    shown = seen(5, script).text
    assert r"\x1b[2J[red]no[/] more" in shown


@pytest.mark.parametrize("columns", [80, 120])
def test_speed_and_time_left_stand_where_there_is_room(columns: int) -> None:
    script = """
for second in range(11):
    object.__setattr__(environment, "monotonic", lambda: 100.0 + second)
    upload(0, (1 + second) * 1e6, 40e6)
"""
    rows = seen(2, script, columns=columns).text.splitlines()
    assert re.search(r" 28% +11.0 of 40.0 MB +1.0 MB/s +0:29 left$", rows[0])
    assert ("━" in rows[0]) is (columns > 80)
    assert rows[-1].endswith("  11.0 MB  1.0 MB/s")


def test_with_sizes_the_time_left_for_all_is_told() -> None:
    script = """
with reporter.submissions(["a", "b"], [40_000_000, 60_000_000]) as table:
    for second in range(11):
        object.__setattr__(environment, "monotonic", lambda: 100.0 + second)
        table.at(0).update((1 + second) * 1e6, 40e6, "bytes")
    leave()
"""
    last = show(script).text.splitlines()[-1]
    assert last.endswith("11.0 of 100.0 MB  1.0 MB/s  1:29 left")
