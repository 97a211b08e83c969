"""Progress: a bar on a terminal, a line now and then elsewhere, nothing with -q."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.cells import cell_len

from stt_cli.core.environment import Directories, Environment
from stt_cli.ui.progress import Progress, Task, shortened
from stt_cli.ui.quantities import amount, clock, portion, size
from stt_cli.ui.reporter import Reporter
from stt_cli.ui.screen import Screen
from tests.ui.terminal import show


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.conformance("CO-12")
def test_without_a_terminal_a_line_every_thirty_seconds(tmp_path: Path) -> None:
    clock_, stderr = Clock(), io.StringIO()
    environment = Environment(
        variables={},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=stderr,
        monotonic=clock_,
    )
    with Reporter(environment).progress(expected=3) as progress:
        task = progress.task("a.wav")
        for second in range(0, 95, 5):
            clock_.now = 100.0 + second
            task.update(second, 200)
        task.finish()
    assert stderr.getvalue().splitlines() == [
        "progress: 0 of 3 done; a.wav: 15%, "
        "0:30 of 3:20, 1.0x, 2:50 left; 0:30 elapsed",
        "progress: 0 of 3 done; a.wav: 30%, "
        "1:00 of 3:20, 1.0x, 2:20 left; 1:00 elapsed",
        "progress: 0 of 3 done; a.wav: 45%, "
        "1:30 of 3:20, 1.0x, 1:50 left; 1:30 elapsed",
    ]


@pytest.mark.conformance("CO-12")
def test_a_run_that_waits_for_one_answer_shows_signs_of_life_too(
    tmp_path: Path,
) -> None:
    stderr = io.StringIO()
    clock_ = Clock()
    environment = Environment(
        variables={},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=stderr,
        monotonic=clock_,
    )
    with Reporter(environment).progress() as progress:
        task = progress.task("job-1")
        task.say("running")
        clock_.now += 31
        progress.heartbeat()  # as its own thread does
        assert stderr.getvalue() == "progress: job-1: running; 0:31 elapsed\n"


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
    assert seen.rows[4].startswith("0 of 50 done, 9 in progress")


def test_thousands_of_tasks_are_counted_by_what_they_do() -> None:
    seen = show(
        """
with reporter.progress(expected=3000) as progress:
    tasks = [progress.task(f"{n}.wav") for n in range(2000)]
    for number, task in enumerate(tasks):
        task.say("queued" if number % 4 else "running (processing)")
    for task in tasks[:100]:
        task.finish()
    progress.remark = "7 failed"
    leave()
""",
        columns=70,
    )
    assert len(seen.text.splitlines()) == 5
    assert seen.rows[4].startswith(
        "100 of 3000 done, 7 failed, 1425 queued, 475 running"
    )


def test_a_thousand_lines_do_not_draw_the_rows_a_thousand_times() -> None:
    seen = show(
        """
with reporter.progress(expected=2) as progress:
    progress.task("a.wav").say("running")
    for number in range(1000):
        reporter.warning(f"line {number}")
    reporter.screen.refresh()
    leave()
"""
    )
    assert "line 999" in seen.text
    assert seen.text.splitlines()[-1].startswith("0 of 2 done")
    assert seen.raw.count("0 of 2 done") < 200


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
    assert portion(3e8, 2e9) == "0.3 of 2.0 GB"
    assert portion(812, 999) == "812 of 999 B"


class _Upload:
    """Recordings of 2 GB on their way, an injected clock, what was said."""

    def __init__(self, folder: Path, count: int, *, quiet: bool = False) -> None:
        self.clock, self.stderr = Clock(), io.StringIO()
        environment = Environment(
            variables={},
            directories=Directories(folder),
            stdin=None,
            stdout=io.StringIO(),
            stderr=self.stderr,
            monotonic=self.clock,
        )
        reporter = Reporter(environment, quiet=quiet)
        self.progress = reporter.progress(expected=count, size=count * 2e9)

    def run(self, seconds: float, speed: float, *tasks: Task) -> None:
        """Let every task go on for a while, ten times a second."""
        for _ in range(round(seconds * 10)):
            self.clock.now += 0.1
            for task in tasks:
                task.update(min(2e9, task.done + speed / 10), 2e9, "bytes")

    @property
    def lines(self) -> list[str]:
        return self.stderr.getvalue().splitlines()


def test_an_upload_in_a_log_tells_bytes_speed_and_time_left(tmp_path: Path) -> None:
    upload = _Upload(tmp_path, 1)
    with upload.progress as progress:
        task = progress.task("a.wav", size=2e9)
        upload.run(60.5, 10e6, task)
    assert upload.lines == [
        "progress: a.wav: 15%, 0.3 of 2.0 GB, 10.0 MB/s, 2:50 left; 0:30 elapsed",
        "progress: a.wav: 30%, 0.6 of 2.0 GB, 10.0 MB/s, 2:20 left; 1:00 elapsed",
    ]


def test_many_uploads_in_a_log_are_told_together(tmp_path: Path) -> None:
    upload = _Upload(tmp_path, 200)
    with upload.progress as progress:
        known = progress.task("known.wav", size=2e9)
        known.finish()  # nothing had to be sent
        tasks = [progress.task(f"{n}.wav", size=2e9) for n in range(16)]
        upload.run(30.5, 1e6, *tasks)
    assert upload.lines == [
        "progress: 1 of 200 done, 16 in progress; 2.5 of 400.0 GB, 16.0 MB/s, "
        "6:54:05 left; 0.wav: 2%, 0.0 of 2.0 GB, 1.0 MB/s, 32:50 left; 0:30 elapsed"
    ]


def test_an_upload_that_stands_still_says_so_and_promises_nothing(
    tmp_path: Path,
) -> None:
    upload = _Upload(tmp_path, 1)
    with upload.progress as progress:
        task = progress.task("a.wav", size=2e9)
        upload.run(15, 10e6, task)
        upload.run(16, 0, task)
    assert upload.lines == ["progress: a.wav: 8%, 0.1 of 2.0 GB, stalled; 0:30 elapsed"]


def test_what_was_sent_waits_for_its_answer(tmp_path: Path) -> None:
    upload = _Upload(tmp_path, 1)
    with upload.progress as progress:
        task = progress.task("a.wav", size=2e9)
        upload.run(31, 1e9, task)
    assert upload.lines == ["progress: a.wav: 100%, 2.0 of 2.0 GB, sent; 0:30 elapsed"]


def test_quiet_uploads_say_nothing(tmp_path: Path) -> None:
    upload = _Upload(tmp_path, 2, quiet=True)
    with upload.progress as progress:
        upload.run(90, 1e6, progress.task("a.wav"))
    assert upload.lines == []


_UPLOADS = """
now = 100.0
object.__setattr__(environment, "monotonic", lambda: now)
count = {count}
with reporter.progress(expected=count, size=count * 2e9) as progress:
    names = [f"recordings/of/last/week/number-{{n}}.wav" for n in range(min(count, 16))]
    tasks = [progress.task(name, size=2e9) for name in names]
    for step in range(400):
        now += 0.1
        for task in tasks:
            task.update(step * 1e6, 2e9, "bytes")
    leave()
"""


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize(
    ("count", "total"),
    [
        (1, None),
        (
            16,
            (
                "0 of 16 done, 16 in progress  6.4 of 32.0 GB  161.5 MB/s  2:39 left  "
                "0:39"
            ),
        ),
        (200, "0 of 200 done, 16 in progress  6.4 of 400.0 GB  161.5 MB/s  40:38 left"),
    ],
)
def test_uploads_on_a_terminal_have_a_few_rows_and_a_line_for_all(
    columns: int, count: int, total: str | None
) -> None:
    seen = show(_UPLOADS.format(count=count), columns=columns)
    rows = seen.text.splitlines()
    bars = [row for row in rows if ".wav " in row]
    assert len(bars) == min(count, 4)
    for row in bars:
        assert row.endswith(" 20%     0.4 of 2.0 GB  10.0 MB/s    2:41 left")
        assert "━" in row
    if total is not None:
        assert rows[-1].startswith(total)
    assert len(rows) == len(bars) + (total is not None)


def test_a_narrow_terminal_keeps_what_matters_most() -> None:
    row = show(_UPLOADS.format(count=1), columns=60).rows[0]
    assert row.endswith(" 20%    2:41 left")
    assert "number-0.wav ━" in row


def test_a_name_is_cut_in_the_middle_and_keeps_both_ends() -> None:
    assert (
        shortened("interviews/monday/take-12.wav", 20).plain == "interview…ake-12.wav"
    )
    assert shortened("a.wav", 20).plain == "a.wav"
    for columns in range(1, 30):
        assert cell_len(shortened("会議の録音/月曜日-12.wav", columns).plain) <= columns


def test_recognition_tells_its_speed_and_the_time_left(tmp_path: Path) -> None:
    clock_ = Clock()
    environment = Environment(
        variables={},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        monotonic=clock_,
    )
    with Progress(Screen(environment), quiet=True) as progress:
        task = progress.task("a.wav")
        for second in range(11):
            clock_.now = float(second)
            task.update(second * 12.0, 3600.0)
        assert list(task.rates(10.0).words()) == ["12x", "4:50 left"]
        task.update(3600.0, 3600.0)
        assert list(task.rates(10.0).words()) == []
