"""Progress: a bar on a terminal, a line now and then elsewhere, nothing with -q."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from stt_cli.core.environment import Directories, Environment
from stt_cli.ui.quantities import amount, clock, size
from stt_cli.ui.reporter import Reporter
from tests.ui.terminal import show


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.conformance("CO-12")
def test_without_a_terminal_a_line_every_thirty_seconds(tmp_path: Path) -> None:
    clock_, stderr = Clock(), io.StringIO()
    world = Environment(
        variables={},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=stderr,
        monotonic=clock_,
    )
    with Reporter(world).progress(expected=3) as progress:
        task = progress.task("a.wav")
        for second in range(0, 95, 5):
            clock_.now = 100.0 + second
            task.update(second, 200)
        task.finish()
    assert stderr.getvalue().splitlines() == [
        "progress: 0 of 3 done; a.wav: 15%, 0:30 of 3:20; 0:30 so far",
        "progress: 0 of 3 done; a.wav: 30%, 1:00 of 3:20; 1:00 so far",
        "progress: 0 of 3 done; a.wav: 45%, 1:30 of 3:20; 1:30 so far",
    ]


@pytest.mark.conformance("CO-12")
def test_a_run_that_waits_for_one_answer_shows_signs_of_life_too(
    tmp_path: Path,
) -> None:
    stderr = io.StringIO()
    clock_ = Clock()
    world = Environment(
        variables={},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=stderr,
        monotonic=clock_,
    )
    with Reporter(world).progress() as progress:
        task = progress.task("job-1")
        task.say("running")
        clock_.now += 31
        progress.heartbeat()  # as its own thread does
        assert stderr.getvalue() == "progress: job-1: running; 0:31 so far\n"


@pytest.mark.conformance("CO-12")
def test_on_a_terminal_a_bar_that_leaves_no_trace() -> None:
    script = """
with reporter.progress() as progress:
    task = progress.task("meeting.wav")
    task.update(15, 60)
    {end}
print("done")
"""
    during = show(script.format(end="leave()"))
    assert during.text.startswith("meeting.wav ━━━━━━")
    assert during.text.endswith(" 25% 0:15 of 1:00")
    after = show(script.format(end="reporter.screen.refresh()"))
    assert after.text == "done"
    assert "\x1b[?25l" not in after.raw  # who is killed cannot give a cursor back


def test_lines_said_meanwhile_stay_above_the_bar() -> None:
    seen = show(
        """
with reporter.progress(expected=2) as progress:
    progress.task("a.wav").update(1, 2)
    reporter.screen.refresh()
    reporter.warning("one")
    reporter.result("two\\n")
    leave()
"""
    )
    assert seen.rows[:2] == ["warning: one", "two"]
    assert seen.rows[2].startswith("a.wav ━")
    assert seen.rows[3].startswith("0 of 2 done")


def test_many_tasks_stay_within_a_few_rows_and_the_screens_width() -> None:
    seen = show(
        """
with reporter.progress(expected=50) as progress:
    for n in range(9):
        progress.task(f"recordings/of/last/week/number-{n}.wav").update(n, 10)
    leave()
""",
        columns=60,
    )
    assert len(seen.text.splitlines()) == 5
    assert "number-0.wav ━" in seen.rows[0]
    assert seen.rows[4].startswith("0 of 50 done, 9 under way")


@pytest.mark.conformance("CO-06")
def test_a_hostile_name_is_shown_as_it_is() -> None:
    seen = show(
        r"""
with reporter.progress() as progress:
    progress.task("[red]\x1b[2Ja\nb[/red]").say("\x1b]0;x\x07[b]go[/b]")
    leave()
"""
    )
    assert r"[red]\x1b[2Ja b[/red]" in seen.rows[0]
    assert r"\x1b]0;x\x07[b]go[/b]" in seen.rows[0]


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"PYTHONIOENCODING": "ascii"}])
def test_where_nothing_can_be_drawn_over_nothing_is_drawn(
    variables: dict[str, str],
) -> None:
    seen = show(
        """
with reporter.progress() as progress:
    progress.task("a.wav").update(1, 2)
    reporter.screen.refresh()
""",
        env=variables,
    )
    assert seen.raw == ""


def test_quantities_read_well() -> None:
    assert [clock(s) for s in (0, 7.9, 750, 3723)] == [
        "0:00",
        "0:07",
        "12:30",
        "1:02:03",
    ]
    assert [size(n) for n in (812, 999.96, 4_200_000, 1.1e9, 5e12)] == [
        "812 B",
        "1.0 kB",
        "4.2 MB",
        "1.1 GB",
        "5000.0 GB",
    ]
    assert amount(3, "files") == "3"
